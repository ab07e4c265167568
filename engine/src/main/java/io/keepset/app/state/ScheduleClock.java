package io.keepset.app.state;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
   * @param died the node of the run that was last begun died on it, and it is not made good yet
   */
  public record Hand(
      String database,
      String schedule,
      String rule,
      Instant servedUntil,
      Optional<Instant> serving,
      boolean died) {}

  public List<Hand> all() {
    return sql.query(
        "select * from schedule_clock order by database_name, schedule", ScheduleClock::read);
  }

  /** When Quartz wakes up its triggers of one group, by name: all in one question. */
  public Map<String, Instant> wakeUps(String scheduler, String group) {
    Map<String, Instant> byName = new HashMap<>();
    sql.query(
            "select trigger_name, start_time from quartz_triggers"
                + " where sched_name = ? and trigger_group = ?",
            row -> Map.entry(row.getString(1), Instant.ofEpochMilli(row.getLong(2))),
            scheduler,
            group)
        .forEach(entry -> byName.put(entry.getKey(), entry.getValue()));
    return byName;
  }

  private record Beginning(String database, String schedule, Instant at) {}

  /** Since when each schedule is in force by its present rule; by database, then by schedule. */
  public Map<String, Map<String, Instant>> beginnings() {
    Map<String, Map<String, Instant>> byDatabase = new HashMap<>();
    for (Beginning one :
        sql.query(
            "select database_name, schedule, since from schedule_clock",
            row ->
                new Beginning(
                    row.getString(1), row.getString(2), Sql.instant(row, "since").orElseThrow()))) {
      byDatabase.computeIfAbsent(one.database, name -> new HashMap<>()).put(one.schedule, one.at);
    }
    return byDatabase;
  }

  /**
   * A trigger of Quartz.
   *
   * @param wakesAt by the system's clock
   * @param state {@code WAITING}, {@code ACQUIRED}, {@code ERROR}, {@code PAUSED}, …
   */
  public record Alarm(Instant wakesAt, String state) {}

  /** Quartz's triggers of one group, by name. */
  public Map<String, Alarm> alarms(String scheduler, String group) {
    Map<String, Alarm> byName = new HashMap<>();
    sql.query(
            "select trigger_name, start_time, trigger_state from quartz_triggers"
                + " where sched_name = ? and trigger_group = ?",
            row ->
                Map.entry(
                    row.getString(1),
                    new Alarm(Instant.ofEpochMilli(row.getLong(2)), row.getString(3).strip())),
            scheduler,
            group)
        .forEach(entry -> byName.put(entry.getKey(), entry.getValue()));
    return byName;
  }

  /** When a node of a cluster last said that it lives; empty if none ever did. */
  public Optional<Instant> lastCheckIn(String scheduler) {
    return sql
        .query(
            "select last_checkin_time from quartz_scheduler_state where sched_name = ?",
            row -> Instant.ofEpochMilli(row.getLong(1)),
            scheduler)
        .stream()
        .max(Comparator.naturalOrder());
  }

  public Optional<Hand> find(String database, String schedule) {
    return sql.first(
        "select * from schedule_clock where database_name = ? and schedule = ?",
        ScheduleClock::read,
        database,
        schedule);
  }

  private static Hand read(ResultSet row) throws SQLException {
    return new Hand(
        row.getString("database_name"),
        row.getString("schedule"),
        row.getString("rule"),
        Sql.instant(row, "served_until").orElseThrow(),
        Sql.instant(row, "serving"),
        row.getBoolean("died"));
  }

  /** These schedules are in force from now on, or by another rule; all of them or none. */
  public void begin(List<Hand> fresh) {
    if (fresh.isEmpty()) {
      return;
    }
    sql.batch(
        "delete from schedule_clock where database_name = ? and schedule = ?",
        fresh.stream().map(h -> new Object[] {h.database(), h.schedule()}).toList(),
        "insert into schedule_clock (database_name, schedule, rule, served_until, since, died)"
            + " values (?, ?, ?, ?, ?, false)",
        fresh.stream()
            .map(
                h ->
                    new Object[] {
                      h.database(), h.schedule(), h.rule(), h.servedUntil(), h.servedUntil()
                    })
            .toList());
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
    String free =
        recovering ? "(serving is null or serving <= ?)" : "(serving is null or serving < ?)";
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
        "update schedule_clock set served_until = ?, serving = null, died = false"
            + " where database_name = ? and schedule = ? and serving = ?",
        due,
        database,
        schedule,
        due);
  }

  /**
   * The run could not begin: the due time is free again.
   *
   * @param died whoever takes it next recovers the run of a node that died
   */
  public void release(String database, String schedule, Instant due, boolean died) {
    sql.update(
        "update schedule_clock set serving = null, died = ?"
            + " where database_name = ? and schedule = ? and serving = ?",
        died,
        database,
        schedule,
        due);
  }

  /** Nobody will make up for what was due until then. */
  public void skip(String database, String schedule, Instant due) {
    sql.update(
        "update schedule_clock set served_until = ?, died = false"
            + " where database_name = ? and schedule = ? and served_until < ? and serving is null",
        due,
        database,
        schedule,
        due);
  }
}
