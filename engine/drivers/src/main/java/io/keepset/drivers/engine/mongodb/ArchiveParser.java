package io.keepset.drivers.engine.mongodb;

import io.keepset.drivers.stream.Crc64;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bson.BSONException;
import org.bson.BsonBinaryReader;
import org.bson.BsonType;
import org.bson.RawBsonDocument;

/**
 * Reads a mongodump archive as it passes: a magic number, a header, an announcement of each
 * collection, then blocks of documents, each block of one collection. The last block of a
 * collection holds the CRC-64 of all its documents (mongo-tools, {@code common/archive/spec.md}).
 * Memory is that of the largest document and of the announcements.
 */
final class ArchiveParser {
  static final int MAGIC = 0x8199e26d;
  static final int TERMINATOR = -1;

  /** The server's limit is 16 MiB, and a little more for what it adds itself. */
  private static final int LARGEST = 17 << 20;

  private static final long LARGEST_HEAD = 256L << 20;
  private static final int SMALLEST = 5;

  /** Hears what an archive holds, in its order. */
  interface Listener {
    /** All collections are announced. */
    default void announced(Contents contents) throws MalformedArchive {}

    /** A document of a collection; the bytes are good for this call only. */
    default void document(Namespace namespace, byte[] bytes, int length) {}

    /** For now, or for good, no more documents of this collection. */
    default void pause(Namespace namespace) {}
  }

  private enum Place {
    MAGIC,
    HEADER,
    ANNOUNCEMENTS,
    BLOCK,
    DOCUMENTS,
    AFTER_LAST
  }

  private final Listener listener;
  private final boolean walk;
  private final Contents contents = new Contents();
  private final Map<Namespace, Crc64> open = new TreeMap<>();
  private final Set<Namespace> ended = new TreeSet<>();
  private Place place = Place.MAGIC;
  private Namespace current = new Namespace("", "");
  private byte[] item = new byte[1 << 16];
  private int have;
  private int need = 4;
  private long head;

  /**
   * @param walk whether to look at the structure of every document, beside its checksum
   */
  ArchiveParser(Listener listener, boolean walk) {
    this.listener = listener;
    this.walk = walk;
  }

  Contents contents() {
    return contents;
  }

  void accept(byte[] bytes, int offset, int length) throws MalformedArchive {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      int n = Math.min(need - have, end - at);
      System.arraycopy(bytes, at, item, have, n);
      have += n;
      at += n;
      if (have == need) {
        complete();
      }
    }
  }

  /** To be called at the end: is this where an archive may end? */
  void finish() throws MalformedArchive {
    if (place != Place.BLOCK || have > 0) {
      throw new MalformedArchive("it ends in the middle");
    }
    for (Announced announced : contents.announced()) {
      Namespace namespace = announced.namespace();
      boolean whole =
          ended.contains(namespace)
              || (announced.timeSeries() && ended.contains(namespace.buckets()));
      if (!whole) {
        throw new MalformedArchive("it ends before the documents of " + namespace + " do");
      }
    }
    if (!open.isEmpty()) {
      throw new MalformedArchive("it ends before the documents of " + open.keySet() + " do");
    }
  }

  private void complete() throws MalformedArchive {
    if (need > 4) {
      if (item[need - 1] != 0) {
        throw new MalformedArchive("a document does not end where it says");
      }
      document(need);
      next();
      return;
    }
    int value = little(item, 0);
    if (place == Place.MAGIC) {
      if (value != MAGIC) {
        throw new MalformedArchive("it does not begin as a mongodump archive does");
      }
      place = Place.HEADER;
      next();
    } else if (value == TERMINATOR) {
      terminator();
      next();
    } else if (value < SMALLEST || value > LARGEST) {
      throw new MalformedArchive("a document has the impossible length " + value);
    } else {
      need = value;
      if (item.length < need) {
        item = Arrays.copyOf(item, Math.min(LARGEST, Math.max(need, item.length * 2)));
      }
    }
  }

  private void next() {
    have = 0;
    need = 4;
  }

  private void terminator() throws MalformedArchive {
    switch (place) {
      case ANNOUNCEMENTS -> {
        place = Place.BLOCK;
        listener.announced(contents);
      }
      case DOCUMENTS -> {
        place = Place.BLOCK;
        listener.pause(current);
      }
      case AFTER_LAST -> place = Place.BLOCK;
      case MAGIC, HEADER, BLOCK -> throw new MalformedArchive("an end stands where none may be");
    }
  }

  private void document(int length) throws MalformedArchive {
    switch (place) {
      case HEADER -> {
        contents.header(small(length));
        place = Place.ANNOUNCEMENTS;
      }
      case ANNOUNCEMENTS -> {
        head += length;
        if (head > LARGEST_HEAD) {
          throw new MalformedArchive("it announces more collections than can be");
        }
        contents.announce(Announced.of(small(length)));
      }
      case BLOCK -> block(small(length));
      case DOCUMENTS -> {
        if (walk) {
          walk(length);
        }
        crc(current).update(item, 0, length);
        contents.count(current);
        listener.document(current, item, length);
      }
      case AFTER_LAST -> throw new MalformedArchive("documents follow the end of " + current);
      case MAGIC -> throw new IllegalStateException("a document before the magic number");
    }
  }

  private Crc64 crc(Namespace namespace) {
    return open.computeIfAbsent(namespace, unused -> Crc64.ecma());
  }

  private void block(RawBsonDocument header) throws MalformedArchive {
    long stored;
    boolean last;
    try {
      current = new Namespace(Announced.text(header, "db"), Announced.text(header, "collection"));
      last = header.getBoolean("EOF").getValue();
      stored = header.getNumber("CRC").longValue();
    } catch (BSONException e) {
      throw new MalformedArchive("a block has no proper header");
    }
    if (current.collection().isEmpty() || ended.contains(current)) {
      throw new MalformedArchive("a block belongs to no collection, or to one that has ended");
    }
    long found = crc(current).value();
    if (last) {
      if (found != stored) {
        throw new MalformedArchive("the checksum of " + current + " is wrong");
      }
      open.remove(current);
      ended.add(current);
    }
    place = last ? Place.AFTER_LAST : Place.DOCUMENTS;
  }

  /** A copy of what the archive says about itself, checked: getters may throw on damage. */
  private RawBsonDocument small(int length) throws MalformedArchive {
    walk(length);
    return new RawBsonDocument(Arrays.copyOf(item, length));
  }

  private void walk(int length) throws MalformedArchive {
    try (BsonBinaryReader reader = new BsonBinaryReader(ByteBuffer.wrap(item, 0, length))) {
      reader.readStartDocument();
      while (reader.readBsonType() != BsonType.END_OF_DOCUMENT) {
        reader.readName();
        reader.skipValue();
      }
      reader.readEndDocument();
    } catch (BSONException | IllegalArgumentException e) {
      throw new MalformedArchive("a document is no BSON: " + e.getMessage());
    } catch (java.nio.BufferUnderflowException | IndexOutOfBoundsException e) {
      throw new MalformedArchive("a document is no BSON: a value is longer than the document");
    }
  }

  static int little(byte[] bytes, int at) {
    return (bytes[at] & 0xff)
        | (bytes[at + 1] & 0xff) << 8
        | (bytes[at + 2] & 0xff) << 16
        | (bytes[at + 3] & 0xff) << 24;
  }
}
