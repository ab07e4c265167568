package io.keepset.bench;

import io.keepset.drivers.lab.SyntheticBackup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The most memory that a process held which made, checked and read back one backup. */
final class MemoryBench {
  private final Report report;
  private final Path work;

  MemoryBench(Report report, Path work) {
    this.report = report;
    this.work = work;
  }

  void run() throws Exception {
    report.title("Memory of one backup: made, read back, checked (whole process, -Xmx64m)");
    long small = peak("100");
    long large = peak("3000");
    report.line("100 MB", small / 1024 + " MiB", "");
    report.line("3 GB", large / 1024 + " MiB", "");
    report.line("3 GB / 100 MB", String.format("%.2f", (double) large / small), "wanted: flat");
  }

  private long peak(String megabytes) throws Exception {
    Path log = work.resolve("memory.log");
    int code =
        Shell.code(
            Map.of(),
            log,
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                SyntheticBackup.class.getName(),
                megabytes,
                work.toString()));
    String said = Files.readString(log).strip();
    if (code != 0) {
      throw new IllegalStateException(said);
    }
    return Long.parseLong(said.substring(said.lastIndexOf('\n') + 1));
  }
}
