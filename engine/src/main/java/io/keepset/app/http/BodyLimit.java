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
    boolean bytes = path.endsWith("/uploads") || path.contains("/wal/");
    return path.startsWith("/api/v1/databases/") && bytes ? ARTIFACT : SMALL;
  }
}
