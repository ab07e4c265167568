package io.keepset.app.state;

import io.keepset.plan.Spent;
import java.util.SortedMap;
import java.util.TreeMap;

/** Approvals that were used. Entries are only ever added. */
public final class SpentApprovals {
  private final Sql sql;

  SpentApprovals(Sql sql) {
    this.sql = sql;
  }

  /** By digest. */
  public SortedMap<String, Spent> all() {
    SortedMap<String, Spent> all = new TreeMap<>();
    sql.query(
            "select * from spent_approval",
            row ->
                new Spent(
                    row.getString("digest"),
                    row.getString("name"),
                    row.getString("plan_hash"),
                    row.getString("revision"),
                    Sql.instant(row, "at").orElseThrow()))
        .forEach(spent -> all.put(spent.digest(), spent));
    return all;
  }

  /** The first use counts; saying it twice is harmless. */
  public void add(Spent spent) {
    sql.insert(
        "insert into spent_approval (digest, name, plan_hash, revision, at) values (?, ?, ?, ?, ?)",
        spent.digest(),
        spent.name(),
        spent.planHash(),
        spent.revision(),
        spent.at());
  }
}
