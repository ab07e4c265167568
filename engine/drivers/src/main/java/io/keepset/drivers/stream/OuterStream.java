package io.keepset.drivers.stream;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Where an artifact comes from. Below a decoder, it tells trouble with the source (the read fails)
 * from trouble with the content (the decoder fails).
 */
public final class OuterStream extends FilterInputStream {
  private Optional<IOException> failure = Optional.empty();

  public OuterStream(InputStream in) {
    super(in);
  }

  /** What kept the source from being read, if anything did. */
  public Optional<IOException> failure() {
    return failure;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      return in.read(bytes, offset, length);
    } catch (IOException e) {
      failure = Optional.of(e);
      throw e;
    }
  }
}
