package io.keepset.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.LongStream;

/** What this process, those below it and those that they waited for took of the processors. */
final class ProcessorTime {
  /** Of the kernel's clock, as Linux shows it to programs on every platform that Java runs on. */
  private static final double TICKS_PER_SECOND = 100;

  /** Fields of {@code /proc/PID/stat} behind the name: utime, stime, cutime, cstime (proc(5)). */
  private static final int FIRST = 11;

  private static final int LAST = 14;

  private ProcessorTime() {}

  /** In seconds, user and system together. */
  static double ofAll() {
    ProcessHandle self = ProcessHandle.current();
    return LongStream.concat(
                LongStream.of(self.pid()), self.descendants().mapToLong(ProcessHandle::pid))
            .map(ProcessorTime::ticks)
            .sum()
        / TICKS_PER_SECOND;
  }

  private static long ticks(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Arrays.stream(fields, FIRST, LAST + 1).mapToLong(Long::parseLong).sum();
    } catch (IOException e) {
      return 0; // It has ended; whoever waited for it has its time.
    }
  }
}
