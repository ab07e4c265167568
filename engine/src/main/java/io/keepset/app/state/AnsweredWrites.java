package io.keepset.app.state;

import java.time.Instant;
import java.util.Optional;

/** Answers to writes by the keys that clients gave. Shared by all nodes. */
public final class AnsweredWrites {
  private final Sql sql;

  AnsweredWrites(Sql sql) {
    this.sql = sql;
  }

  /**
   * A write that was begun.
   *
   * @param digest of the request
   * @param answer empty as long as none is known
   */
  public record Begun(String digest, Optional<Answer> answer) {}

  /** What was answered. */
  public record Answer(int status, String headers, String body) {}

  /**
   * Begins a write.
   *
   * @return false if the key is taken
   */
  public boolean begin(String actor, String key, String digest, Instant at) {
    return sql.insert(
        "insert into answered_write (actor, request_key, digest, at) values (?, ?, ?, ?)",
        actor,
        key,
        digest,
        at);
  }

  public Optional<Begun> find(String actor, String key) {
    return sql.first(
        "select * from answered_write where actor = ? and request_key = ?",
        row -> {
          int status = row.getInt("status");
          Optional<Answer> answer =
              row.wasNull()
                  ? Optional.empty()
                  : Optional.of(
                      new Answer(status, row.getString("headers"), row.getString("body")));
          return new Begun(row.getString("digest"), answer);
        },
        actor,
        key);
  }

  /**
   * Remembers an answer; the first one stays.
   *
   * @return false if there was one
   */
  public boolean answer(String actor, String key, Answer answer) {
    return sql.update(
            "update answered_write set status = ?, headers = ?, body = ?"
                + " where actor = ? and request_key = ? and status is null",
            answer.status(),
            answer.headers(),
            answer.body(),
            actor,
            key)
        > 0;
  }

  /** Gives a key back, unless it has an answer. */
  public void forget(String actor, String key) {
    sql.update(
        "delete from answered_write where actor = ? and request_key = ? and status is null",
        actor,
        key);
  }

  /** Gives all keys back that were taken before a time. */
  public void forgetBefore(Instant time) {
    sql.update("delete from answered_write where at < ?", time);
  }
}
