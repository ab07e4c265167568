package io.keepset.app.state;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** The tables: made and brought up to date by Flyway, which is not even loaded when they are. */
final class Schema {
  /** Of the newest file in {@code migrations}; a test compares. */
  static final int VERSION = 16;

  private static final String HISTORY = "schema_history";

  private Schema() {}

  /**
   * Makes the tables what this version expects.
   *
   * @return the version found there if it is newer than ours; then nothing was touched
   */
  static Optional<Integer> bringUpToDate(DataSource source) throws SQLException {
    int found = version(source);
    if (found > VERSION) {
      return Optional.of(found);
    }
    if (found < VERSION) {
      Flyway.configure()
          .dataSource(source)
          .locations("classpath:io/keepset/app/state/migrations")
          .table(HISTORY)
          .load()
          .migrate();
    }
    return Optional.empty();
  }

  /** The version in the database, 0 if there is none. */
  static int version(DataSource source) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      try (ResultSet tables =
          connection
              .getMetaData()
              .getTables(null, null, HISTORY, new String[] {"TABLE", "BASE TABLE"})) {
        if (!tables.next()) {
          return 0;
        }
      }
      try (ResultSet row =
          statement.executeQuery(
              "select max(cast(\"version\" as integer)) from \""
                  + HISTORY
                  + "\" where \"success\"")) {
        return row.next() ? row.getInt(1) : 0;
      }
    }
  }
}
