package io.keepset.app.state;

import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import io.keepset.retention.CopyOf;
import io.keepset.runner.Catalogue;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/** The catalogue in the state database. */
final class JdbcCatalogue implements Catalogue {
  private static final String BACKUPS = "select * from backup where ";
  private static final String OLDEST_FIRST = " order by taken_at, id";

  /** More names than this are asked for by reading everything. */
  private static final int FEW = 200;

  private final Sql sql;
  private final Protections protections;
  private final BackedUp backedUp;
  private final Runnable afterProtection;
  private final Runnable afterBackup;

  /**
   * @param afterProtection told when a protection was written or taken away
   * @param afterBackup told when a backup was written down or changed
   */
  JdbcCatalogue(Sql sql, Runnable afterProtection, Runnable afterBackup) {
    this.sql = sql;
    this.protections = new Protections(sql);
    this.backedUp = new BackedUp(sql);
    this.afterProtection = afterProtection;
    this.afterBackup = afterBackup;
  }

  @Override
  public SortedMap<String, Protection> protections() {
    return protections.all();
  }

  @Override
  public Optional<Protection> protection(String database) {
    return protections.find(database);
  }

  @Override
  public void protect(Protection protection) {
    new HoldTable(sql).cover(protection);
    protections.put(protection);
    afterProtection.run();
  }

  @Override
  public void unprotect(String database) {
    protections.remove(database);
    afterProtection.run();
  }

  @Override
  public SortedSet<String> databases() {
    return backedUp.names(protections.all());
  }

  @Override
  public List<Backup> backups(String database) {
    return sql.query(
        BACKUPS + "database_name = ? and state <> 'DELETED'" + OLDEST_FIRST,
        JdbcCatalogue::backup,
        database);
  }

  @Override
  public SortedMap<String, List<Backup>> backups(Collection<String> databases) {
    SortedMap<String, List<Backup>> byName = new TreeMap<>();
    databases.forEach(name -> byName.put(name, new ArrayList<>()));
    List<Backup> all =
        byName.size() > FEW
            ? sql.query(BACKUPS + "state <> 'DELETED'" + OLDEST_FIRST, JdbcCatalogue::backup)
            : byName.isEmpty()
                ? List.of()
                : sql.query(
                    BACKUPS
                        + "state <> 'DELETED' and database_name in ("
                        + Sql.marks(byName.size())
                        + ")"
                        + OLDEST_FIRST,
                    JdbcCatalogue::backup,
                    byName.keySet().toArray());
    for (Backup backup : all) {
      List<Backup> list = byName.get(backup.database());
      if (list != null) {
        list.add(backup);
      }
    }
    byName.replaceAll((name, list) -> List.copyOf(list));
    return byName;
  }

  @Override
  public List<Backup> inState(Set<BackupState> states) {
    if (states.isEmpty()) {
      return List.of();
    }
    return sql.query(
        BACKUPS + "state in (" + Sql.marks(states.size()) + ")" + OLDEST_FIRST,
        JdbcCatalogue::backup,
        states.stream().map(BackupState::name).sorted().toArray());
  }

  @Override
  public List<Backup> deleting() {
    return sql.query(
        BACKUPS + "state = 'DELETED' and store is not null" + OLDEST_FIRST, JdbcCatalogue::backup);
  }

  @Override
  public Optional<Backup> find(String backupId) {
    return sql.first(BACKUPS + "id = ?", JdbcCatalogue::backup, backupId);
  }

  @Override
  public void insert(Backup b) {
    backedUp.add(b.database());
    boolean added =
        sql.insert(
            "insert into backup (database_name, engine, kind, state, taken_at, finished_at,"
                + " size_bytes, stored_bytes, verified_at, expired_at, delete_after, suspicious,"
                + " store, error, copy_of, copy_name, proven_at, id) values ("
                + Sql.marks(18)
                + ")",
            values(b).toArray());
    if (!added) {
      throw new IllegalStateException("the catalogue has a backup " + b.id() + " already");
    }
    afterBackup.run();
  }

  @Override
  public boolean update(Backup b, BackupState expected) {
    List<Object> arguments = new ArrayList<>(values(b));
    arguments.add(expected);
    boolean updated =
        sql.update(
                "update backup set database_name = ?, engine = ?, kind = ?, state = ?, taken_at = ?,"
                    + " finished_at = ?, size_bytes = ?, stored_bytes = ?, verified_at = ?,"
                    + " expired_at = ?, delete_after = ?, suspicious = ?, store = ?, error = ?,"
                    + " copy_of = ?, copy_name = ?, proven_at = ?"
                    + " where id = ? and state = ?",
                arguments.toArray())
            == 1;
    afterBackup.run();
    return updated;
  }

  private static List<Object> values(Backup b) {
    return List.of(
        b.database(),
        b.engine(),
        b.kind(),
        b.state(),
        b.time(),
        b.finished(),
        b.size(),
        b.storedSize(),
        b.verifiedAt(),
        b.expiredAt(),
        b.deleteAfter(),
        b.suspicious(),
        b.store(),
        b.error(),
        b.copyOf().map(CopyOf::backup),
        b.copyOf().map(CopyOf::name),
        b.provenAt(),
        b.id());
  }

  private static Backup backup(ResultSet row) throws SQLException {
    Optional<String> copyName = Sql.text(row, "copy_name");
    return new Backup(
        row.getString("id"),
        row.getString("database_name"),
        row.getString("engine"),
        BackupKind.valueOf(row.getString("kind")),
        BackupState.valueOf(row.getString("state")),
        Sql.instant(row, "taken_at").orElseThrow(),
        Sql.instant(row, "finished_at"),
        Sql.number(row, "size_bytes"),
        Sql.number(row, "stored_bytes"),
        Sql.instant(row, "verified_at"),
        Sql.instant(row, "expired_at"),
        Sql.instant(row, "delete_after"),
        row.getBoolean("suspicious"),
        Sql.text(row, "store"),
        Sql.text(row, "error"),
        Sql.text(row, "copy_of").map(of -> new CopyOf(of, copyName.orElseThrow())),
        Sql.instant(row, "proven_at"));
  }
}
