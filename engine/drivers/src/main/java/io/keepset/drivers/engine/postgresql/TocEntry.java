package io.keepset.drivers.engine.postgresql;

import static java.util.Objects.requireNonNullElse;

import java.io.EOFException;
import java.io.IOException;

/**
 * One line of an archive's table of contents; strings hold a byte a char.
 *
 * @param hasData a block of data follows in the archive
 * @param kind {@code TABLE}, {@code TABLE DATA}, …
 */
record TocEntry(
    int id,
    boolean hasData,
    String tag,
    String kind,
    String definition,
    String copy,
    String schema,
    String owner) {
  /** Definitions are looked at for locales and grants only, and those are short. */
  private static final int DEFINITION = 64 * 1024;

  private static final int NAME = 4096;
  private static final int MOST_DEPENDENCIES = 10_000_000;

  /** Whether its data is rows in the form of {@code COPY}. */
  boolean hasRows() {
    return hasData && copy.startsWith("COPY ");
  }

  static TocEntry read(ArchiveInput in, int minor) throws IOException {
    try {
      int id = in.readInt();
      if (id <= 0) {
        throw new MalformedArchive("an entry with number " + id + " at byte " + in.offset());
      }
      boolean hasData = in.readInt() != 0;
      in.readString(0); // table oid
      in.readString(0); // oid
      String tag = string(in, NAME);
      String kind = string(in, NAME);
      in.readInt(); // section
      String definition = string(in, DEFINITION);
      in.readString(0); // drop statement
      String copy = string(in, NAME);
      String schema = string(in, NAME);
      in.readString(0); // tablespace
      if (minor >= 14) {
        in.readString(0); // access method
      }
      if (minor >= 16) {
        in.readInt(); // kind of relation
      }
      String owner = string(in, NAME);
      in.readString(0); // with oids, always false since PostgreSQL 12
      for (int i = 0; in.readString(0) != null; i++) {
        if (i > MOST_DEPENDENCIES) {
          throw new MalformedArchive("endless dependencies at byte " + in.offset());
        }
      }
      in.skipOffset();
      return new TocEntry(id, hasData, tag, kind, definition, copy, schema, owner);
    } catch (EOFException e) {
      throw new MalformedArchive(
          "it ends at byte " + in.offset() + ", inside its table of contents");
    }
  }

  private static String string(ArchiveInput in, int keep) throws IOException {
    return requireNonNullElse(in.readString(keep), "");
  }
}
