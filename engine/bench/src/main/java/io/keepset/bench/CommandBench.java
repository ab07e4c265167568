package io.keepset.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Whole commands, from the start of the process to its end. */
final class CommandBench {
  private static final int FILES = 1_000;
  private static final int DATABASES_IN_A_FILE = 10;

  private final Report report;
  private final Path work;
  private final Path home;
  private final int rounds;

  /**
   * @param home the root of the project, where {@code ./keepset} is
   */
  CommandBench(Report report, Path work, Path home, int rounds) {
    this.report = report;
    this.work = work;
    this.home = home;
    this.rounds = rounds;
  }

  void run() throws Exception {
    Path small = ManyDatabases.write(work.resolve("small"), 1, 3, work.resolve("store"));
    Path large =
        ManyDatabases.write(
            work.resolve("large"), FILES, DATABASES_IN_A_FILE, work.resolve("store"));
    report.title("Commands, whole process");
    measure("validate a repository of 2 files", "wanted: under 0.6 s", "validate", small);
    measure("validate 10,000 databases in 1,000 files", "", "validate", large);
    Times plan =
        measure("plan 10,000 databases in 1,000 files", "wanted: under 2 s", "plan", large);
    terraform(plan);
  }

  private Times measure(String what, String wanted, String command, Path policies)
      throws Exception {
    Times times = new Times();
    long peak = 0;
    // The first start builds and rehearses: it is not what users wait for every day.
    int code = keepset(command, policies, work.resolve("warm.peak"));
    if (code != 0) {
      report.skipped(what, "ended with " + code + ": " + lastLine(work.resolve("command.log")));
      return times;
    }
    for (int i = 0; i < rounds; i++) {
      Path peakFile = work.resolve("peak");
      times.measure(() -> keepset(command, policies, peakFile));
      peak = Math.max(peak, peakOf(peakFile));
    }
    report.times(what, times, wanted);
    if (peak > 0) {
      report.line("  its memory", peak / 1024 + " MiB", "wanted: 512 MiB or less");
    }
    return times;
  }

  private int keepset(String command, Path policies, Path peak) throws Exception {
    boolean time = Files.isExecutable(Path.of("/usr/bin/time"));
    String run =
        (time ? "/usr/bin/time -f %M -o " + peak + " " : "")
            + home.resolve("keepset")
            + " "
            + command
            + " --policies "
            + policies
            + " --data "
            + work.resolve("data");
    return Shell.code(
        Map.of("KEEPSET_NO_BUILD", "1"), work.resolve("command.log"), List.of("bash", "-c", run));
  }

  private static long peakOf(Path file) throws IOException {
    if (!Files.exists(file)) {
      return 0;
    }
    return Long.parseLong(lastLine(file));
  }

  private static String lastLine(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    return lines.isEmpty() ? "" : lines.get(lines.size() - 1).strip();
  }

  private void terraform(Times ours) throws Exception {
    String what = "terraform plan, 10,000 terraform_data resources";
    if (!Shell.has("terraform")) {
      report.skipped(what, "terraform is not installed");
      return;
    }
    Path folder = Files.createDirectories(work.resolve("terraform"));
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < FILES * DATABASES_IN_A_FILE; i++) {
      text.append("resource \"terraform_data\" \"db").append(i).append("\" {\n");
      text.append("  input = {engine = \"volume\", policy = \"gold\", path = \"/srv/");
      text.append(i).append("\"}\n}\n");
    }
    Files.writeString(folder.resolve("main.tf"), text);
    Path log = work.resolve("terraform.log");
    Map<String, String> quiet = Map.of("CHECKPOINT_DISABLE", "1");
    Shell.run(quiet, log, "terraform", "-chdir=" + folder, "init");
    Times times = new Times();
    for (int i = 0; i < 2; i++) {
      times.measure(
          () -> Shell.run(quiet, log, "terraform", "-chdir=" + folder, "plan", "-input=false"));
    }
    report.times(what, times, "");
    if (!ours.isEmpty()) {
      report.ratio("Keepset / terraform", ours, times, "");
    }
  }
}
