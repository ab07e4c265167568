package io.keepset.source;

/**
 * How much a reader takes before it refuses, so that no input costs more than its size suggests.
 *
 * @param bytes the largest file
 * @param depth the deepest nesting of maps and lists, the outermost counted as 1
 */
record Limits(int bytes, int depth) {
  /** For files that people write. */
  static final Limits POLICY = new Limits(1 << 20, 50);

  /** For documents that Keepset itself wrote: plan files and manifests of large fleets. */
  static final Limits DOCUMENT = new Limits(64 << 20, 200);

  /** The size as people say it: {@code 1 MiB}. */
  String size() {
    return (bytes >> 20) + " MiB";
  }
}
