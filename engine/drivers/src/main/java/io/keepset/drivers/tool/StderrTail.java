package io.keepset.drivers.tool;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/** Reads a tool's stderr to its end, so that it never blocks, and keeps the head and the tail. */
final class StderrTail {
  private static final int HEAD = 8 * 1024;
  private static final int TAIL = 24 * 1024;
  private static final int LONGEST_LINE = 16 * 1024;

  private final byte[] head = new byte[HEAD];
  private final byte[] ring = new byte[TAIL];
  private final Predicate<String> taken;
  private final Thread thread;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private long total;

  private StderrTail(InputStream stderr, String name, Predicate<String> taken) {
    this.taken = taken;
    thread = new Thread(() -> drain(stderr), "stderr-of-" + name);
    thread.setDaemon(true);
  }

  /**
   * @param taken hears every line; those that it says yes to are no complaints and not kept
   */
  static StderrTail follow(InputStream stderr, String name, Predicate<String> taken) {
    StderrTail tail = new StderrTail(stderr, name, taken);
    tail.thread.start();
    return tail;
  }

  /** All of it, once the tool has ended. A grandchild that keeps stderr open does not hold us. */
  String text() throws InterruptedException {
    thread.join(2000);
    synchronized (this) {
      int inHead = (int) Math.min(total, HEAD);
      long rest = total - inHead;
      StringBuilder text = new StringBuilder(utf8(head, 0, inHead));
      if (rest > TAIL) {
        text.append("\n[… ").append(rest - TAIL).append(" bytes …]\n");
        int from = (int) (rest % TAIL);
        text.append(utf8(ring, from, TAIL - from)).append(utf8(ring, 0, from));
      } else {
        text.append(utf8(ring, 0, (int) rest));
      }
      return text.toString();
    }
  }

  void stop() {
    thread.interrupt();
  }

  private void drain(InputStream stderr) {
    byte[] buffer = new byte[4096];
    try {
      for (int n = stderr.read(buffer); n >= 0; n = stderr.read(buffer)) {
        for (int i = 0; i < n; i++) {
          line.write(buffer[i]);
          if (buffer[i] == '\n' || line.size() > LONGEST_LINE) {
            endLine();
          }
        }
      }
    } catch (IOException e) {
      // Closed with the process: what came until then is what there is.
    }
    endLine();
  }

  private void endLine() {
    byte[] bytes = line.toByteArray();
    line.reset();
    if (bytes.length > 0 && !taken.test(utf8(bytes, 0, bytes.length))) {
      keep(bytes);
    }
  }

  private synchronized void keep(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++, total++) {
      if (total < HEAD) {
        head[(int) total] = bytes[i];
      } else {
        ring[(int) ((total - HEAD) % TAIL)] = bytes[i];
      }
    }
  }

  private static String utf8(byte[] bytes, int from, int length) {
    return new String(bytes, from, length, StandardCharsets.UTF_8);
  }
}
