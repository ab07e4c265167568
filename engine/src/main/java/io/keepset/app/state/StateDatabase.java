package io.keepset.app.state;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import io.keepset.policy.Protection;
import io.keepset.runner.Catalogue;
import io.keepset.runner.Leases;
import io.keepset.runner.LocalLeases;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Secrets;
import io.keepset.wal.WalCatalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.flywaydb.core.api.FlywayException;

/**
 * The open state: one pool of connections and what is kept behind it. The H2 file is open in one
 * process at a time; PostgreSQL is shared by all nodes. Safe for several threads.
 */
public final class StateDatabase implements AutoCloseable {
  /** Commands hold the file for moments, so one that finds it taken waits this long. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final String H2_IN_USE = "90020";
  private static final int MOST_CONNECTIONS = 10;

  private final StateSettings settings;
  private final HikariDataSource pool;
  private final Sql sql;
  private final Leases leases;
  private final AtomicLong protectionChanges = new AtomicLong();
  private final AtomicLong backupChanges = new AtomicLong();
  private final Catalogue catalogue;
  private final TerraformStates terraformStates;

  private StateDatabase(StateSettings settings, HikariDataSource pool) {
    this.settings = settings;
    this.pool = pool;
    this.sql = new Sql(pool, settings.dialect());
    this.catalogue =
        new JdbcCatalogue(sql, protectionChanges::incrementAndGet, backupChanges::incrementAndGet);
    this.terraformStates = new TerraformStates(sql);
    this.leases =
        settings.dialect().shared() ? new JdbcLeases(sql, UUID.randomUUID()) : new LocalLeases();
  }

  /**
   * Opens the state and brings its tables up to date.
   *
   * @throws DriverException TRANSIENT if another process has the H2 file open or the server is not
   *     there, DENIED if it does not let us in, REJECTED if a newer Keepset wrote it
   */
  public static StateDatabase open(StateSettings settings, Secrets secrets) throws DriverException {
    if (settings.dialect() == Dialect.H2) {
      makeDirectory(settings);
    }
    HikariDataSource pool = connect(settings, settings.reveal(secrets));
    try {
      Optional<Integer> newer = Schema.bringUpToDate(pool);
      if (newer.isPresent()) {
        throw new DriverException(
            Kind.REJECTED,
            "the state in "
                + settings.describe()
                + " was written by a newer Keepset (schema "
                + newer.get()
                + ", this one knows "
                + Schema.VERSION
                + "); use that version");
      }
      return new StateDatabase(settings, pool);
    } catch (SQLException | FlywayException e) {
      pool.close();
      throw new DriverException(
          Kind.REJECTED,
          "the tables of "
              + settings.describe()
              + " could not be brought up to date: "
              + firstLine(e),
          e);
    } catch (DriverException e) {
      pool.close();
      throw e;
    }
  }

