package io.keepset.bench;

import java.nio.file.Path;

/**
 * Dump, compress, encrypt, store, synchronise, read back and verify, beside the shortest pipe that
 * only dumps and compresses, plus one read of its file; of PostgreSQL, where nothing else counts.
 */
final class BytePathBench {
  private final Comparison comparison;
  private final SqlSubjects subjects;

  BytePathBench(Report report, Path work, int rounds) {
    this.comparison = new Comparison(report, work, rounds);
    this.subjects = new SqlSubjects(work);
  }

  void run() throws Exception {
    subjects.postgresqlAll(comparison::run);
  }
}
