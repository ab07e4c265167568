package io.keepset.app.state;

import io.keepset.source.JsonText;
import io.keepset.spi.DriverException;
import io.keepset.spi.wal.BasePoint;
import io.keepset.wal.WalCatalogue;
import io.keepset.wal.WalCodec;
import io.keepset.wal.WalFile;
import io.keepset.wal.WalStatus;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What is known of logs, in the state database. */
final class WalTables implements WalCatalogue {
  private static final String OF_ONE =
      " wal_file where database_name = ? and system_id = ? and name = ?";

  private static final String UPDATE =
      "update wal_file set store = ?, document = ?, expired_at = ?, delete_after = ? where"
          + " database_name = ? and system_id = ? and name = ?";

  private final Sql sql;

  WalTables(Sql sql) {
    this.sql = sql;
  }

  @Override
  public SortedSet<String> databases() {
    return new TreeSet<>(
        sql.query(
            "select distinct database_name from wal_file union select database_name from wal_status",
            row -> row.getString(1)));
  }

  @Override
  public List<WalFile> files(String database) {
    return sql.query(
        "select * from wal_file where database_name = ? order by system_id, name",
        WalTables::file,
        database);
  }

  @Override
  public Optional<WalFile> find(String database, String systemId, String name) {
    return sql.first("select * from" + OF_ONE, WalTables::file, database, systemId, name);
  }

  private static WalFile file(ResultSet row) throws SQLException {
    try {
      return WalCodec.file(
          row.getString("document").getBytes(StandardCharsets.UTF_8),
          row.getString("store"),
          Sql.instant(row, "expired_at"),
          Sql.instant(row, "delete_after"),
          "state");
    } catch (DriverException e) {
      throw new StateException("the state holds what is no log: " + e.getMessage(), e);
    }
  }

  @Override
  public boolean add(WalFile file) {
    return sql.insert(
        "insert into wal_file (store, document, expired_at, delete_after, database_name,"
            + " system_id, name) values (?, ?, ?, ?, ?, ?, ?)",
        values(file));
  }

  private static Object[] values(WalFile file) {
    return new Object[] {
      file.store(),
      WalCodec.encode(file),
      file.expiredAt(),
      file.deleteAfter(),
      file.database(),
      file.systemId(),
      file.name()
    };
  }

  @Override
  public boolean replace(WalFile read, WalFile now) {
    return sql.transaction(steps -> isStill(read, steps) && steps.update(UPDATE, values(now)) == 1);
  }

  @Override
  public boolean remove(WalFile read) {
    return sql.transaction(
        steps -> isStill(read, steps) && steps.update("delete from" + OF_ONE, key(read)) == 1);
  }

  /** Whether nobody has changed it; until the end of the transaction nobody will. */
  private static boolean isStill(WalFile read, Sql.Steps steps) throws SQLException {
    return steps
        .query("select * from" + OF_ONE + " for update", WalTables::file, key(read))
        .contains(read);
  }

  private static Object[] key(WalFile file) {
    return new Object[] {file.database(), file.systemId(), file.name()};
  }

  @Override
  public SortedMap<String, Optional<BasePoint>> bases(String database) {
    SortedMap<String, Optional<BasePoint>> bases = new TreeMap<>();
    sql.query(
            "select backup_id, document from base_point where database_name = ?",
            row ->
                Map.entry(
                    row.getString("backup_id"), Sql.text(row, "document").map(WalCodec::base)),
            database)
        .forEach(entry -> bases.put(entry.getKey(), entry.getValue()));
    return bases;
  }

  @Override
  public void putBase(String database, String backupId, Optional<BasePoint> point) {
    sql.insert(
        "insert into base_point (database_name, backup_id, document) values (?, ?, ?)",
        database,
        backupId,
        point.map(WalCodec::encode));
  }

  @Override
  public Optional<WalStatus> status(String database) {
    return sql.first(
        "select document from wal_status where database_name = ?",
        row -> WalCodec.status(row.getString(1)),
        database);
  }

  @Override
  public void put(WalStatus status) {
    String document = JsonText.writeCompact(WalCodec.encode(status));
    String update = "update wal_status set document = ? where database_name = ?";
    if (sql.update(update, document, status.database()) == 0
        && !sql.insert(
            "insert into wal_status (document, database_name) values (?, ?)",
            document,
            status.database())) {
      sql.update(update, document, status.database());
    }
  }

  @Override
  public void removeStatus(String database) {
    sql.update("delete from wal_status where database_name = ?", database);
  }
}
