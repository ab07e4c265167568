package io.keepset.drivers.engine.scylla;

import java.util.List;
import java.util.Set;

/** What makes a keyspace, as the server describes it. */
record Schema(List<Statement> statements) {
  /** Views are filled from their tables when they are made: after the tables have their data. */
  private static final Set<String> LATE = Set.of("materialized_view", "view");

  Schema {
    statements = List.copyOf(statements);
  }

  /**
   * One definition.
   *
   * @param type {@code keyspace}, {@code type}, {@code table}, {@code index}, …
   */
  record Statement(String type, String name, String cql) {
    boolean late() {
      return LATE.contains(type);
    }
  }

  /** The same for a keyspace of another name, with new ids. */
  List<String> forKeyspace(String from, String to, boolean late) {
    return statements.stream()
        .filter(statement -> statement.late() == late)
        .map(statement -> CqlText.withoutIds(CqlText.rename(statement.cql(), from, to)))
        .toList();
  }

  List<String> tables() {
    return statements.stream()
        .filter(statement -> statement.type().equals("table"))
        .map(Statement::name)
        .sorted()
        .toList();
  }
}
