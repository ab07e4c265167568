package io.keepset.app.state;

import io.keepset.policy.Hold;
import io.keepset.policy.HoldCodec;
import io.keepset.policy.Protection;
import io.keepset.source.JsonText;
import io.keepset.source.MapNode;
import io.keepset.source.SourceFile;
import io.keepset.spi.HoldOperations.Kind;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** The holds in force, row by row; several rows may have one name. */
public final class HoldTable {
  private final Sql sql;

  HoldTable(Sql sql) {
    this.sql = sql;
  }

  /**
   * One hold.
   *
   * @param place in policy files; else empty
   * @param by who made it
   */
  public record Row(long id, Hold hold, Kind kind, String place, Instant since, String by) {}

  /** By name, then by age. */
  public List<Row> all() {
    return sql.query("select * from hold order by name, id", HoldTable::row);
  }

  public void add(Hold hold, Kind kind, String place, Instant at, String by) {
    sql.insert(
        "insert into hold (name, kind, document, place, taken_up, created_by)"
            + " values (?, ?, ?, ?, ?, ?)",
        hold.name(),
        kind,
        JsonText.writeCompact(HoldCodec.encode(hold)),
        place,
        at,
        by);
  }

  public void move(long id, Kind kind, String place) {
    sql.update("update hold set kind = ?, place = ? where id = ?", kind, place, id);
  }

  public void remove(long id) {
    sql.update("delete from hold where id = ?", id);
    sql.update("delete from held_database where hold_id = ?", id);
  }

  /** From now on the hold covers this database, whatever its labels. */
  public void cover(long id, String database) {
    sql.insert("insert into held_database (hold_id, database_name) values (?, ?)", id, database);
  }

  /** Whatever holds by hand cover now stays covered, however its labels change later. */
  void cover(Protection protection) {
    for (Row row : all()) {
      if (row.kind() == Kind.HAND && row.hold().covers(protection.name(), protection.labels())) {
        cover(row.id(), protection.name());
      }
    }
  }

  /** The databases that holds cover for good, by the hold's id. */
  public Map<Long, SortedSet<String>> covered() {
    Map<Long, SortedSet<String>> covered = new HashMap<>();
    sql.query(
            "select hold_id, database_name from held_database",
            row -> Map.entry(row.getLong("hold_id"), row.getString("database_name")))
        .forEach(
            pair ->
                covered
                    .computeIfAbsent(pair.getKey(), unused -> new TreeSet<>())
                    .add(pair.getValue()));
    return covered;
  }

  private static Row row(ResultSet row) throws SQLException {
    String document = row.getString("document");
    Hold hold =
        JsonText.read(new SourceFile("state", document.getBytes(StandardCharsets.UTF_8)))
            .valid()
            .flatMap(node -> node instanceof MapNode map ? HoldCodec.decode(map) : null)
            .orElseThrow(() -> new IllegalStateException("no hold: " + document));
    return new Row(
        row.getLong("id"),
        hold,
        Kind.valueOf(row.getString("kind")),
        row.getString("place"),
        Sql.instant(row, "taken_up").orElseThrow(),
        row.getString("created_by"));
  }
}
