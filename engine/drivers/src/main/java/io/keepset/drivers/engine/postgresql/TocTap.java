package io.keepset.drivers.engine.postgresql;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Hands a dump's bytes on unchanged and reads the table of contents as it passes, an entry at a
 * time, so that a huge one costs no memory. Of the data that follows the rows are counted.
 */
final class TocTap extends InputStream {
  /** Hears what passes. */
  interface Listener {
    void header(Contents contents);

    void entry(TocEntry entry);

    /** The data of an entry has passed; not told of data that is packed as can't be read here. */
    void rows(int entry, long rows);
  }

  private final InputStream in;
  private final Listener listener;
  private final ByteArrayOutputStream copy = new ByteArrayOutputStream();
  private final ArchiveInput archive;
  private final Set<Integer> withRows = new HashSet<>();
  private Optional<ArchiveHeader> header = Optional.empty();
  private Optional<BlockTap> blocks = Optional.empty();
  private byte[] pending = new byte[0];
  private int pendingAt;
  private int entries;
  private boolean tocDone;
  private boolean broken;
  private boolean ended;

  TocTap(InputStream in, Listener listener) {
    this.in = in;
    this.listener = listener;
    this.archive = new ArchiveInput(in, copy);
  }

  /** Was the whole table of contents there? */
  boolean complete() {
    return tocDone;
  }

  /** Was everything read? */
  boolean ended() {
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
    while (pendingAt == pending.length && !tocDone && !broken) {
      advance();
    }
    if (pendingAt < pending.length) {
      int n = Math.min(length, pending.length - pendingAt);
      System.arraycopy(pending, pendingAt, bytes, offset, n);
      pendingAt += n;
      return n;
    }
    int n = archive.readRest(bytes, offset, length);
    ended |= n < 0;
    if (n > 0 && blocks.isPresent()) {
      blocks.get().take(bytes, offset, n);
    }
    return n;
  }

  /** Reads one more piece; its bytes are pending then. Output that is no archive passes too. */
  private void advance() throws IOException {
    try {
      if (header.isEmpty()) {
        header = Optional.of(ArchiveHeader.read(archive));
        listener.header(new Contents(header.get()));
      } else if (entries < header.get().entries()) {
        TocEntry entry = TocEntry.read(archive, header.get().minor());
        listener.entry(entry);
        if (entry.hasRows()) {
          withRows.add(entry.id());
        }
        entries++;
      }
      tocDone = entries == header.get().entries();
      if (tocDone && header.get().compression().isOpen()) {
        blocks =
            Optional.of(new BlockTap(archive.intSize(), header.get().compression(), this::block));
      }
    } catch (MalformedArchive | EOFException e) {
      broken = true;
    }
    pending = copy.toByteArray();
    pendingAt = 0;
    copy.reset();
  }

  private void block(int entry, long rows) {
    if (withRows.contains(entry)) {
      listener.rows(entry, rows);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
