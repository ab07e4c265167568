package io.keepset.bench;

import java.io.PrintStream;
import java.util.Locale;

/** What is printed: a line for each thing that was measured. */
final class Report {
  private final PrintStream out;

  Report(PrintStream out) {
    this.out = out;
  }

  void title(String title) {
    out.printf(Locale.ROOT, "%n## %s%n%n", title);
  }

  /** A measured thing that stands alone, with the limit it should keep. */
  void line(String what, String found, String wanted) {
    out.printf(Locale.ROOT, "  %-58s %-26s %s%n", what, found, wanted);
  }

  void times(String what, Times times, String wanted) {
    line(what, times.toString(), wanted);
  }

  /** One time as a multiple of another. */
  void ratio(String what, Times ours, Times theirs, String wanted) {
    line(what, ratio(ours, theirs), wanted);
  }

  static String ratio(Times ours, Times theirs) {
    double ratio = ours.median() / theirs.median();
    return String.format(Locale.ROOT, ratio < 0.1 ? "%.4f" : "%.2f", ratio);
  }

  /** Lines as they are, to be copied. */
  void plain(String line) {
    out.println(line);
  }

  void skipped(String what, String why) {
    line(what, "skipped", why);
  }
}
