package io.keepset.drivers.engine.etcd;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.keepset.drivers.http.Endpoint;
import io.keepset.spi.DriverException;
import io.keepset.spi.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The file that {@code Snapshot} of etcd's service {@code Maintenance} streams ({@code rpc.proto}):
 * piece after piece, at the end one that holds the SHA-256 of all before it. By gRPC itself, not
 * over the gateway: that would pack each piece into JSON. A few pieces are in memory at a time.
 */
final class SnapshotStream extends InputStream {
  /** Of 32 KiB as a rule. */
  private static final int PIECES_AHEAD = 32;

  private static final Metadata.Key<String> TOKEN =
      Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

  private static final MethodDescriptor<SnapshotPiece.Request, SnapshotPiece> SNAPSHOT =
      MethodDescriptor.<SnapshotPiece.Request, SnapshotPiece>newBuilder()
          .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
          .setFullMethodName("etcdserverpb.Maintenance/Snapshot")
          .setRequestMarshaller(SnapshotPiece.Request.MARSHALLER)
          .setResponseMarshaller(SnapshotPiece.MARSHALLER)
          .build();

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

  private final Endpoint endpoint;
  private final ManagedChannel channel;
  private final ClientCall<SnapshotPiece.Request, SnapshotPiece> call;

  /** One place more than is asked for: that of the end. */
  private final BlockingQueue<Arrival> arrived = new ArrayBlockingQueue<>(PIECES_AHEAD + 1);

  private ByteBuffer piece = ByteBuffer.allocate(0);
  private long announced = -1;
  private @Nullable Status end;

  /** A piece, or how the stream ended. */
  private record Arrival(@Nullable SnapshotPiece piece, @Nullable Status end) {}

  private SnapshotStream(Endpoint endpoint, ManagedChannel channel, Optional<Secret> token) {
    this.endpoint = endpoint;
    this.channel = channel;
    this.call = channel.newCall(SNAPSHOT, CallOptions.DEFAULT);
    Metadata headers = new Metadata();
    token.ifPresent(secret -> headers.put(TOKEN, secret.reveal()));
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(SnapshotPiece next) {
            arrived.add(new Arrival(next, null));
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            arrived.add(new Arrival(null, status));
          }
        },
        headers);
    call.request(PIECES_AHEAD);
    call.sendMessage(new SnapshotPiece.Request());
    call.halfClose();
  }

  /**
   * Asks for a snapshot; what the server has against it shows when it is read.
   *
   * @param token of a login; empty where nobody needs one
   * @throws DriverException REJECTED if the TLS files can't be used
   */
  static SnapshotStream open(Endpoint endpoint, Optional<Secret> token) throws DriverException {
    return new SnapshotStream(endpoint, Channels.open(endpoint), token);
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
    while (!piece.hasRemaining()) {
      if (!next()) {
        return -1;
      }
    }
    int n = Math.min(length, piece.remaining());
    piece.get(bytes, offset, n);
    return n;
  }

  /** Takes up the next piece; false if there is none. */
  private boolean next() throws IOException {
    Status ended = end;
    if (ended == null) {
      Arrival arrival = await();
      SnapshotPiece taken = arrival.piece();
      if (taken != null) {
        call.request(1);
        if (announced < 0) {
          announced = taken.blob().size() + taken.remaining();
        }
        piece = taken.blob().asReadOnlyByteBuffer();
        return true;
      }
      ended = arrival.end();
      end = ended;
    }
    if (ended != null && !ended.isOk()) {
      throw broken(ended);
    }
    return false;
  }

  private Arrival await() throws IOException {
    try {
      Arrival arrival = arrived.poll(endpoint.patience().toMillis(), TimeUnit.MILLISECONDS);
      if (arrival == null) {
        throw new HttpTimeoutException("no answer in time");
      }
      return arrival;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the snapshot was cancelled");
    }
  }

  /** What etcd says begins with its name; all else is the network's. */
  private static IOException broken(Status status) {
    String said = Optional.ofNullable(status.getDescription()).orElse(status.getCode().name());
    boolean network =
        status.getCode() == Status.Code.UNAVAILABLE && !said.startsWith(Cluster.PRODUCT);
    if (!network) {
      return new Refusal(said);
    }
    return new IOException(said.lines().findFirst().orElse(said), status.getCause());
  }

  @Override
  public void close() {
    call.cancel("nobody reads it any more", null);
    channel.shutdownNow();
  }
}
