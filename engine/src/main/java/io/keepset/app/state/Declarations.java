package io.keepset.app.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What policies declared when they were last applied, as JSON by kind and name. */
public final class Declarations {
  private final Sql sql;

  Declarations(Sql sql) {
    this.sql = sql;
  }

  /** Documents of one kind, by name. */
  public SortedMap<String, String> all(String kind) {
    SortedMap<String, String> documents = new TreeMap<>();
    sql.query(
            "select name, document from declared where kind = ?",
            row -> new String[] {row.getString("name"), row.getString("document")},
            kind)
        .forEach(row -> documents.put(row[0], row[1]));
    return documents;
  }

  public Optional<String> find(String kind, String name) {
    return sql.first(
        "select document from declared where kind = ? and name = ?",
        row -> row.getString("document"),
        kind,
        name);
  }

  public void remove(String kind, String name) {
    sql.update("delete from declared where kind = ? and name = ?", kind, name);
  }

  /** The same for many at once, which costs hardly more than one. */
  public void putAll(String kind, SortedMap<String, String> documents) {
    List<Object[]> keys = new ArrayList<>();
    List<Object[]> rows = new ArrayList<>();
    documents.forEach(
        (name, document) -> {
          keys.add(new Object[] {kind, name});
          rows.add(new Object[] {kind, name, document});
        });
    if (rows.size() > 1) {
      try {
        sql.batch(
            "delete from declared where kind = ? and name = ?",
            keys,
            "insert into declared (kind, name, document) values (?, ?, ?)",
            rows);
        return;
      } catch (StateException e) {
        // Another node writes the same at this moment: row by row we get past each other.
      }
    }
    documents.forEach((name, document) -> put(kind, name, document));
  }

  public void put(String kind, String name, String document) {
    String update = "update declared set document = ? where kind = ? and name = ?";
    if (sql.update(update, document, kind, name) == 0
        && !sql.insert(
            "insert into declared (kind, name, document) values (?, ?, ?)", kind, name, document)) {
      sql.update(update, document, kind, name);
    }
  }
}
