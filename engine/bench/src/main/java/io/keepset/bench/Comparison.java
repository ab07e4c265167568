package io.keepset.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Keepset's whole backup of a {@link Subject} beside the subject's own tool, turn by turn. */
final class Comparison {
  private final Report report;
  private final Path work;
  private final int rounds;

  Comparison(Report report, Path work, int rounds) {
    this.report = report;
    this.work = work;
    this.rounds = rounds;
  }

  /**
   * @return the line of BENCHMARKS.md about it
   */
  String run(Subject subject) throws Exception {
    report.title("Backup of " + subject.engine() + ": " + subject.data());
    String key = "bench/" + subject.engine() + "-20260101T000000Z-0000/artifact";
    Path store = work.resolve("store-" + subject.engine());
    Times theirs = new Times();
    Times ours = new Times();
    Times theirProcessors = new Times();
    Times ourProcessors = new Times();
    Times first = new Times();
    long peak;
    try (BackupProcess keepset =
        new BackupProcess(subject, key, store, work.resolve("worker.log"))) {
      first.measure(keepset::backup);
      for (int i = 0; i < rounds; i++) {
        measure(theirs, theirProcessors, () -> tool(subject));
        measure(ours, ourProcessors, keepset::backup);
      }
      peak = keepset.peak();
    }
    String stored = String.format(Locale.ROOT, "%.0f MB", Files.size(store.resolve(key)) / 1e6);
    String memory = (peak >> 20) + " MiB";
    report.times(subject.tool() + " | zstd -3 > file; cat file", theirs, "");
    report.times("Keepset: dump, check, pack, seal, sync, read back", ours, "");
    report.times("the same, the first one of the process", first, "");
    report.ratio("Keepset / its own tool", ours, theirs, "wanted: 1.10 or less");
    report.times("processors, its own tool and the server", theirProcessors, "");
    report.times("processors, Keepset and the server", ourProcessors, "");
    report.ratio("ratio of processor time", ourProcessors, theirProcessors, "");
    report.line("most memory of Keepset, -Xmx64m", memory, "");
    report.line("stored", stored, "");
    return String.format(
        Locale.ROOT,
        "| `%s`: %s, %s stored | `%s`: %s | %s | **%s** | %s | %s |",
        subject.engine(),
        subject.data(),
        stored,
        subject.tool(),
        theirs,
        ours,
        Report.ratio(ours, theirs),
        Report.ratio(ourProcessors, theirProcessors),
        memory);
  }

  private static void measure(Times clock, Times processors, Times.Work what) throws Exception {
    double before = ProcessorTime.ofAll();
    clock.measure(what);
    processors.add(ProcessorTime.ofAll() - before);
  }

  private void tool(Subject subject) throws IOException, InterruptedException {
    Shell.run(
        subject.environment(),
        work.resolve("tool.log"),
        "bash",
        "-c",
        "set -eo pipefail; " + subject.command());
  }
}
