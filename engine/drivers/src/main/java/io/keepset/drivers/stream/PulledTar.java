package io.keepset.drivers.stream;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * A tar that is made as it is read: never more than a piece of an entry in memory. Times are zero,
 * so that the same content gives the same bytes.
 */
public final class PulledTar extends InputStream {
  private static final int PIECE = 128 * 1024;

  /**
   * One entry.
   *
   * @param content closed once it was read
   */
  public record Entry(String name, long size, InputStream content) {}

  /** Gives entries, one after the other. */
  @FunctionalInterface
  public interface Entries {
    /** The next; asked for when the one before was read to its end. */
    Optional<Entry> next() throws IOException;
  }

  private final Entries entries;
  private final Piece piece = new Piece();
  private final TarArchiveOutputStream tar;
  private Optional<Entry> open = Optional.empty();
  private long left;
  private int at;
  private boolean last;

  public PulledTar(Entries entries) {
    this.entries = entries;
    this.tar = new TarArchiveOutputStream(piece, "UTF-8");
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
  }

  /** Was everything read, the end mark included? */
  public boolean ended() {
    return last && at == piece.size();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    while (at == piece.size()) {
      if (last) {
        return -1;
      }
      piece.reset();
      at = 0;
      fill();
    }
    int n = Math.min(length, piece.size() - at);
    System.arraycopy(piece.bytes(), at, bytes, offset, n);
    at += n;
    return n;
  }

  private void fill() throws IOException {
    if (open.isEmpty()) {
      open = entries.next();
      if (open.isEmpty()) {
        tar.close();
        last = true;
        return;
      }
      begin(open.get());
    }
    byte[] bytes = open.get().content().readNBytes((int) Math.min(PIECE, left));
    if (bytes.length == 0 && left > 0) {
      throw new EOFException(open.get().name() + " became shorter while it was read");
    }
    tar.write(bytes);
    left -= bytes.length;
    if (left == 0) {
      tar.closeArchiveEntry();
      close();
    }
  }

  private void begin(Entry entry) throws IOException {
    TarArchiveEntry head = new TarArchiveEntry(entry.name());
    head.setSize(entry.size());
    head.setModTime(0L);
    tar.putArchiveEntry(head);
    left = entry.size();
  }

  /** Of the entry that is being read. */
  @Override
  public void close() throws IOException {
    if (open.isPresent()) {
      open.get().content().close();
      open = Optional.empty();
    }
  }

  /** Lends what was written, without a copy. */
  private static final class Piece extends ByteArrayOutputStream {
    Piece() {
      super(PIECE + 16 * 1024);
    }

    byte[] bytes() {
      return buf;
    }
  }
}
