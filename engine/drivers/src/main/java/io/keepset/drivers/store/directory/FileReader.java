package io.keepset.drivers.store.directory;

import io.keepset.spi.BrokenStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** A file's bytes, with its troubles in words for people. */
final class FileReader extends FilterInputStream {
  private final Path file;

  FileReader(InputStream in, Path file) {
    super(in);
    this.file = file;
  }

  @Override
  public int read() throws IOException {
    try {
      return super.read();
    } catch (IOException e) {
      throw new BrokenStream(Trouble.of(e, "reading", file));
    }
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      return super.read(bytes, offset, length);
    } catch (IOException e) {
      throw new BrokenStream(Trouble.of(e, "reading", file));
    }
  }
}
