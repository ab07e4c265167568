package io.keepset.runner.artifact;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** Counts bytes and takes their sum as they pass. For one thread. */
final class Sums {
  private final Fingerprint.Kind kind;
  private final MessageDigest digest = newDigest();
  private final CRC32C crc = new CRC32C();
  private long size;

  Sums(Fingerprint.Kind kind) {
    this.kind = kind;
  }

  void add(byte[] bytes, int offset, int length) {
    switch (kind) {
      case SHA256 -> digest.update(bytes, offset, length);
      case CRC32C -> crc.update(bytes, offset, length);
    }
    size += length;
  }

  long size() {
    return size;
  }

  /** The fingerprint of all bytes so far; call it once, at the end. */
  Fingerprint finish() {
    HexFormat hex = HexFormat.of();
    return switch (kind) {
      case SHA256 -> Fingerprint.sha256(size, hex.formatHex(digest.digest()));
      case CRC32C -> Fingerprint.crc32c(size, hex.toHexDigits(crc.getValue(), 8));
    };
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
