package io.keepset.drivers.engine.scylla;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * A tar of small texts and then of files, made as it is read: never more than a piece of a file in
 * memory. Its last entry lists a CRC-32 of every other.
 */
final class TarSource extends InputStream {
  static final String CHECKSUMS = "checksums.crc32";
  private static final int PIECE = 128 * 1024;

  /** A small entry. */
  @SuppressWarnings("ArrayRecordComponent") // written once, never compared
  record Text(String entry, byte[] content) {}

  private final List<Text> texts;
  private final List<SnapshotFiles.Item> files;
  private final Piece piece = new Piece();
  private final TarArchiveOutputStream tar;
  private final StringBuilder checksums = new StringBuilder();
  private final CRC32 crc = new CRC32();
  private Optional<InputStream> open = Optional.empty();
  private long left;
  private int next;
  private int at;
  private boolean last;

  TarSource(List<Text> texts, List<SnapshotFiles.Item> files) {
    this.texts = texts;
    this.files = files;
    this.tar = new TarArchiveOutputStream(piece, "UTF-8");
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
  }

  /** Was everything read, the end mark included? */
  boolean ended() {
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
    if (open.isPresent()) {
      more(open.get());
    } else if (next < texts.size()) {
      text(texts.get(next++));
    } else if (next < texts.size() + files.size()) {
      begin(files.get(next++ - texts.size()));
    } else {
      text(new Text(CHECKSUMS, checksums.toString().getBytes(StandardCharsets.UTF_8)));
      tar.close();
      last = true;
    }
  }

  private void text(Text text) throws IOException {
    TarArchiveEntry entry = entry(text.entry(), text.content().length);
    tar.putArchiveEntry(entry);
    tar.write(text.content());
    tar.closeArchiveEntry();
    crc.reset();
    crc.update(text.content());
    sum(text.entry());
  }

  private static TarArchiveEntry entry(String name, long size) {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(size);
    // The same content gives the same bytes, and no extended header stands before the first.
    entry.setModTime(0L);
    return entry;
  }

  private void begin(SnapshotFiles.Item item) throws IOException {
    tar.putArchiveEntry(entry(item.entry(), item.size()));
    crc.reset();
    left = item.size();
    open = Optional.of(Files.newInputStream(item.path()));
  }

  private void more(InputStream file) throws IOException {
    byte[] bytes = file.readNBytes((int) Math.min(PIECE, left));
    if (bytes.length == 0 && left > 0) {
      throw new EOFException("a file of the snapshot became shorter");
    }
    tar.write(bytes);
    crc.update(bytes);
    left -= bytes.length;
    if (left == 0) {
      tar.closeArchiveEntry();
      sum(files.get(next - 1 - texts.size()).entry());
      close();
    }
  }

  private void sum(String entry) {
    checksums.append(String.format("%08x %s%n", crc.getValue(), entry));
  }

  @Override
  public void close() throws IOException {
    if (open.isPresent()) {
      open.get().close();
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
