package io.keepset.app.state;

import io.keepset.runner.artifact.SealedBytes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Terraform's states: rows of versions, sealed contents, locks. What may follow what is not decided
 * here.
 */
public final class TerraformStates {
  private static final String VERSIONS =
      "select * from terraform_state_version where state_name = ?";

  /** Threads of this process wait here, where waiting holds no connection and has no limit. */
  private static final int TURNS = 64;

  private final Sql sql;
  private final ReentrantLock[] turns = new ReentrantLock[TURNS];

  TerraformStates(Sql sql) {
    this.sql = sql;
    Arrays.setAll(turns, i -> new ReentrantLock(true));
  }

  /** What made a version. */
  public enum Action {
    WRITE,
    ROLLBACK,
    DELETE
  }

  /**
   * One state.
   *
   * @param version the newest, 0 if nothing was ever written
   * @param broken the last lock that was broken
   */
  public record Row(String name, long version, Optional<Lock> lock, Optional<Broken> broken) {}

  /**
   * A lock that is held.
   *
   * @param info as Terraform sent it
   * @param by the name of the token
   * @param version the newest when it was taken
   */
  public record Lock(String id, String info, String by, Instant at, long version) {}

  /**
   * A lock whose holder may not know that it is gone.
   *
   * @param version the newest when it was taken
   */
  public record Broken(String id, long version) {}

  /**
   * One version.
   *
   * @param from the version that was rolled back to
   * @param lockId under which it was written
   * @param size of the plain content in bytes, 0 for a deletion
   * @param serial of Terraform's
   * @param program version of Terraform or OpenTofu
   * @param keyId of the key that opens the content
   */
  public record Version(
      String state,
      long version,
      Instant at,
      String by,
      Action action,
      OptionalLong from,
      Optional<String> lockId,
      long size,
      OptionalLong serial,
      Optional<String> lineage,
      Optional<String> program,
      Optional<String> keyId) {}

  /** All that were ever written or are locked, by name. */
  public List<Row> all() {
    return sql.query(
        "select * from terraform_state where version > 0 or lock_id is not null order by name",
        TerraformStates::row);
  }

  public Optional<Row> find(String name) {
    return sql.first("select * from terraform_state where name = ?", TerraformStates::row, name);
  }

  /** The newest first. */
  public List<Version> versions(String name) {
    return sql.query(VERSIONS + " order by version desc", TerraformStates::version, name);
  }

  /** The newest of every state. */
  public List<Version> newest() {
    return sql.query(
        "select v.* from terraform_state_version v join terraform_state s"
            + " on v.state_name = s.name and v.version = s.version",
        TerraformStates::version);
  }

  public Optional<Version> version(String name, long version) {
    return sql.first(VERSIONS + " and version = ?", TerraformStates::version, name, version);
  }

  /** Empty if there is no such version, or it is a deletion. */
  public Optional<SealedBytes> content(Version version) {
    return sql.first(
        "select content from terraform_state_content where state_name = ? and version = ?",
        row -> new SealedBytes(row.getBytes("content"), version.keyId()),
        version.state(),
        version.version());
  }

  /** The ids of all keys that contents were sealed with. */
  public SortedSet<String> keyIds() {
    return new TreeSet<>(
        sql.query(
            "select distinct key_id from terraform_state_version where key_id is not null",
            row -> row.getString("key_id")));
  }

  /** What is done while nobody else can change the state. */
  public interface Change<T> {
    T on(Locked state);
  }

  /** All of it or nothing, one after the other, on all nodes; durable when it returns. */
  public <T> T change(String name, Change<T> change) {
    ReentrantLock turn = turns[Math.floorMod(name.hashCode(), TURNS)];
    turn.lock();
    try {
      return changeInTurn(name, change);
    } finally {
      turn.unlock();
    }
  }

  private <T> T changeInTurn(String name, Change<T> change) {
    if (find(name).isEmpty()) {
      sql.insert("insert into terraform_state (name, version) values (?, 0)", name);
    }
    return sql.transaction(
        steps -> {
          Row row =
              steps
                  .query(
                      "select * from terraform_state where name = ? for update",
                      TerraformStates::row,
                      name)
                  .get(0);
          return change.on(new Locked(steps, row));
        });
  }

  /** A state that waits for the end of a change. */
  public static final class Locked {
    private final Sql.Steps steps;
    private final Row row;

    private Locked(Sql.Steps steps, Row row) {
      this.steps = steps;
      this.row = row;
    }

