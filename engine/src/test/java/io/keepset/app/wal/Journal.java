package io.keepset.app.wal;

import io.keepset.drivers.lab.PostgresLab;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A table whose every state is known: transactions of two sessions, some rolled back, the commits
 * with the time and the position that the server gave them.
 */
final class Journal implements AutoCloseable {
  static final String ROWS = "select n || '=' || v from journal order by n";
  private static final int KEYS = 40;

  private final PostgresLab postgres;
  private final Random random;
  private final Connection one;
  private final Connection other;
  private final List<Commit> commits = new ArrayList<>();
  private SortedMap<Integer, Integer> rows = new TreeMap<>();
  private int marks;

  /**
   * A commit and what the table holds from then on.
   *
   * @param position right behind it; what comes next in the log is no commit
   * @param mark restore point that was named right after it; empty if none was
   */
  record Commit(Instant at, String position, String mark, List<String> rows) {}

  Journal(PostgresLab postgres, Random random) throws SQLException {
    this.postgres = postgres;
    this.random = random;
    this.one = postgres.connect("orders");
    this.other = postgres.connect("orders");
    one.setAutoCommit(false);
    other.setAutoCommit(false);
    postgres.execute("orders", "create table journal (n int primary key, v int not null)");
  }

  /** Oldest first. */
  List<Commit> commits() {
    return commits;
  }

  void write(int transactions) throws SQLException {
    for (int i = 0; i < transactions; i++) {
      transaction();
      if (random.nextInt(6) == 0) {
        postgres.query("orders", "select pg_switch_wal()");
      }
      if (random.nextInt(15) == 0) {
        postgres.execute("orders", "checkpoint");
      }
    }
  }

  private void transaction() throws SQLException {
    if (random.nextInt(4) == 0) {
      // Its changes lie in the log before the commit, and never count.
      change(other, new TreeMap<>(rows), 1_000_000);
    }
    TreeMap<Integer, Integer> after = new TreeMap<>(rows);
    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
      change(one, after, 0);
    }
    if (random.nextInt(8) == 0) {
      one.rollback();
    } else {
      String id = ask(one, "select pg_current_xact_id()::xid");
      one.commit();
      String position = ask(one, "select pg_current_wal_insert_lsn()");
      String at =
          ask(
              one,
              "select to_char(pg_xact_commit_timestamp('"
                  + id
                  + "'::xid) at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')");
      one.rollback();
      rows = after;
      commits.add(new Commit(Instant.parse(at), position, mark(), lines(rows)));
    }
    other.rollback();
  }

  private String mark() {
    if (random.nextInt(5) != 0) {
      return "";
    }
    String name = "point-" + marks++;
    postgres.query("orders", "select pg_create_restore_point('" + name + "')");
    return name;
  }

  /** Changes one row there and in what is to be there. */
  private void change(Connection session, SortedMap<Integer, Integer> wanted, int from)
      throws SQLException {
    int n = from + random.nextInt(KEYS);
    int v = random.nextInt(1000);
    String sql;
    if (!wanted.containsKey(n)) {
      sql = "insert into journal values (" + n + ", " + v + ")";
      wanted.put(n, v);
    } else if (random.nextInt(3) == 0) {
      sql = "delete from journal where n = " + n;
      wanted.remove(n);
    } else {
      sql = "update journal set v = " + v + " where n = " + n;
      wanted.put(n, v);
    }
    try (Statement statement = session.createStatement()) {
      statement.execute(sql);
    }
  }

  private static List<String> lines(SortedMap<Integer, Integer> rows) {
    return rows.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
  }

  private static String ask(Connection session, String sql) throws SQLException {
    try (Statement statement = session.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  @Override
  public void close() throws SQLException {
    one.close();
    other.close();
  }
}
