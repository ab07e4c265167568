package io.keepset.drivers.engine.postgresql.physical;

import io.keepset.drivers.engine.postgresql.physical.UstarScanner.MalformedTar;
import io.keepset.spi.wal.Lsn;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * PostgreSQL's {@code backup_manifest} (13 and newer): every file of a base backup with its size
 * and CRC-32C, and the log that makes it consistent. The server writes a line per file, which is
 * how it is read here; its last line is a SHA-256 of all before.
 *
 * @param files by path
 */
record BackupManifest(SortedMap<String, File> files, int timeline, long start, long stop) {
  /**
   * @param checksum CRC-32C in hex, lowest byte first as the server prints it; empty if it took
   *     none
   */
  record File(long size, String checksum) {}

  private static final Pattern FILE =
      Pattern.compile(
          "\\{ \"(Encoded-)?Path\": \"((?:[^\"\\\\]|\\\\.)*)\", \"Size\": (\\d+),[^}]*?"
              + "(?:\"Checksum-Algorithm\": \"(\\w+)\", \"Checksum\": \"([0-9a-f]*)\" )?\\}");
  private static final Pattern RANGE =
      Pattern.compile(
          "\"Timeline\": (\\d+), \"Start-LSN\": \"([0-9A-F/]+)\", \"End-LSN\": \"([0-9A-F/]+)\"");
  private static final Pattern OWN = Pattern.compile("\"Manifest-Checksum\": \"([0-9a-f]{64})\"");

  static BackupManifest read(ByteArrayOutputStream bytes) throws MalformedTar {
    String text = bytes.toString(StandardCharsets.UTF_8);
    int last = text.lastIndexOf("\"Manifest-Checksum\"");
    Matcher own = OWN.matcher(text);
    if (last < 0 || !own.find(last)) {
      throw new MalformedTar("its backup_manifest has no checksum of its own");
    }
    byte[] before = text.substring(0, last).getBytes(StandardCharsets.UTF_8);
    if (!HexFormat.of().formatHex(sha256(before)).equals(own.group(1))) {
      throw new MalformedTar("its backup_manifest does not have the checksum that it names");
    }
    SortedMap<String, File> files = new TreeMap<>();
    Matcher file = FILE.matcher(text);
    while (file.find()) {
      String algorithm = file.group(4) == null ? "" : file.group(4);
      files.put(
          path(file.group(1) != null, file.group(2)),
          new File(Long.parseLong(file.group(3)), algorithm.equals("CRC32C") ? file.group(5) : ""));
    }
    Matcher range = RANGE.matcher(text);
    if (files.isEmpty() || !range.find()) {
      throw new MalformedTar("its backup_manifest names no files, or no log to start with");
    }
    int timeline = Integer.parseInt(range.group(1));
    long start = lsn(range.group(2));
    long stop = lsn(range.group(3));
    while (range.find()) { // the newest timeline comes first
      start = Math.min(start, lsn(range.group(2)));
    }
    return new BackupManifest(files, timeline, start, stop);
  }

  private static long lsn(String text) throws MalformedTar {
    return Lsn.parse(text).orElseThrow(() -> new MalformedTar(text + " is no position in a log"));
  }

  private static String path(boolean encoded, String text) {
    return encoded
        ? new String(HexFormat.of().parseHex(text), StandardCharsets.UTF_8)
        : text.replace("\\\"", "\"").replace("\\/", "/").replace("\\\\", "\\");
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
