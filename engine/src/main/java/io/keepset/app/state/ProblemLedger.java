package io.keepset.app.state;

import io.keepset.diagnostic.Severity;
import io.keepset.watch.Problem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Which problems there are, since when, and what was said about them; outlives the process. */
public final class ProblemLedger {
  private final Sql sql;

  ProblemLedger(Sql sql) {
    this.sql = sql;
  }

  /**
   * A problem as it was last seen.
   *
   * @param problem always says since when
   * @param notifiedAt when a message about it was last written
   * @param endedAt when it was first no longer there
   * @param endToldAt when a message said that it ended
   */
  public record Entry(
      Problem problem,
      Instant firstSeen,
      Optional<Instant> notifiedAt,
      Optional<Instant> endedAt,
      Optional<Instant> endToldAt) {
    public Problem.Key key() {
      return problem.key();
    }
  }

  /** The open ones and those that ended not long ago, by target and code. */
  public List<Entry> all() {
    return sql.query("select * from problem order by target, code", ProblemLedger::read);
  }

  /** All at once: when many problems begin together, each by itself would cost a sync. */
  public void write(Collection<Entry> entries, Collection<Problem.Key> forgotten) {
    List<Object[]> keys = new ArrayList<>();
    forgotten.forEach(key -> keys.add(new Object[] {key.code(), key.target()}));
    List<Object[]> rows = new ArrayList<>();
    for (Entry entry : entries) {
      Problem p = entry.problem();
      keys.add(new Object[] {p.code(), p.target()});
      rows.add(
          new Object[] {
            p.severity(),
            p.message(),
            Optional.ofNullable(p.hint()),
            p.since().orElse(entry.firstSeen()),
            entry.firstSeen(),
            entry.notifiedAt(),
            entry.endedAt(),
            entry.endToldAt(),
            p.code(),
            p.target()
          });
    }
    if (!keys.isEmpty()) {
      sql.batch(
          "delete from problem where code = ? and target = ?",
          keys,
          "insert into problem (severity, message, hint, since, first_seen, notified_at, ended_at,"
              + " end_told_at, code, target) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          rows);
    }
  }

  private static Entry read(ResultSet row) throws SQLException {
    return new Entry(
        new Problem(
            row.getString("code"),
            row.getString("target"),
            Severity.valueOf(row.getString("severity")),
            row.getString("message"),
            row.getString("hint"),
            Sql.instant(row, "since")),
        Sql.instant(row, "first_seen").orElseThrow(),
        Sql.instant(row, "notified_at"),
        Sql.instant(row, "ended_at"),
        Sql.instant(row, "end_told_at"));
  }
}
