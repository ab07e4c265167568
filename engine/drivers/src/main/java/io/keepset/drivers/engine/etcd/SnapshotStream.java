package io.keepset.drivers.engine.etcd;

import io.keepset.drivers.stream.ByteSearch;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file in the gateway's answer to a snapshot: a line of JSON for each piece, {@code
 * {"result":{"remaining_bytes":"…","blob":"…"}}}, the blob in base64; at the end a piece without
 * remaining bytes that holds the SHA-256 of all before it. Holds one line at a time.
 */
final class SnapshotStream extends InputStream {
  /** A piece has 32 KiB; ten times that is no piece. */
  private static final int LONGEST_LINE = 8 << 20;

  private static final byte[] BLOB = "\"blob\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final Pattern REMAINING = Pattern.compile("\"remaining_bytes\":\"?([0-9]{1,18})");
  private static final Pattern ERROR = Pattern.compile("\"message\":\"((?:[^\"\\\\]|\\\\.)*)\"");

  /** The server ended the stream with words. */
  static final class Refusal extends IOException {
    private final String said;

    Refusal(String said) {
      super(said);
      this.said = said;
    }

    String said() {
      return said;
    }
  }

  private final InputStream in;
  private final byte[] read = new byte[1 << 16];
  private int readAt;
  private int readEnd;
  private byte[] line = new byte[1 << 16];
  private byte[] piece = new byte[0];
  private int pieceAt;
  private long announced = -1;

  SnapshotStream(InputStream in) {
    this.in = in;
  }

  /** Bytes that the first piece said there are, the checksum not counted; -1 before it. */
  long announced() {
    return announced;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    while (pieceAt == piece.length) {
      int size = nextLine();
      if (size < 0) {
        return -1;
      }
      open(size);
    }
    int n = Math.min(length, piece.length - pieceAt);
    System.arraycopy(piece, pieceAt, bytes, offset, n);
    pieceAt += n;
    return n;
  }

  /** Length of the next line, without its end; -1 after the last. */
  private int nextLine() throws IOException {
    int size = 0;
    while (true) {
      if (readAt == readEnd) {
        readEnd = in.read(read, 0, read.length);
        readAt = 0;
        if (readEnd < 0) {
          readEnd = 0;
          if (size > 0) {
            throw new EOFException("the answer ends in the middle of a line");
          }
          return -1;
        }
      }
      int end = ByteSearch.find(read, readAt, readEnd, (byte) '\n');
      int n = end - readAt;
      if (size + n > LONGEST_LINE) {
        throw new IOException("the answer is not that of an etcd server: its lines have no end");
      }
      if (size + n > line.length) {
        line = Arrays.copyOf(line, Math.max(line.length * 2, size + n));
      }
      System.arraycopy(read, readAt, line, size, n);
      size += n;
      boolean whole = end < readEnd;
      readAt = whole ? end + 1 : end;
      if (whole) {
        return size;
      }
    }
  }

  private void open(int size) throws IOException {
    pieceAt = 0;
    int blob = find(size);
    if (blob < 0) {
      piece = new byte[0];
      String text = new String(line, 0, Math.min(size, 2000), StandardCharsets.UTF_8);
      Matcher error = ERROR.matcher(text);
      if (text.contains("\"error\"")) {
        throw new Refusal(error.find() ? error.group(1) : text);
      }
      if (!text.isBlank() && !text.contains("\"result\"")) {
        throw new IOException("the answer is not that of an etcd server");
      }
      return;
    }
    int end = ByteSearch.find(line, blob, size, (byte) '"');
    try {
      piece = Base64.getDecoder().decode(Arrays.copyOfRange(line, blob, end));
    } catch (IllegalArgumentException e) {
      throw new IOException("the answer is not that of an etcd server: no base64", e);
    }
    if (announced < 0) {
      String rest =
          new String(line, 0, blob, StandardCharsets.UTF_8)
              + new String(line, end, size - end, StandardCharsets.UTF_8);
      Matcher remaining = REMAINING.matcher(rest);
      announced = piece.length + (remaining.find() ? Long.parseLong(remaining.group(1)) : 0);
    }
  }

  private int find(int size) {
    for (int at = 0; at + BLOB.length <= Math.min(size, 4096); at++) {
      if (Arrays.equals(line, at, at + BLOB.length, BLOB, 0, BLOB.length)) {
        return at + BLOB.length;
      }
    }
    return -1;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
