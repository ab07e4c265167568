package io.keepset.app.http;

/**
 * How much a body may hold, by path, and how slow it may come. Who takes it may want less.
 *
 * @param most in bytes
 * @param mayPause true where a body is made while it is sent, such as a dump
 */
record BodyLimit(long most, boolean mayPause) {
  private static final long MEBI = 1L << 20;

  /** What most requests send is a few hundred bytes. */
  private static final BodyLimit SMALL = new BodyLimit(MEBI, false);

  private static final BodyLimit POLICIES = new BodyLimit(Bodies.LARGEST, false);
  private static final BodyLimit STATE = new BodyLimit(512 * MEBI, false);

  /** PostgreSQL allows segments of up to a gibibyte. */
  private static final BodyLimit SEGMENT = new BodyLimit(1024 * MEBI, true);

  private static final BodyLimit ARTIFACT = new BodyLimit(Long.MAX_VALUE, true);

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
      return new BodyLimit(2 * MEBI, false);
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
