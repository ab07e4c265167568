package io.keepset.app.state;

import io.keepset.plan.Revision;
import java.time.Instant;
import java.util.Optional;

/** Which states of the policy files were applied. */
public final class AppliedRevisions {
  private final Sql sql;

  AppliedRevisions(Sql sql) {
    this.sql = sql;
  }

  /**
   * One apply that ended.
   *
   * @param failures how many databases could not be changed
   */
  public record Applied(Instant at, Revision revision, String planHash, int failures) {}

  public void add(Applied applied) {
    sql.insert(
        "insert into applied (at, revision, dirty, plan_hash, failures) values (?, ?, ?, ?, ?)",
        applied.at(),
        applied.revision().id(),
        applied.revision().dirty(),
        applied.planHash(),
        applied.failures());
  }

  public Optional<Applied> last() {
    return sql.first(
        "select * from applied order by id desc limit 1",
        row ->
            new Applied(
                Sql.instant(row, "at").orElseThrow(),
                new Revision(row.getString("revision"), row.getBoolean("dirty")),
                row.getString("plan_hash"),
                row.getInt("failures")));
  }
}
