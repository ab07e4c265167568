package io.keepset.drivers.aws;

import io.keepset.spi.BrokenStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * An object's bytes. A connection that breaks is taken up again where it broke, for the same
 * version of the object, as long as there is progress between one break and the next.
 */
public final class S3Reader extends InputStream {
  private static final int BREAKS_IN_A_ROW = 3;

  private final S3Requests requests;
  private final S3Trouble trouble;
  private final String key;
  private final Optional<String> version;
  private final long size;
  private final GetObjectResponse first;
  private ResponseInputStream<GetObjectResponse> in;
  private long position;
  private int breaks;
  private volatile boolean closed;

  /** The object as it is now. */
  public S3Reader(S3Requests requests, S3Trouble trouble, String key) {
    this(requests, trouble, key, Optional.empty());
  }

  /**
   * @param wanted only this version, if given: its entity tag; S3 refuses if there is another
   */
  public S3Reader(S3Requests requests, S3Trouble trouble, String key, Optional<String> wanted) {
    this.requests = requests;
    this.trouble = trouble;
    this.key = key;
    this.in = requests.get(key, 0, wanted);
    this.first = in.response();
    this.version = Optional.ofNullable(first.eTag());
    this.size = first.contentLength() == null ? -1 : first.contentLength();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    while (true) {
      try {
        int n = in.read(bytes, offset, length);
        if (n < 0 && position < size) {
          throw new IOException("the connection ended " + (size - position) + " bytes early");
        }
        if (n > 0) {
          position += n;
          breaks = 0;
        }
        return n;
      } catch (IOException | RuntimeException e) {
        resume(e);
      }
    }
  }

  private void resume(Exception broken) throws IOException {
    breaks++;
    if (closed || breaks > BREAKS_IN_A_ROW) {
      throw new BrokenStream(
          trouble.of(new RuntimeException(broken.getMessage(), broken), "reading " + key));
    }
    in.abort();
    try {
      in = requests.get(key, position, version);
    } catch (RuntimeException e) {
      throw new BrokenStream(trouble.of(e, "reading " + key));
    }
  }

  /** What S3 says of the object. */
  public GetObjectResponse object() {
    return first;
  }

  /** Ends the connection without reading the rest of a large object. */
  @Override
  public void close() {
    closed = true;
    in.abort();
  }
}
