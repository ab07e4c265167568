package io.keepset.app.state;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Messages on their way to receivers; one stays until its receiver has taken it. */
public final class Outbox {
  private final Sql sql;

  Outbox(Sql sql) {
    this.sql = sql;
  }

  /**
   * A message for one receiver.
   *
   * @param body as {@code io.keepset.app.notify} writes it
   * @param attempts that failed so far
   * @param nextAt when it is tried again
   * @param error why the last attempt failed
   */
  public record Letter(
      long id,
      String receiver,
      String body,
      Instant createdAt,
      int attempts,
      Instant nextAt,
      Optional<String> error) {}

  public void add(String receiver, String body, Instant now) {
    sql.insert(
        "insert into notice (receiver, body, created_at, attempts, next_at) values (?, ?, ?, 0, ?)",
        receiver,
        body,
        now,
        now);
  }

  /** All that wait, the oldest first. */
  public List<Letter> all() {
    return sql.query(
        "select * from notice order by id",
        row ->
            new Letter(
                row.getLong("id"),
                row.getString("receiver"),
                row.getString("body"),
                Sql.instant(row, "created_at").orElseThrow(),
                row.getInt("attempts"),
                Sql.instant(row, "next_at").orElseThrow(),
                Sql.text(row, "error")));
  }

  public void failed(Letter letter, Instant nextAt, String error) {
    sql.update(
        "update notice set attempts = attempts + 1, next_at = ?, error = ? where id = ?",
        nextAt,
        error,
        letter.id());
  }

  public void remove(Letter letter) {
    sql.update("delete from notice where id = ?", letter.id());
  }
}
