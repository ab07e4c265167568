package io.keepset.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs the benchmarks named, or all: {@code keepset}, {@code commands}, {@code follow}, {@code
 * shim}, {@code bytes}, {@code engines}, {@code memory}.
 */
public final class Bench {
  private static final System.Logger LOG = System.getLogger(Bench.class.getName());

  private static final int ROUNDS =
      Integer.parseInt(System.getenv().getOrDefault("KEEPSET_BENCH_ROUNDS", "5"));

  private Bench() {}

  public static void main(String[] arguments) {
    int code = 0;
    try {
      run(List.of(arguments));
    } catch (Exception e) {
      LOG.log(System.Logger.Level.ERROR, "a benchmark failed", e);
      code = 1;
    }
    // Servers inside this process would keep it alive; what closes them waits for its end.
    System.exit(code);
  }

  private static void run(List<String> wanted) throws Exception {
    Report report = new Report(System.out);
    Path work = Files.createTempDirectory("keepset-bench");
    try {
      machine(report);
      if (wants(wanted, "keepset")) {
        new KeepSetBench(report, ROUNDS).run();
      }
      Path home = Path.of(System.getProperty("keepset.home", ".")).toAbsolutePath().normalize();
      if (wants(wanted, "commands")) {
        new CommandBench(report, work, home, ROUNDS).run();
      }
      if (wants(wanted, "follow")) {
        new FollowBench(report, work, home, ROUNDS).run();
      }
      if (wants(wanted, "shim")) {
        new ShimBench(report, work, home).run();
      }
      if (wants(wanted, "bytes")) {
        new BytePathBench(report, work, ROUNDS).run();
      }
      if (wants(wanted, "engines")) {
        List<String> engines =
            wanted.isEmpty()
                ? wanted
                : wanted.subList(1 + wanted.indexOf("engines"), wanted.size());
        new EngineBench(report, work, home, ROUNDS).run(engines);
      }
      if (wants(wanted, "memory")) {
        new MemoryBench(report, work).run();
      }
    } finally {
      try (Stream<Path> files = Files.walk(work)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    }
  }

  private static boolean wants(List<String> wanted, String name) {
    return wanted.isEmpty() || wanted.contains(name);
  }

  private static void machine(Report report) throws Exception {
    report.title("Machine");
    String processor =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.replaceFirst(".*: *", ""))
            .findFirst()
            .orElse("unknown");
    report.line("processor", Runtime.getRuntime().availableProcessors() + " x " + processor, "");
    report.line("Java", System.getProperty("java.runtime.version"), "");
    report.line(
        "load before the run",
        Files.readString(Path.of("/proc/loadavg")).strip().replaceFirst("( \\S+){2}$", ""),
        "");
  }
}
