package io.keepset.app.state;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Statements on the state database, each a transaction of its own, durable when it returns. */
final class Sql {
  /** Of a row that is there already, in both dialects. */
  private static final String DUPLICATE = "23505";

  private final DataSource source;
  private final Dialect dialect;

  Sql(DataSource source, Dialect dialect) {
    this.source = source;
    this.dialect = dialect;
  }

  /** One row of an answer. */
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  <T> List<T> query(String sql, Row<T> row, Object... arguments) {
    try (Connection connection = source.getConnection()) {
      return query(connection, sql, row, arguments);
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private static <T> List<T> query(
      Connection connection, String sql, Row<T> row, Object... arguments) throws SQLException {
    try (PreparedStatement statement = prepare(connection, sql, arguments)) {
      statement.setFetchSize(1000);
      List<T> rows = new ArrayList<>();
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          rows.add(row.read(result));
        }
      }
      return rows;
    }
  }

  <T> Optional<T> first(String sql, Row<T> row, Object... arguments) {
    List<T> rows = query(sql, row, arguments);
    return rows.isEmpty() ? Optional.empty() : Optional.of(rows.get(0));
  }

  /**
   * Changes rows.
   *
   * @return how many
   */
  int update(String sql, Object... arguments) {
    try (Connection connection = source.getConnection();
        PreparedStatement statement = prepare(connection, sql, arguments)) {
      int changed = statement.executeUpdate();
      if (changed > 0) {
        flush(connection);
      }
      return changed;
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /**
   * Adds a row.
   *
   * @return false if its key is taken
   */
  boolean insert(String sql, Object... arguments) {
    try (Connection connection = source.getConnection();
        PreparedStatement statement = prepare(connection, sql, arguments)) {
      statement.executeUpdate();
      flush(connection);
      return true;
    } catch (SQLException e) {
      if (DUPLICATE.equals(e.getSQLState())) {
        return false;
      }
      throw failed(e);
    }
  }

  /** What is done in one transaction. */
  interface Work<T> {
    T run(Steps steps) throws SQLException;
  }

  /** All of it or nothing. */
  <T> T transaction(Work<T> work) {
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      Steps steps = new Steps(connection);
      T result;
      try {
        result = work.run(steps);
        connection.commit();
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
      if (steps.changed) {
        flush(connection);
      }
      return result;
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** Statements of one transaction. */
  static final class Steps {
    private final Connection connection;
    private boolean changed;

    private Steps(Connection connection) {
      this.connection = connection;
    }

    <T> List<T> query(String sql, Row<T> row, Object... arguments) throws SQLException {
      return Sql.query(connection, sql, row, arguments);
    }

    int update(String sql, Object... arguments) throws SQLException {
      try (PreparedStatement statement = prepare(connection, sql, arguments)) {
        int rows = statement.executeUpdate();
        changed |= rows > 0;
        return rows;
      }
    }

    /** What one of the counters of changes says. */
    long count(String counter) throws SQLException {
      return query(
              "select count from change_counter where name = ?", row -> row.getLong(1), counter)
          .get(0);
    }

    /** The next number of a counter; others who want it wait for the end of this transaction. */
    long raise(String counter) throws SQLException {
      update("update change_counter set count = count + 1 where name = ?", counter);
      return count(counter);
    }
  }

  /** So many parameters of a statement. */
  static String marks(int n) {
    return String.join(", ", Collections.nCopies(n, "?"));
  }

  /** Two statements, each with many rows of arguments, as one transaction. */
  void batch(String first, List<Object[]> ofFirst, String second, List<Object[]> ofSecond) {
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      try {
        execute(connection, first, ofFirst);
        execute(connection, second, ofSecond);
        connection.commit();
      } catch (SQLException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
      flush(connection);
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private static void execute(Connection connection, String sql, List<Object[]> rows)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (Object[] row : rows) {
        bind(statement, row);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  /** H2 leaves committed pages to the operating system; PostgreSQL has synced them by itself. */
  private void flush(Connection connection) throws SQLException {
    if (dialect == Dialect.H2) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("checkpoint sync");
      }
    }
  }

  private static PreparedStatement prepare(Connection connection, String sql, Object... arguments)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    bind(statement, arguments);
    return statement;
  }

  private static void bind(PreparedStatement statement, Object... arguments) throws SQLException {
    for (int i = 0; i < arguments.length; i++) {
      statement.setObject(i + 1, value(arguments[i]));
    }
  }

  private static @Nullable Object value(Object argument) {
    if (argument instanceof Optional<?> optional) {
      return optional.isPresent() ? value(optional.get()) : null;
    }
    if (argument instanceof OptionalLong optional) {
      return optional.isPresent() ? optional.getAsLong() : null;
    }
    if (argument instanceof Instant instant) {
      return instant.atOffset(ZoneOffset.UTC);
    }
    return argument instanceof Enum<?> constant ? constant.name() : argument;
  }

  static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }

  static OptionalLong number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
  }

  static Optional<String> text(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getString(column));
  }

  static StateException failed(SQLException e) {
    return new StateException("the state database failed: " + e.getMessage(), e);
  }
}
