package io.keepset.drivers.engine.postgresql;

import io.keepset.drivers.engine.postgresql.physical.BaseBackup;
import io.keepset.drivers.engine.postgresql.physical.WalScanner;
import io.keepset.drivers.tool.ToolCommand;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Source;
import io.keepset.spi.wal.BasePoint;
import io.keepset.spi.wal.Lsn;
import io.keepset.spi.wal.WalPosition;
import io.keepset.spi.wal.WalReceiver;
import io.keepset.spi.wal.WalScan;
import io.keepset.spi.wal.WalTarget;
import io.keepset.spi.wal.WriteAheadLog;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** PostgreSQL's write-ahead log, by {@code pg_receivewal} and {@code psql}. */
final class PostgresLog implements WriteAheadLog {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);

  @Override
  public Optional<BasePoint> base(ArtifactFacts facts) {
    return BaseBackup.point(facts);
  }

  @Override
  public WalReceiver receive(Source source, Path directory, String slot) throws DriverException {
    Login login = Login.toDump(source);
    try {
      Tools tools;
      try (Psql session = Psql.open(Tools.newest(source.options()), login)) {
        tools = BaseBackupDump.requireNew(session).tools(source.options());
        if (slot(session, slot).isEmpty()) {
          // Reserved from now on: what is written meanwhile is kept for us.
          session.ask(
              "SELECT pg_catalog.pg_create_physical_replication_slot("
                  + Psql.literal(slot)
                  + ", true)");
        }
      }
      ToolCommand command =
          new ToolCommand(
              tools.program("pg_receivewal"),
              List.of(
                  "-w",
                  "--no-loop",
                  "--synchronous",
                  "--status-interval=5",
                  "-S",
                  slot,
                  "-D",
                  directory.toString()),
              login.environment(),
              login.scrubber(),
              ToolCommand.PATIENCE);
      return Receiving.start(command, login);
    } catch (DriverException | RuntimeException e) {
      login.close();
      throw e;
    }
  }

  @Override
  public WalPosition position(Source source, String slot) throws DriverException {
    try (Login login = Login.toDump(source);
        Psql session = Psql.open(Tools.newest(source.options()), login)) {
      BaseBackupDump.requireNew(session);
      List<String> known =
          List.of(
              session
                  .askOne(
                      // The checkpoint's timeline is the old one until the first checkpoint of a
                      // new.
                      "SELECT s.system_identifier,"
                          + " CASE WHEN pg_catalog.pg_is_in_recovery() THEN"
                          + " GREATEST(c.timeline_id, (SELECT received_tli FROM"
                          + " pg_catalog.pg_stat_wal_receiver)) ELSE"
                          + " ('x' || pg_catalog.left(pg_catalog.pg_walfile_name("
                          + "pg_catalog.pg_current_wal_lsn()), 8))::bit(32)::int END,"
                          + " pg_catalog.current_setting('wal_segment_size'),"
                          + " EXTRACT(epoch FROM pg_catalog.clock_timestamp())::numeric(20,6),"
                          + " CASE WHEN pg_catalog.pg_is_in_recovery() THEN"
                          + " pg_catalog.pg_last_wal_receive_lsn() ELSE"
                          + " pg_catalog.pg_current_wal_insert_lsn() END,"
                          + " CASE WHEN pg_catalog.pg_snapshot_xmin(q) ="
                          + " pg_catalog.pg_snapshot_xmax(q) THEN"
                          + " pg_catalog.pg_snapshot_xmax(q)::text ELSE '' END"
                          + " FROM pg_catalog.pg_current_snapshot() q,"
                          + " pg_catalog.pg_control_system() s,"
                          + " pg_catalog.pg_control_checkpoint() c")
                  .split("\t", -1));
      int segmentSize = bytes(known.get(2));
      List<String> kept = slot(session, slot);
      List<String> failed =
          session.ask(
              "SELECT last_failed_wal || ' at ' || last_failed_time FROM"
                  + " pg_catalog.pg_stat_archiver WHERE last_failed_time > COALESCE("
                  + "last_archived_time, '-infinity')");
      boolean limited = !session.askOne("SHOW max_slot_wal_keep_size").equals("-1");
      return new WalPosition(
          instant(known.get(3)),
          known.get(0),
          Integer.parseInt(known.get(1)),
          segmentSize,
          // The header of a page that nothing is written on yet never comes into the archive.
          Lsn.parse(known.get(4)).map(lsn -> Lsn.endOfRecords(lsn, segmentSize)).orElse(0L),
          known.get(5).isEmpty()
              ? OptionalLong.empty()
              : OptionalLong.of(Long.parseLong(known.get(5))),
          kept.isEmpty() ? Optional.empty() : Optional.of(kept.get(0)),
          kept.isEmpty() || kept.get(1).isEmpty()
              ? OptionalLong.empty()
              : OptionalLong.of(Lsn.parse(kept.get(1)).orElse(0L)),
          kept.isEmpty() || kept.get(2).isEmpty()
              ? OptionalLong.empty()
              : OptionalLong.of(Long.parseLong(kept.get(2))),
          limited,
          switchesWithin(session),
          failed.stream().findFirst());
    }
  }

  /** A standby's segments are finished by its primary, whose setting may be another. */
  private static Optional<Duration> switchesWithin(Psql session) throws DriverException {
    String seconds =
        session.askOne(
            "SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN '0' ELSE setting END FROM"
                + " pg_catalog.pg_settings WHERE name = 'archive_timeout'");
    return seconds.equals("0")
        ? Optional.empty()
        : Optional.of(Duration.ofSeconds(Long.parseLong(seconds)));
  }

  private static Instant instant(String epoch) {
    String[] parts = epoch.split("\\.", 2);
    return Instant.ofEpochSecond(Long.parseLong(parts[0]))
        .plus(Long.parseLong(parts[1]), ChronoUnit.MICROS);
  }

  private static int bytes(String size) throws DriverException {
    String digits = size.replaceAll("\\D", "");
    int unit = size.endsWith("GB") ? 1 << 30 : size.endsWith("MB") ? 1 << 20 : 1;
    if (digits.isEmpty()) {
      throw new DriverException(
          Kind.TRANSIENT, "the server says that a segment of its log has " + size);
    }
    return Integer.parseInt(digits) * unit;
  }

  private static List<String> slot(Psql session, String slot) throws DriverException {
    List<String> rows =
        session.ask(
            "SELECT COALESCE(wal_status, 'lost'), COALESCE(restart_lsn::text, ''),"
                + " COALESCE(safe_wal_size::text, '') FROM pg_catalog.pg_replication_slots WHERE"
                + " slot_name = "
                + Psql.literal(slot));
    return rows.isEmpty() ? List.of() : List.of(rows.get(0).split("\t", -1));
  }

  @Override
  public String history(Source source, int timeline) throws DriverException {
    try (Login login = Login.toDump(source);
        Psql session = Psql.openReplication(Tools.newest(source.options()), login)) {
      String answer = String.join("\n", session.ask("TIMELINE_HISTORY " + timeline));
      return answer.substring(answer.indexOf('\t') + 1);
    }
  }

  @Override
  public void release(Source source, String slot) throws DriverException {
    try (Login login = Login.toDump(source);
        Psql session = Psql.open(Tools.newest(source.options()), login)) {
      session.ask(
          "SELECT pg_catalog.pg_drop_replication_slot(slot_name) FROM"
              + " pg_catalog.pg_replication_slots WHERE slot_name = "
              + Psql.literal(slot));
    }
  }

  @Override
  public WalScan scan(InputStream segment, long from) throws DriverException {
    return WalScanner.scan(segment, from);
  }

  @Override
  public void prepare(Path restored, BasePoint base, int timeline, WalTarget target, String fetch)
      throws DriverException {
    String settings =
        "restore_command = "
            + quote(fetch)
            + "\n"
            + target.setting()
            + " = "
            + quote(value(target))
            + "\nrecovery_target_inclusive = on\nrecovery_target_action = 'promote'\n"
            // Never 'latest': a timeline that began elsewhere is none of this log's.
            + "recovery_target_timeline = "
            + quote(timeline == base.timeline() ? "current" : String.valueOf(timeline))
            + "\n";
    try {
      BaseBackupRestore.append(restored, settings);
      Files.writeString(restored.resolve("recovery.signal"), "");
    } catch (IOException e) {
      throw new DriverException(
          Kind.TRANSIENT,
          "can't write the settings of the recovery into " + restored + ": " + e,
          e);
    }
  }

  /** Abbreviations of zones, of which Z is one, are not known yet when these settings are read. */
  private static String value(WalTarget target) {
    return target instanceof WalTarget.Time time
        ? TIME.format(time.at().atOffset(ZoneOffset.UTC)) + "+00"
        : target.value();
  }

  private static String quote(String value) {
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'";
  }
}
