package io.keepset.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How long something took, several times. */
final class Times {
  /** Something to measure. */
  @FunctionalInterface
  interface Work {
    void run() throws Exception;
  }

  private final List<Double> seconds = new ArrayList<>();

  void measure(Work work) throws Exception {
    long start = System.nanoTime();
    work.run();
    add((System.nanoTime() - start) / 1e9);
  }

  void add(double time) {
    seconds.add(time);
    seconds.sort(null);
  }

  boolean isEmpty() {
    return seconds.isEmpty();
  }

  double median() {
    return seconds.get(seconds.size() / 2);
  }

  @Override
  public String toString() {
    boolean small = median() < 0.1;
    double unit = small ? 1000 : 1;
    return String.format(
        Locale.ROOT,
        small ? "%.1f ms (%.1f-%.1f)" : "%.2f s (%.2f-%.2f)",
        median() * unit,
        seconds.get(0) * unit,
        seconds.get(seconds.size() - 1) * unit);
  }
}
