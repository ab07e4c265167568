package io.keepset.app.state;

/** The two kinds of database that can hold the state. */
public enum Dialect {
  /** A file that one process at a time has open. */
  H2("org.quartz.impl.jdbcjobstore.StdJDBCDelegate"),
  /** Shared by any number of nodes. */
  POSTGRESQL("org.quartz.impl.jdbcjobstore.PostgreSQLDelegate");

  private final String quartzDelegate;

  Dialect(String quartzDelegate) {
    this.quartzDelegate = quartzDelegate;
  }

  public String quartzDelegate() {
    return quartzDelegate;
  }

  /** True if other nodes may work on the same state. */
  public boolean shared() {
    return this == POSTGRESQL;
  }
}
