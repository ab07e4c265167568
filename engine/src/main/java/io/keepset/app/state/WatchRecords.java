package io.keepset.app.state;

import io.keepset.watch.Measured;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the watch must remember about things that leave no other trace. */
public final class WatchRecords {
  private final Sql sql;

  WatchRecords(Sql sql) {
    this.sql = sql;
  }

  /** Something that goes well now and then. */
  public enum Mark {
    /** The policies could be read. */
    READ,
    /** The newest revision was in force, or the plan had nothing to do. */
    IN_FORCE
  }

  /** What is measured. */
  public enum What {
    RESTORE,
    VERIFY
  }

  /**
   * How a check of a store ended.
   *
   * @param findings errors, one line each
   */
  public record StoreCheck(
      String store, Instant at, boolean good, int backups, List<String> findings) {
    public StoreCheck {
      findings = List.copyOf(findings);
    }
  }

  public void mark(Mark mark, Instant at) {
    if (sql.update("update mark set at = ? where name = ?", at, mark) == 0) {
      sql.insert("insert into mark (name, at) values (?, ?)", mark, at);
    }
  }

  public Optional<Instant> marked(Mark mark) {
    return sql.first(
        "select at from mark where name = ?", row -> Sql.instant(row, "at").orElseThrow(), mark);
  }

  public void measured(String database, What what, Duration took, Instant at) {
    if (sql.update(
            "update measured set millis = ?, at = ? where database_name = ? and what = ?",
            took.toMillis(),
            at,
            database,
            what)
        == 0) {
      sql.insert(
          "insert into measured (database_name, what, millis, at) values (?, ?, ?, ?)",
          database,
          what,
          took.toMillis(),
          at);
    }
  }

  /** By database. */
  public Map<String, Measured> measured(What what) {
    Map<String, Measured> byDatabase = new HashMap<>();
    sql.query(
            "select * from measured where what = ?",
            row ->
                Map.entry(
                    row.getString("database_name"),
                    new Measured(
                        Duration.ofMillis(row.getLong("millis")),
                        Sql.instant(row, "at").orElseThrow())),
            what)
        .forEach(entry -> byDatabase.put(entry.getKey(), entry.getValue()));
    return byDatabase;
  }

  public void checked(StoreCheck check) {
    String findings = String.join("\n", check.findings());
    if (sql.update(
            "update store_check set at = ?, good = ?, backups = ?, findings = ? where store = ?",
            check.at(),
            check.good(),
            check.backups(),
            findings,
            check.store())
        == 0) {
      sql.insert(
          "insert into store_check (at, good, backups, findings, store) values (?, ?, ?, ?, ?)",
          check.at(),
          check.good(),
          check.backups(),
          findings,
          check.store());
    }
  }

  /** Of each store the last, by its name. */
  public List<StoreCheck> storeChecks() {
    return sql.query(
        "select * from store_check order by store",
        row ->
            new StoreCheck(
                row.getString("store"),
                Sql.instant(row, "at").orElseThrow(),
                row.getBoolean("good"),
                row.getInt("backups"),
                row.getString("findings").lines().toList()));
  }

  /** Of which the last check was not good. */
  public Set<String> failingStores() {
    return storeChecks().stream()
        .filter(check -> !check.good())
        .map(StoreCheck::store)
        .collect(Collectors.toSet());
  }
}
