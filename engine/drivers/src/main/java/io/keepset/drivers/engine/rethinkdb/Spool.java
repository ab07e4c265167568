package io.keepset.drivers.engine.rethinkdb;

import io.keepset.drivers.tool.OwnedDirectory;
import java.io.BufferedOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A file of unknown size on its way into a tar, which wants the size first; packed, in a directory
 * of its own that only we may enter, and gone with {@link #close}. What a killed process left goes
 * with the next that is made.
 */
final class Spool implements AutoCloseable {
  private final Path directory;
  private final Path file;
  private final OutputStream out;
  private long size;

  Spool(Path parent) throws IOException {
    directory = OwnedDirectory.make(parent, "keepset-spool-");
    file = directory.resolve("table.gz");
    try {
      out = new BufferedOutputStream(new GZIPOutputStream(Files.newOutputStream(file)), 1 << 16);
    } catch (IOException e) {
      OwnedDirectory.delete(directory);
      throw e;
    }
  }

  void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
    size += length;
  }

  long size() {
    return size;
  }

  /** What was written; the file goes when it is closed. */
  InputStream read() throws IOException {
    out.close();
    return new FilterInputStream(new GZIPInputStream(Files.newInputStream(file), 1 << 16)) {
      @Override
      public void close() throws IOException {
        super.close();
        Spool.this.close();
      }
    };
  }

  @Override
  public void close() throws IOException {
    try {
      out.close();
    } finally {
      OwnedDirectory.delete(directory);
    }
  }
}
