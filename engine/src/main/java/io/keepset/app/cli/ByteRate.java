package io.keepset.app.cli;

import java.util.Locale;

/** How a transfer is described: share, amount, speed. */
final class ByteRate {
  private static final int CELLS = 24;
  private static final String[] UNITS = {"B", "KB", "MB", "GB", "TB", "PB"};

  private final long startNanos;

  ByteRate(long startNanos) {
    this.startNanos = startNanos;
  }

  String describe(long done, long total, long nowNanos) {
    double seconds = Math.max(1, nowNanos - startNanos) / 1e9;
    String speed = seconds < 0.5 ? "" : "  " + size((long) (done / seconds)) + "/s";
    if (total <= 0) {
      return size(done) + speed;
    }
    double share = Math.min(1.0, (double) done / total);
    int filled = (int) (share * CELLS);
    return String.format(
        Locale.ROOT,
        "[%s%s] %3d %%  %s of %s%s",
        "#".repeat(filled),
        ".".repeat(CELLS - filled),
        (int) (share * 100),
        size(done),
        size(total),
        speed);
  }

  /** Bytes as people read them: {@code 8.4 GB}; decimal units. */
  static String size(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 1000 && unit < UNITS.length - 1) {
      value /= 1000;
      unit++;
    }
    return unit == 0
        ? bytes + " B"
        : String.format(Locale.ROOT, value < 10 ? "%.1f %s" : "%.0f %s", value, UNITS[unit]);
  }
}
