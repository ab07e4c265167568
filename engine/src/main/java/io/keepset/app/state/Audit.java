package io.keepset.app.state;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Who changed what, and when. Entries are only ever added. */
public final class Audit {
  /** With the values of an entry in their order. */
  static final String INSERT =
      "insert into audit (at, actor, action, target, detail) values (?, ?, ?, ?, ?)";

  private final Sql sql;

  Audit(Sql sql) {
    this.sql = sql;
  }

  /**
   * One change.
   *
   * @param actor name of a token, {@code schedule}, or {@code command} with the user's name
   * @param action dotted: {@code backup.delete}, {@code apply}
   * @param detail for people; no secrets
   */
  public record Entry(
      Instant at, String actor, String action, String target, Optional<String> detail) {}

  public void add(Entry entry) {
    sql.insert(INSERT, entry.at(), entry.actor(), entry.action(), entry.target(), entry.detail());
  }

  /** The newest first. */
  public List<Entry> newest(int limit) {
    return sql.query(
        "select * from audit order by id desc limit ?",
        row ->
            new Entry(
                Sql.instant(row, "at").orElseThrow(),
                row.getString("actor"),
                row.getString("action"),
                row.getString("target"),
                Sql.text(row, "detail")),
        limit);
  }
}
