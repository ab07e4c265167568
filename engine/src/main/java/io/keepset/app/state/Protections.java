package io.keepset.app.state;

import io.keepset.diagnostic.Validated;
import io.keepset.policy.Protection;
import io.keepset.policy.ProtectionCodec;
import io.keepset.source.JsonText;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.SourceFile;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The protections in the state, and all of them in memory: looking at them costs what anybody, here
 * or on another node, has changed since the last look. What nobody changed stays the same object.
 */
final class Protections {
  private static final String COUNTER = "protection";

  private final Sql sql;
  private long known;
  private SortedMap<String, Protection> all = Collections.unmodifiableSortedMap(new TreeMap<>());

  Protections(Sql sql) {
    this.sql = sql;
  }

  /** By database name; the same map as long as nothing changes. */
  synchronized SortedMap<String, Protection> all() {
    long count = sql.transaction(steps -> steps.count(COUNTER));
    if (count == known) {
      return all;
    }
    TreeMap<String, Protection> next = new TreeMap<>(all);
    // May see what was written after the count; that is read once more the next time.
    List<Protection> changed =
        sql.query("select document from protection where version > ?", Protections::decode, known);
    changed.forEach(protection -> next.put(protection.name(), protection));
    long there = sql.first("select count(*) from protection", row -> row.getLong(1)).orElse(0L);
    if (there != next.size()) {
      next.keySet()
          .retainAll(
              Set.copyOf(
                  sql.query("select database_name from protection", row -> row.getString(1))));
    }
    known = count;
    all = Collections.unmodifiableSortedMap(next);
    return all;
  }

  Optional<Protection> find(String database) {
    return sql.first(
        "select document from protection where database_name = ?", Protections::decode, database);
  }

  /** What was in force last for a database that is no longer declared. */
  static Optional<Protection> ended(Sql sql, String database) {
    return sql.first(
        "select document from ended_protection where database_name = ?",
        Protections::decode,
        database);
  }

  void put(Protection protection) {
    String name = protection.name();
    String document = JsonText.writeCompact(ProtectionCodec.encode(protection));
    sql.transaction(
        steps -> {
          long version = steps.raise(COUNTER);
          steps.update("delete from ended_protection where database_name = ?", name);
          int updated =
              steps.update(
                  "update protection set document = ?, version = ? where database_name = ?",
                  document,
                  version,
                  name);
          return updated > 0
              ? updated
              : steps.update(
                  "insert into protection (document, version, database_name) values (?, ?, ?)",
                  document,
                  version,
                  name);
        });
  }

  void remove(String database) {
    sql.transaction(
        steps -> {
          steps.raise(COUNTER);
          if (find(database).isPresent()) {
            steps.update("delete from ended_protection where database_name = ?", database);
            steps.update(
                "insert into ended_protection (database_name, document)"
                    + " select database_name, document from protection where database_name = ?",
                database);
          }
          return steps.update("delete from protection where database_name = ?", database);
        });
  }

  private static Protection decode(ResultSet row) throws SQLException {
    byte[] document = row.getString("document").getBytes(StandardCharsets.UTF_8);
    Validated<Node> tree = JsonText.read(new SourceFile("protection.json", document));
    if (tree.value() instanceof MapNode map) {
      return ProtectionCodec.decode(map);
    }
    throw new IllegalStateException("a protection in the state is no JSON object");
  }
}
