package io.keepset.drivers.engine.redis;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The RDB file that a primary sends, without what stands around it: either its length is announced,
 * or a random mark that follows its last byte (redis.io, "How Redis replication works", and {@code
 * replication.c}). Only whoever has read to the end knows that it is whole.
 */
final class RdbTransfer extends InputStream {
  private static final int MARK = 40;

  private final InputStream in;
  private final byte[] mark;
  private long left;
  private final byte[] buffer = new byte[1 << 16];
  private int at;
  private int end;
  private boolean ended;

  private RdbTransfer(InputStream in, byte[] mark, long left) {
    this.in = in;
    this.mark = mark;
    this.left = left;
  }

  /** To be called once the server was asked; waits until it begins. */
  static RdbTransfer begin(Connection connection) throws IOException, ServerError {
    String line = connection.line();
    while (line.isEmpty()) { // It says that it is still there, until the file begins.
      line = connection.line();
    }
    if (line.startsWith("-")) {
      throw new ServerError(connection.scrubber().scrub(line.substring(1)));
    }
    if (line.startsWith("$EOF:") && line.length() == 5 + MARK) {
      byte[] mark = line.substring(5).getBytes(StandardCharsets.ISO_8859_1);
      return new RdbTransfer(connection.stream(), mark, 0);
    }
    if (line.matches("\\$[0-9]{1,18}")) {
      return new RdbTransfer(connection.stream(), new byte[0], Long.parseLong(line.substring(1)));
    }
    throw new IOException("the server announced no RDB file");
  }

  /** Did all of it come? */
  boolean complete() {
    return ended;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (ended && at == end) {
      return -1;
    }
    return mark.length == 0 ? counted(bytes, offset, length) : marked(bytes, offset, length);
  }

  private int counted(byte[] bytes, int offset, int length) throws IOException {
    if (left == 0) {
      ended = true;
      return -1;
    }
    int n = in.read(bytes, offset, (int) Math.min(length, left));
    if (n < 0) {
      throw new EOFException("the server closed the connection");
    }
    left -= n;
    ended = left == 0;
    return n;
  }

  /** What may be the mark is held back until more has come. */
  private int marked(byte[] bytes, int offset, int length) throws IOException {
    while (!ended && end - at <= MARK) {
      System.arraycopy(buffer, at, buffer, 0, end - at);
      end -= at;
      at = 0;
      int n = in.read(buffer, end, buffer.length - end);
      if (n < 0) {
        throw new EOFException("the server closed the connection");
      }
      end += n;
      if (end >= MARK && Arrays.equals(buffer, end - MARK, end, mark, 0, MARK)) {
        end -= MARK;
        ended = true;
      }
    }
    int ready = ended ? end - at : end - at - MARK;
    if (ready == 0) {
      return -1;
    }
    int n = Math.min(length, ready);
    System.arraycopy(buffer, at, bytes, offset, n);
    at += n;
    return n;
  }
}
