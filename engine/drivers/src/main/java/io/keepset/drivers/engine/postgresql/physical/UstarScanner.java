package io.keepset.drivers.engine.postgresql.physical;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Follows a tar archive as it passes by, as {@code pg_basebackup} writes it: plain ustar, sizes in
 * octal or, from 8 GiB, in base 256. Nothing is kept but one header.
 */
final class UstarScanner {
  private static final int BLOCK = 512;

  /** Hears what is in the archive, in its order. */
  interface Listener {
    void begin(Entry entry) throws IOException;

    void data(byte[] bytes, int offset, int length) throws IOException;

    /** The entry that began last is whole. */
    void end() throws IOException;
  }

  /**
   * One entry.
   *
   * @param type {@code 0} a file, {@code 5} a directory, {@code 2} a symbolic link
   * @param mode permissions
   * @param modified seconds since 1970
   */
  record Entry(String name, char type, long size, int mode, long modified, String link) {
    boolean isFile() {
      return type == '0' || type == 0;
    }

    boolean isDirectory() {
      return type == '5';
    }
  }

  private final Listener listener;
  private final byte[] header = new byte[BLOCK];
  private int inHeader;
  private long data;
  private int padding;
  private boolean ended;

  UstarScanner(Listener listener) {
    this.listener = listener;
  }

  /** Whether the mark of its end was seen. */
  boolean ended() {
    return ended && data == 0;
  }

  void take(byte[] bytes, int offset, int length) throws IOException {
    int at = offset;
    int rest = length;
    while (rest > 0) {
      int n;
      if (data > 0) {
        n = (int) Math.min(data, rest);
        listener.data(bytes, at, n);
        data -= n;
        if (data == 0) {
          listener.end();
        }
      } else if (padding > 0) {
        n = Math.min(padding, rest);
        padding -= n;
      } else {
        n = Math.min(BLOCK - inHeader, rest);
        System.arraycopy(bytes, at, header, inHeader, n);
        inHeader += n;
        if (inHeader == BLOCK) {
          inHeader = 0;
          header();
        }
      }
      at += n;
      rest -= n;
    }
  }

  private void header() throws IOException {
    if (blank()) {
      ended = true;
      return;
    }
    if (ended) {
      throw new MalformedTar("something lies behind its end");
    }
    if (number(148, 8) != checksum() || !text(257, 5).equals("ustar")) {
      throw new MalformedTar("a header in it is not whole");
    }
    String prefix = text(345, 155);
    String name = text(0, 100);
    Entry entry =
        new Entry(
            prefix.isEmpty() ? name : prefix + "/" + name,
            (char) header[156],
            number(124, 12),
            (int) number(100, 8),
            number(136, 12),
            text(157, 100));
    data = entry.isFile() ? entry.size() : 0;
    padding = (int) (-data & (BLOCK - 1));
    listener.begin(entry);
    if (data == 0) {
      listener.end();
    }
  }

  private boolean blank() {
    for (byte b : header) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private long checksum() {
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xFF;
    }
    return sum;
  }

  private long number(int from, int length) throws MalformedTar {
    long value = 0;
    if ((header[from] & 0x80) != 0) {
      for (int i = from + length - 8; i < from + length; i++) {
        value = (value << 8) | (header[i] & 0xFF);
      }
      return value;
    }
    for (int i = from; i < from + length && header[i] != 0 && header[i] != ' '; i++) {
      if (header[i] < '0' || header[i] > '7') {
        throw new MalformedTar("a number in it is none");
      }
      value = value * 8 + header[i] - '0';
    }
    return value;
  }

  private String text(int from, int length) {
    int end = from;
    while (end < from + length && header[end] != 0) {
      end++;
    }
    return new String(header, from, end - from, StandardCharsets.UTF_8);
  }

  /** It is not the archive that it should be. */
  static final class MalformedTar extends IOException {
    private static final long serialVersionUID = 1;

    MalformedTar(String how) {
      super("the archive is not whole: " + how);
    }
  }
}
