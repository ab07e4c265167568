package io.keepset.drivers.aws;

import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.StoreWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * Writes an object of unknown length: small ones in one request, larger ones as a multipart upload,
 * of which one part is on its way while the next one fills. Memory: two parts.
 */
public final class S3Writer implements StoreWriter {
  private final S3Requests requests;
  private final S3Trouble trouble;
  private final PartSizes sizes;
  private final String key;
  private final S3Requests.Head head;
  private final String doing;
  private final List<CompletedPart> parts = new ArrayList<>();
  private byte[] buffer = new byte[64 << 10];
  private byte @Nullable [] spare;
  private int filled;
  private long written;
  private @Nullable String uploadId;
  private @Nullable PartUpload underWay;
  private boolean done;
  private String tag = "";

  public S3Writer(S3Requests requests, S3Trouble trouble, PartSizes sizes, String key) {
    this(requests, trouble, sizes, key, S3Requests.Head.NONE);
  }

  /**
   * @param head what the object is beside its bytes
   */
  public S3Writer(
      S3Requests requests, S3Trouble trouble, PartSizes sizes, String key, S3Requests.Head head) {
    this.requests = requests;
    this.trouble = trouble;
    this.sizes = sizes;
    this.key = key;
    this.head = head;
    this.doing = "writing " + key;
  }

  @Override
  public OutputStream stream() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
          add(bytes, offset, length);
        } catch (DriverException e) {
          throw new BrokenStream(e);
        }
      }
    };
  }

  private void add(byte[] bytes, int offset, int length) throws DriverException {
    if (done) {
      throw new IllegalStateException(key + " was committed or closed before");
    }
    int at = offset;
    int left = length;
    while (left > 0) {
      int partSize = sizes.of(parts.size() + (underWay == null ? 1 : 2));
      if (filled == partSize) {
        sendPart();
        continue;
      }
      makeRoom(partSize, left);
      int n = Math.min(left, Math.min(buffer.length, partSize) - filled);
      System.arraycopy(bytes, at, buffer, filled, n);
      filled += n;
      at += n;
      left -= n;
    }
    written += length;
  }

  /** Small objects shall not cost a whole part of memory. */
  private void makeRoom(int partSize, int wanted) {
    if (filled == buffer.length) {
      long doubled = Math.max(buffer.length * 4L, (long) filled + wanted);
      buffer = java.util.Arrays.copyOf(buffer, (int) Math.min(partSize, doubled));
    }
  }

  /** Hands the full buffer to the thread that uploads, once that is free. */
  private void sendPart() throws DriverException {
    await();
    if (parts.size() == PartSizes.MOST_PARTS) {
      throw new DriverException(
          Kind.REJECTED,
          doing
              + " failed: S3 takes "
              + PartSizes.MOST_PARTS
              + " parts at most; raise part_size or leave it out");
    }
    if (uploadId == null) {
      uploadId = call(() -> requests.begin(key, head));
    }
    String id = uploadId;
    int number = parts.size() + 1;
    byte[] full = buffer;
    int length = filled;
    underWay =
        PartUpload.start(
            "upload " + key,
            () ->
                CompletedPart.builder()
                    .partNumber(number)
                    .eTag(requests.part(key, id, number, body(full, length)))
                    .build());
    byte[] reuse = spare;
    buffer = reuse == null ? new byte[sizes.of(number + 1)] : reuse;
    spare = full;
    filled = 0;
  }

  private void await() throws DriverException {
    PartUpload upload = underWay;
    if (upload == null) {
      return;
    }
    underWay = null;
    try {
      parts.add(upload.join());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DriverException(Kind.TRANSIENT, doing + " was interrupted", e);
    } catch (RuntimeException e) {
      throw trouble.of(e, doing);
    }
  }

  @Override
  public void commit() throws DriverException {
    if (done) {
      throw new IllegalStateException(key + " was committed or closed before");
    }
    if (uploadId == null) {
      tag = known(call(() -> requests.put(key, head, body(buffer, filled))));
      done = true;
      return;
    }
    if (filled > 0) {
      sendPart();
    }
    await();
    String id = uploadId;
    try {
      tag = known(requests.complete(key, id, parts));
    } catch (RuntimeException e) {
      if (!S3Trouble.isUnknownUpload(e) || !isThere()) {
        throw trouble.of(e, doing);
      }
      // An earlier attempt did complete it and only its answer was lost.
    }
    done = true;
  }

  /** Entity tag of the object, once it was committed; empty if the service told none. */
  public String tag() {
    return tag;
  }

  private static String known(@Nullable String tag) {
    return tag == null ? "" : tag;
  }

  private boolean isThere() throws DriverException {
    try {
      HeadObjectResponse head = requests.head(key);
      boolean there =
          head.contentLength() == written
              && head.eTag() != null
              && head.eTag().contains("-" + parts.size());
      tag = there ? known(head.eTag()) : "";
      return there;
    } catch (RuntimeException e) {
      if (S3Trouble.isMissing(e)) {
        return false;
      }
      throw trouble.of(e, doing);
    }
  }

  @Override
  public void close() {
    if (done) {
      return;
    }
    done = true;
    String id = uploadId;
    if (id == null) {
      return;
    }
    PartUpload upload = underWay;
    if (upload != null) {
      upload.abandon();
    }
    try {
      requests.abort(key, id);
    } catch (RuntimeException e) {
      // It stays as a left-over, which cleanLeftovers removes; nobody can do more here.
      return;
    }
  }

  private static RequestBody body(byte[] bytes, int length) {
    return RequestBody.fromContentProvider(
        () -> new ByteArrayInputStream(bytes, 0, length), length, "application/octet-stream");
  }

  private <T> T call(java.util.function.Supplier<T> request) throws DriverException {
    try {
      return request.get();
    } catch (RuntimeException e) {
      throw trouble.of(e, doing);
    }
  }
}
