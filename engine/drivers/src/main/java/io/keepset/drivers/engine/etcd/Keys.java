package io.keepset.drivers.engine.etcd;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The keys of a snapshot as of its newest revision. The bucket {@code key} holds every revision
 * that was not compacted, in order, each a {@code KeyValue} ({@code kv.proto}); a deletion is one
 * whose name ends with {@code t}. Keys are held in memory, as etcd does, values are not.
 *
 * @param newest by key, in order of bytes
 * @param leases seconds to live by lease
 */
record Keys(SortedMap<byte[], Value> newest, Map<Long, Long> leases) {
  private static final int REVISION = 17;
  private static final int KEY = 1;
  private static final int VALUE = 5;
  private static final int LEASE = 6;

  /**
   * Where a value is.
   *
   * @param at byte in the file
   * @param lease 0 for none
   */
  record Value(long at, int length, long lease) {
    byte[] read(Bolt bolt) throws IOException {
      byte[] bytes = new byte[length];
      bolt.bytes(at, length).get(bytes);
      return bytes;
    }
  }

  static Keys read(Bolt bolt) throws IOException {
    try {
      return readAll(bolt);
    } catch (IndexOutOfBoundsException | IllegalArgumentException | BufferUnderflowException e) {
      throw new IOException("the snapshot is malformed", e);
    }
  }

  private static Keys readAll(Bolt bolt) throws IOException {
    SortedMap<byte[], Value> newest = new TreeMap<>(Arrays::compareUnsigned);
    bolt.each(
        "key",
        (revision, pair, at) -> {
          boolean deleted = revision.remaining() > REVISION && revision.get(REVISION) == 't';
          Fields fields = new Fields(pair, at);
          if (deleted) {
            newest.remove(fields.key);
          } else {
            newest.put(fields.key, new Value(fields.valueAt, fields.valueLength, fields.lease));
          }
        });
    Map<Long, Long> leases = new TreeMap<>();
    bolt.each("lease", (id, lease, at) -> lease(lease, leases));
    return new Keys(newest, leases);
  }

  /** {@code lease.proto}: ID = 1, TTL = 2. */
  private static void lease(ByteBuffer lease, Map<Long, Long> leases) throws IOException {
    long id = 0;
    long seconds = 0;
    while (lease.hasRemaining()) {
      long tag = varint(lease);
      long value = varint(lease);
      if (tag == 1 << 3) {
        id = value;
      } else if (tag == 2 << 3) {
        seconds = value;
      }
    }
    leases.put(id, seconds);
  }

  /** What of a {@code KeyValue} is needed. */
  private static final class Fields {
    private byte[] key = new byte[0];
    private long valueAt;
    private int valueLength;
    private long lease;

    Fields(ByteBuffer pair, long at) throws IOException {
      while (pair.hasRemaining()) {
        long tag = varint(pair);
        int field = (int) (tag >>> 3);
        if ((tag & 7) == 0) {
          long number = varint(pair);
          lease = field == LEASE ? number : lease;
        } else if ((tag & 7) == 2) {
          int length = (int) varint(pair);
          if (length < 0 || length > pair.remaining()) {
            throw new IOException("the snapshot is malformed at byte " + at);
          }
          if (field == KEY) {
            key = new byte[length];
            pair.get(pair.position(), key);
          } else if (field == VALUE) {
            valueAt = at + pair.position();
            valueLength = length;
          }
          pair.position(pair.position() + length);
        } else {
          throw new IOException("the snapshot is malformed at byte " + at);
        }
      }
    }
  }

  private static long varint(ByteBuffer bytes) throws IOException {
    long value = 0;
    for (int shift = 0; shift < 64 && bytes.hasRemaining(); shift += 7) {
      byte next = bytes.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IOException("the snapshot is malformed: a number has no end");
  }
}