  private static HikariDataSource connect(StateSettings settings, Optional<String> password)
      throws DriverException {
    HikariConfig config = new HikariConfig();
    config.setPoolName("keepset-state");
    config.setJdbcUrl(settings.url());
    config.setUsername(settings.user().orElse(settings.dialect() == Dialect.H2 ? "sa" : null));
    config.setPassword(password.orElse(settings.dialect() == Dialect.H2 ? "" : null));
    config.setMaximumPoolSize(MOST_CONNECTIONS);
    config.setMinimumIdle(1);
    config.setInitializationFailTimeout(1);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return new HikariDataSource(config);
      } catch (HikariPool.PoolInitializationException e) {
        SQLException cause =
            e.getCause() instanceof SQLException known ? known : new SQLException(e);
        boolean inUse = hasState(cause, H2_IN_USE);
        if (!inUse || System.nanoTime() > deadline) {
          throw explain(settings, cause, inUse);
        }
        LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
      }
    }
  }

  private static boolean hasState(SQLException e, String state) {
    return state.equals(e.getSQLState())
        || (e.getCause() instanceof SQLException cause && hasState(cause, state));
  }

  private static DriverException explain(StateSettings settings, SQLException e, boolean inUse) {
    String where = settings.describe();
    if (inUse) {
      return new DriverException(
          Kind.TRANSIENT,
          "another keepset process has the state in "
              + where
              + " open, and only one can; wait until it has ended. If it is a server of an older"
              + " version or of another user, name it with --server",
          e);
    }
    String state = String.valueOf(e.getSQLState());
    if (settings.dialect() == Dialect.POSTGRESQL) {
      // Class 28: invalid authorization; 3D: no such database; 08: connection.
      return state.startsWith("28")
          ? new DriverException(
              Kind.DENIED,
              where
                  + " does not let user "
                  + settings.user().orElse("(none)")
                  + " in: "
                  + firstLine(e)
                  + "; see "
                  + StateSettings.USER
                  + " and "
                  + StateSettings.PASSWORD,
              e)
          : new DriverException(
              state.startsWith("08") ? Kind.TRANSIENT : Kind.REJECTED,
              "the state database " + where + " can't be opened: " + firstLine(e),
              e);
    }
    return new DriverException(
        Kind.DAMAGED,
        "the state file "
            + where
            + " can't be opened: "
            + firstLine(e)
            + "; if it is damaged, move it away and run keepset store rescan: the catalogue comes"
            + " back from the stores",
        e);
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
  }

  private static void makeDirectory(StateSettings settings) throws DriverException {
    Path directory = Path.of(settings.describe()).getParent();
    try {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new DriverException(
          Kind.DENIED,
          "the directory "
              + directory
              + " for the state can't be made ("
              + e.getMessage()
              + "): look at the rights there, or choose another data directory with --data or"
              + " KEEPSET_DATA",
          e);
    }
  }

  public Dialect dialect() {
    return settings.dialect();
  }

  /** For people: where the state is. */
  public String describe() {
    return settings.describe();
  }

  /** For Quartz, and for what has tables of its own. */
  public DataSource dataSource() {
    return pool;
  }

  public Catalogue catalogue() {
    return catalogue;
  }

  /** How often this process has changed a protection. */
  public long protectionChanges() {
    return protectionChanges.get();
  }

  /** How often this process has written down a backup, or a change of one. */
  public long backupChanges() {
    return backupChanges.get();
  }

  /** Leases that hold on all nodes that share this state. */
  public Leases leases() {
    return leases;
  }

  public Tokens tokens() {
    return new Tokens(sql);
  }

  public Audit audit() {
    return new Audit(sql);
  }

  public HoldTable holds() {
    return new HoldTable(sql);
  }

  /** What was in force last for a database that is no longer declared. */
  public Optional<Protection> ended(String database) {
    return Protections.ended(sql, database);
  }

  public AppliedRevisions applied() {
    return new AppliedRevisions(sql);
  }

  /** What was applied last; it remembers, so that whoever asks often keeps it. */
  public Baseline baseline() {
    return new Baseline(declarations(), applied(), dialect().shared());
  }

  public SpentApprovals spentApprovals() {
    return new SpentApprovals(sql);
  }

  public AnsweredWrites answeredWrites() {
    return new AnsweredWrites(sql);
  }

  public Declarations declarations() {
    return new Declarations(sql);
  }

  /** Always the same one: threads take turns in it. */
  public TerraformStates terraformStates() {
    return terraformStates;
  }

  public ScheduleClock scheduleClock() {
    return new ScheduleClock(sql);
  }

  /** Logs in the stores. */
  public WalCatalogue wal() {
    return new WalTables(sql);
  }

  public WatchRecords watchRecords() {
    return new WatchRecords(sql);
  }

  public ProblemLedger problemLedger() {
    return new ProblemLedger(sql);
  }

  public Outbox outbox() {
    return new Outbox(sql);
  }

  @Override
  public void close() {
    if (leases instanceof JdbcLeases shared) {
      shared.close();
    }
    pool.close();
  }
}
