package io.keepset.app.http;

/**
 * How much a body may hold, by path, how slow it may come, and what it costs. Who takes it may want
 * less.
 *
 * @param most in bytes
 * @param mayPause true where a body is made while it is sent, such as a dump
 * @param cost bytes of memory that each byte of it may take until it is answered, measured with the
 *     worst that could be thought of; 0 for what is not held in memory
 */
record BodyLimit(long most, boolean mayPause, int cost) {
  private static final long KIBI = 1L << 10;
  private static final long MEBI = 1L << 20;

  /** Of a tree: {@code [{"":0},{"":0},…]} takes fifty times its text. */
  private static final int TREE = 50;

  /** Bytes as they came, sealed, and what the database takes on its way. */
  private static final int SEALED = 4;

  /** Of unknown length, as much is read before anything is reserved for it. */
  private static final long FREE = 64 * KIBI;

  /** What most requests send is a few hundred bytes. */
  private static final BodyLimit SMALL = new BodyLimit(64 * KIBI, false, TREE);

  private static final BodyLimit POLICIES = new BodyLimit(Bodies.LARGEST, false, TREE);
  private static final BodyLimit STATE = new BodyLimit(512 * MEBI, false, SEALED);

  /** PostgreSQL allows segments of up to a gibibyte. */
  private static final BodyLimit SEGMENT = new BodyLimit(1024 * MEBI, true, 0);

  private static final BodyLimit ARTIFACT = new BodyLimit(Long.MAX_VALUE, true, 0);

  /** What a body takes whose length is known; of others the beginning is free. */
  long memory(long length) {
    return Math.max(0, length) * cost;
  }

  /** True if something must be reserved for a body of unknown length now. */
  boolean isLarge(long received) {
    return cost > 0 && received > FREE;
  }

  /** The most that a body of unknown length takes. */
  long memory() {
    return cost == 0 ? 0 : Math.multiplyExact(most, cost);
  }

  static BodyLimit of(String path) {
    if (path.startsWith("/terraform/state/")) {
      return STATE;
    }
    if (path.startsWith("/terraform/v1/plan")
        || path.startsWith("/terraform/v1/coverage")
        || path.equals("/api/v1/apply")
        || path.equals("/api/v1/discovery")) {
      return POLICIES;
    }
    if (path.startsWith("/terraform/v1/objects/")) {
      return new BodyLimit(2 * MEBI, false, TREE);
    }
    if (!path.startsWith("/api/v1/databases/")) {
      return SMALL;
    }
    // /api/v1/databases/NAME/…: a database may be called anything.
    String[] segments = path.split("/", 7);
    String what = segments.length > 5 ? segments[5] : "";
    return switch (what) {
      case "uploads" -> ARTIFACT;
      case "wal" -> path.endsWith(".history") ? SMALL : SEGMENT;
      default -> SMALL;
    };
  }
}
