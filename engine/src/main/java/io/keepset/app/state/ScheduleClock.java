package io.keepset.app.state;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Up to which due time each schedule has been served. The claim on a due time is one statement, so
 * on however many nodes it is given once; and once more to whoever recovers a run that died.
 */
public final class ScheduleClock {
  private final Sql sql;

  ScheduleClock(Sql sql) {
    this.sql = sql;
  }

  /**
   * Where a schedule stands.
   *
   * @param rule the schedule in words; another rule begins anew
   * @param servedUntil nothing that was due until then is missing
   * @param serving the due time that a run works on now, or died on
   */
  public record Hand(
      String database,
      String schedule,
      String rule,
      Instant servedUntil,
      Optional<Instant> serving) {}

  public List<Hand> all() {
    return sql.query(
        "select * from schedule_clock order by database_name, schedule",
        row ->
            new Hand(
                row.getString("database_name"),
                row.getString("schedule"),
                row.getString("rule"),
                Sql.instant(row, "served_until").orElseThrow(),
                Sql.instant(row, "serving")));
  }

  public Optional<Hand> find(String database, String schedule) {
    return sql.first(
        "select * from schedule_clock where database_name = ? and schedule = ?",
        row ->
            new Hand(
                database,
                schedule,
                row.getString("rule"),
                Sql.instant(row, "served_until").orElseThrow(),
                Sql.instant(row, "serving")),
        database,
        schedule);
  }

  /** The schedule is in force from now on, or from now on by another rule. */
  public void begin(String database, String schedule, String rule, Instant now) {
    while (sql.update(
                "update schedule_clock set rule = ?, served_until = ?, serving = null"
                    + " where database_name = ? and schedule = ?",
                rule,
                now,
                database,
                schedule)
            == 0
        && !sql.insert(
            "insert into schedule_clock (database_name, schedule, rule, served_until)"
                + " values (?, ?, ?, ?)",
            database,
            schedule,
            rule,
            now)) {}
  }

  public void end(String database, String schedule) {
    sql.update(
        "delete from schedule_clock where database_name = ? and schedule = ?", database, schedule);
  }

  /**
   * Takes a due time for a run.
   *
   * @param recovering the run that had it died
   * @return false if it was served, or somebody else serves it
   */
  public boolean claim(String database, String schedule, Instant due, boolean recovering) {
    String free = recovering ? "serving = ?" : "(serving is null or serving < ?)";
    return sql.update(
            "update schedule_clock set serving = ? where database_name = ? and schedule = ?"
                + " and served_until < ? and "
                + free,
            due,
            database,
            schedule,
            due,
            due)
        == 1;
  }

  /** The run has ended, well or not. */
  public void served(String database, String schedule, Instant due) {
    sql.update(
        "update schedule_clock set served_until = ?, serving = null"
            + " where database_name = ? and schedule = ? and serving = ?",
        due,
        database,
        schedule,
        due);
  }

  /** The run could not begin: the due time is free again. */
  public void release(String database, String schedule, Instant due) {
    sql.update(
        "update schedule_clock set serving = null"
            + " where database_name = ? and schedule = ? and serving = ?",
        database,
        schedule,
        due);
  }
}
