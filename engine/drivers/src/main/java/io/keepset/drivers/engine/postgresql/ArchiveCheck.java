package io.keepset.drivers.engine.postgresql;

import io.keepset.spi.Verdict;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a custom archive to its last byte and says whether it holds together: header, table of
 * contents, every announced block of data there exactly once and complete. Stricter than {@code
 * pg_restore --list}, which reads the head only, and faster than {@code pg_restore -f /dev/null}.
 */
final class ArchiveCheck {
  private static final int DATA = 1;
  private static final int LARGE_OBJECTS = 3;
  private static final int HIGHEST_ID = 1 << 28;

  private final ArchiveInput in;
  private final BitSet announced = new BitSet();
  private final BitSet copies = new BitSet();
  private final BitSet found = new BitSet();
  private final Map<Integer, String> names = new HashMap<>();
  private long bytes;
  private long largeObjects;

  private ArchiveCheck(InputStream artifact) {
    in = new ArchiveInput(artifact, null);
  }

  /** A bad archive is a verdict; only a stream that can't be read is an exception. */
  static Verdict verdict(InputStream artifact) throws IOException {
    try {
      return new ArchiveCheck(artifact).run();
    } catch (MalformedArchive e) {
      return Verdict.bad("this is not a whole pg_dump archive: " + e.getMessage());
    }
  }

  private Verdict run() throws IOException {
    ArchiveHeader header = ArchiveHeader.read(in);
    Contents contents = new Contents(header);
    for (int i = 0; i < header.entries(); i++) {
      announce(contents, TocEntry.read(in, header.minor()));
    }
    BlockData data = new BlockData(header.compression());
    for (int type = in.read(); type >= 0; type = in.read()) {
      readBlock(type, data, contents);
    }
    BitSet missing = (BitSet) announced.clone();
    missing.andNot(found);
    if (!missing.isEmpty()) {
      throw new MalformedArchive(
          "the data of "
              + missing.cardinality()
              + " of "
              + announced.cardinality()
              + " entries is missing, first "
              + names.get(missing.nextSetBit(0)));
    }
    List<String> findings = new ArrayList<>();
    findings.add(contents.sentence());
    findings.add(
        announced.cardinality() + " blocks of data, " + bytes + " bytes, all read to their end");
    if (largeObjects > 0) {
      findings.add(largeObjects + " large objects");
    }
    if (!header.compression().isOpen()) {
      findings.add("data packed by pg_dump itself was counted, not unpacked");
    }
    return Verdict.good(contents.facts(), findings);
  }

  private void announce(Contents contents, TocEntry entry) throws MalformedArchive {
    contents.add(entry);
    if (entry.id() > HIGHEST_ID) {
      throw new MalformedArchive("an entry with number " + entry.id());
    }
    if (!entry.hasData()) {
      return;
    }
    if (announced.get(entry.id())) {
      throw new MalformedArchive("two entries with number " + entry.id());
    }
    announced.set(entry.id());
    copies.set(entry.id(), entry.hasRows());
    String schema = entry.schema().isEmpty() ? "" : entry.schema() + ".";
    names.put(entry.id(), entry.kind() + " " + ArchiveHeader.text(schema + entry.tag()));
  }

  private void readBlock(int type, BlockData data, Contents contents) throws IOException {
    String name = "a block";
    try {
      int id = in.readInt();
      if (id <= 0 || !announced.get(id)) {
        throw new MalformedArchive(
            "data that nothing announced (number " + id + ") at byte " + in.offset());
      }
      if (found.get(id)) {
        throw new MalformedArchive("the data of " + names.get(id) + " comes twice");
      }
      name = String.valueOf(names.get(id));
      if (type == DATA) {
        readChunks(data, name);
        data.end(copies.get(id), name);
        contents.addRows(copies.get(id) ? data.rows() : 0);
      } else if (type == LARGE_OBJECTS) {
        while (in.readInt() != 0) {
          readChunks(data, name);
          data.end(false, name);
          largeObjects++;
        }
      } else {
        throw new MalformedArchive("unknown block type " + type + " at byte " + in.offset());
      }
      found.set(id);
    } catch (EOFException e) {
      throw new MalformedArchive("it ends at byte " + in.offset() + ", inside " + name);
    }
  }

  private void readChunks(BlockData data, String name) throws IOException {
    data.begin();
    for (int length = in.readInt(); length != 0; length = in.readInt()) {
      if (length < 0) {
        throw new MalformedArchive("a piece of " + length + " bytes in " + name);
      }
      in.pass(length, data);
      bytes += length;
    }
  }
}
