package io.keepset.app.cli;

import java.util.Locale;

/** How a transfer is described: share, amount, speed, time left. */
final class ByteRate {
  private static final int CELLS = 24;
  private static final String[] UNITS = {"B", "KB", "MB", "GB", "TB", "PB"};
  private static final double MEMORY_SECONDS = 10;
  private static final double MEASURE_SECONDS = 0.5;
  private static final long MINUTE = 60;
  private static final long HOUR = 60 * MINUTE;

  private long about;
  private long measuredAtNanos;
  private long measured;
  private double bytesPerSecond = -1;

  ByteRate(long startNanos) {
    this.measuredAtNanos = startNanos;
  }

  /** How large a transfer of unknown size was the last time. */
  void expect(long bytes) {
    about = bytes;
  }

  String describe(long done, long total, long nowNanos) {
    measure(done, nowNanos);
    if (total > 0) {
      return bar(done, total) + amount(done, total, "of ") + speed(total - done);
    }
    if (about > 0 && done < about) {
      return bar(done, about) + amount(done, about, "of about ") + speed(about - done);
    }
    return size(done) + speed(-1);
  }

  /**
   * The speed of the last seconds: that of a transfer that stalls falls, and its end moves away.
   */
  private void measure(long done, long nowNanos) {
    if (done < measured) { // it begins anew: what was written is read back
      measured = done;
      measuredAtNanos = nowNanos;
      bytesPerSecond = -1;
    }
    double seconds = (nowNanos - measuredAtNanos) / 1e9;
    if (seconds < MEASURE_SECONDS) {
      return;
    }
    double now = Math.max(0, done - measured) / seconds;
    double weight = 1 - Math.exp(-seconds / MEMORY_SECONDS);
    bytesPerSecond = bytesPerSecond < 0 ? now : bytesPerSecond + weight * (now - bytesPerSecond);
    measured = done;
    measuredAtNanos = nowNanos;
  }

  private static String bar(long done, long total) {
    double share = Math.min(1.0, (double) done / total);
    int filled = (int) (share * CELLS);
    return String.format(
        Locale.ROOT,
        "[%s%s] %3d %%  ",
        "#".repeat(filled),
        ".".repeat(CELLS - filled),
        (int) (share * 100));
  }

  private static String amount(long done, long total, String of) {
    return size(done) + " " + of + size(total);
  }

  /**
   * @param left bytes, or -1 if nobody knows
   */
  private String speed(long left) {
    if (bytesPerSecond < 0) {
      return "";
    }
    String speed = "  " + size((long) bytesPerSecond) + "/s";
    return left > 0 && bytesPerSecond >= 1
        ? speed + "  " + time((long) Math.ceil(left / bytesPerSecond)) + " left"
        : speed;
  }

  private static String time(long seconds) {
    if (seconds < MINUTE) {
      return seconds + " s";
    }
    if (seconds < HOUR) {
      return (seconds + MINUTE / 2) / MINUTE + " min";
    }
    return seconds / HOUR + " h " + seconds % HOUR / MINUTE + " min";
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