    /** As it was when the change began. */
    public Row row() {
      return row;
    }

    /** The newest first. */
    public List<Version> versions() {
      return query(VERSIONS + " order by version desc", TerraformStates::version, row.name());
    }

    public Optional<Version> newest() {
      return first(VERSIONS + " and version = ?", TerraformStates::version, row.version());
    }

    public Optional<SealedBytes> content(Version version) {
      return first(
          "select content from terraform_state_content where state_name = ? and version = ?",
          found -> new SealedBytes(found.getBytes("content"), version.keyId()),
          version.version());
    }

    private <T> Optional<T> first(String text, Sql.Row<T> read, Object argument) {
      return query(text, read, row.name(), argument).stream().findFirst();
    }

    private <T> List<T> query(String text, Sql.Row<T> read, Object... arguments) {
      try {
        return steps.query(text, read, arguments);
      } catch (SQLException e) {
        throw Sql.failed(e);
      }
    }

    private void update(String text, Object... arguments) {
      try {
        steps.update(text, arguments);
      } catch (SQLException e) {
        throw Sql.failed(e);
      }
    }

    /**
     * Adds the newest version.
     *
     * @param content empty for a deletion
     */
    public void add(Version version, Optional<SealedBytes> content) {
      update(
          "insert into terraform_state_version (state_name, version, at, actor, action,"
              + " from_version, lock_id, size_bytes, serial, lineage, terraform_version, key_id)"
              + " values ("
              + Sql.marks(12)
              + ")",
          row.name(),
          version.version(),
          version.at(),
          version.by(),
          version.action(),
          version.from(),
          version.lockId(),
          version.size(),
          version.serial(),
          version.lineage(),
          version.program(),
          version.keyId());
      content.ifPresent(
          bytes ->
              update(
                  "insert into terraform_state_content (state_name, version, content)"
                      + " values (?, ?, ?)",
                  row.name(),
                  version.version(),
                  bytes.bytes()));
      update(
          "update terraform_state set version = ? where name = ?", version.version(), row.name());
    }

    /** Forgets a version for good. */
    public void remove(Version version) {
      for (String table : List.of("terraform_state_content", "terraform_state_version")) {
        update(
            "delete from " + table + " where state_name = ? and version = ?",
            row.name(),
            version.version());
      }
    }

    public void lock(Lock lock) {
      update(
          "update terraform_state set lock_id = ?, lock_info = ?, locked_by = ?, locked_at = ?,"
              + " locked_version = ? where name = ?",
          lock.id(),
          lock.info(),
          lock.by(),
          lock.at(),
          lock.version(),
          row.name());
    }

    public void unlock() {
      update(
          "update terraform_state set lock_id = null, lock_info = null, locked_by = null,"
              + " locked_at = null, locked_version = null where name = ?",
          row.name());
    }

    /** Remembers a lock that its holder did not give back. */
    public void broken(Lock lock) {
      update(
          "update terraform_state set broken_id = ?, broken_version = ? where name = ?",
          lock.id(),
          lock.version(),
          row.name());
    }

    /** Is in the audit if and only if the change is made. */
    public void note(Audit.Entry entry) {
      update(
          Audit.INSERT, entry.at(), entry.actor(), entry.action(), entry.target(), entry.detail());
    }
  }

  private static Row row(ResultSet row) throws SQLException {
    String name = row.getString("name");
    Optional<String> lock = Sql.text(row, "lock_id");
    Optional<String> broken = Sql.text(row, "broken_id");
    return new Row(
        name,
        row.getLong("version"),
        lock.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new Lock(
                    lock.get(),
                    row.getString("lock_info"),
                    row.getString("locked_by"),
                    Sql.instant(row, "locked_at").orElseThrow(),
                    row.getLong("locked_version"))),
        broken.isEmpty()
            ? Optional.empty()
            : Optional.of(new Broken(broken.get(), row.getLong("broken_version"))));
  }

  private static Version version(ResultSet row) throws SQLException {
    return new Version(
        row.getString("state_name"),
        row.getLong("version"),
        Sql.instant(row, "at").orElseThrow(),
        row.getString("actor"),
        Action.valueOf(row.getString("action")),
        Sql.number(row, "from_version"),
        Sql.text(row, "lock_id"),
        row.getLong("size_bytes"),
        Sql.number(row, "serial"),
        Sql.text(row, "lineage"),
        Sql.text(row, "terraform_version"),
        Sql.text(row, "key_id"));
  }
}
