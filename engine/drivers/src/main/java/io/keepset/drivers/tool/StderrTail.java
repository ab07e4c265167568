package io.keepset.drivers.tool;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads a tool's stderr to its end, so that it never blocks, and keeps the head and the tail. */
final class StderrTail {
  private static final int HEAD = 8 * 1024;
  private static final int TAIL = 24 * 1024;

  private final byte[] head = new byte[HEAD];
  private final byte[] ring = new byte[TAIL];
  private final Thread thread;
  private long total;

  private StderrTail(InputStream stderr, String name) {
    thread = new Thread(() -> drain(stderr), "stderr-of-" + name);
    thread.setDaemon(true);
  }

  static StderrTail follow(InputStream stderr, String name) {
    StderrTail tail = new StderrTail(stderr, name);
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
        keep(buffer, n);
      }
    } catch (IOException e) {
      // Closed with the process: what came until then is what there is.
    }
  }

  private synchronized void keep(byte[] bytes, int length) {
    for (int i = 0; i < length; i++, total++) {
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
