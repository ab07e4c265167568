package io.keepset.drivers.engine.s3;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Remembers texts in eight bytes of memory each: keys of buckets, of which there may be many
 * millions. That two texts have one mark is as good as impossible: of ten million keys the odds are
 * one in 300,000. For one thread.
 */
final class Marks {
  private final MessageDigest digest = sha256();
  private long[] marks = new long[1024];
  private int count;
  private boolean sorted = true;

  void add(String text) {
    if (count == marks.length) {
      marks = Arrays.copyOf(marks, Math.multiplyExact(count, 2));
    }
    marks[count++] = mark(text);
    sorted = false;
  }

  boolean contains(String text) {
    if (!sorted) {
      Arrays.sort(marks, 0, count);
      sorted = true;
    }
    return Arrays.binarySearch(marks, 0, count, mark(text)) >= 0;
  }

  private long mark(String text) {
    return ByteBuffer.wrap(digest.digest(text.getBytes(StandardCharsets.UTF_8))).getLong();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
