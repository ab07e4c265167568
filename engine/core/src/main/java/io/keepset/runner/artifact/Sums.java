package io.keepset.runner.artifact;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Counts bytes and takes their SHA-256 as they pass. For one thread. */
final class Sums {
  private final MessageDigest digest = newDigest();
  private long size;

  void add(byte[] bytes, int offset, int length) {
    digest.update(bytes, offset, length);
    size += length;
  }

  long size() {
    return size;
  }

  /** The fingerprint of all bytes so far; call it once, at the end. */
  Fingerprint finish() {
    return new Fingerprint(size, HexFormat.of().formatHex(digest.digest()));
  }

  static byte[] sha256(byte[]... parts) {
    MessageDigest digest = newDigest();
    for (byte[] part : parts) {
      digest.update(part);
    }
    return digest.digest();
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
