package io.keepset.source;

/**
 * How much a reader takes before it refuses, so that no input costs more than its size suggests.
 *
 * @param bytes the largest file
 * @param depth the deepest nesting of maps and lists, the outermost counted as 1
 * @param values how many maps, lists and scalars a JSON text may have: a tree takes up to fifty
 *     times the bytes of its text, a value at most some 200 bytes of memory beside its own text
 */
record Limits(int bytes, int depth, int values) {
  /** For files that people write. */
  static final Limits POLICY = new Limits(1 << 20, 50, 200_000);

  /**
   * For documents that Keepset itself wrote: plan files and manifests of large fleets. The plan of
   * 10,000 databases has 40 MB and 1.2 million values.
   */
  static final Limits DOCUMENT = new Limits(64 << 20, 200, 1_500_000);

  /** The size as people say it: {@code 1 MiB}. */
  String size() {
    return (bytes >> 20) + " MiB";
  }
}
