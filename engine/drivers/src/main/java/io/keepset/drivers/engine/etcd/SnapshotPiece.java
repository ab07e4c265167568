package io.keepset.drivers.engine.etcd;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * {@code SnapshotResponse} of {@code rpc.proto}; by hand, as two fields of it are all that is read.
 *
 * @param remaining bytes that follow this piece, the checksum not counted
 */
record SnapshotPiece(long remaining, ByteString blob) {
  private static final int REMAINING_BYTES = 2 << 3 | WireFormat.WIRETYPE_VARINT;
  private static final int BLOB = 3 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

  static final Marshaller<SnapshotPiece> MARSHALLER =
      new Marshaller<>() {
        @Override
        public InputStream stream(SnapshotPiece value) {
          throw new UnsupportedOperationException("only a server sends it");
        }

        @Override
        public SnapshotPiece parse(InputStream message) {
          try {
            return read(CodedInputStream.newInstance(message));
          } catch (IOException e) {
            throw Status.INTERNAL
                .withDescription("the answer is not that of an etcd server")
                .withCause(e)
                .asRuntimeException();
          }
        }
      };

  private static SnapshotPiece read(CodedInputStream in) throws IOException {
    long remaining = 0;
    ByteString blob = ByteString.EMPTY;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag) {
        case REMAINING_BYTES -> remaining = in.readUInt64();
        case BLOB -> blob = in.readBytes();
        default -> in.skipField(tag);
      }
    }
    return new SnapshotPiece(remaining, blob);
  }

  /** {@code SnapshotRequest}, which has no field. */
  record Request() {
    static final Marshaller<Request> MARSHALLER =
        new Marshaller<>() {
          @Override
          public InputStream stream(Request value) {
            return new ByteArrayInputStream(new byte[0]);
          }

          @Override
          public Request parse(InputStream message) {
            throw new UnsupportedOperationException("only a client sends it");
          }
        };
  }
}
