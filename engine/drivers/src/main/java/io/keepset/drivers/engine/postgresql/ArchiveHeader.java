package io.keepset.drivers.engine.postgresql;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes of a custom archive.
 *
 * @param minor of the archive format 1.x: 14 is PostgreSQL 12 to 15, 15 is 16, 16 is 17 and 18
 * @param database that was dumped
 * @param serverVersion full, as the server said it
 * @param toolVersion of the {@code pg_dump} that wrote it
 * @param entries in the table of contents that follows
 */
record ArchiveHeader(
    int minor,
    Compression compression,
    String database,
    String serverVersion,
    String toolVersion,
    int entries) {

  /** How data blocks are packed. */
  enum Compression {
    NONE,
    GZIP,
    LZ4,
    ZSTD;

    /** Whether it can be looked into a block. */
    boolean isOpen() {
      return this == NONE || this == GZIP;
    }
  }

  static final int OLDEST = 12;
  static final int NEWEST = 16;
  private static final int CUSTOM = 1;
  private static final int NAME = 4096;

  static ArchiveHeader read(ArchiveInput in) throws IOException {
    byte[] magic = new byte[5];
    for (int i = 0; i < magic.length; i++) {
      int value = in.read();
      if (value < 0) {
        throw new MalformedArchive(
            i == 0 ? "it is empty" : "it ends after " + i + " bytes, inside its first word");
      }
      magic[i] = (byte) value;
    }
    String word = new String(magic, StandardCharsets.ISO_8859_1);
    if (!word.equals("PGDMP")) {
      throw new MalformedArchive(foreign(word));
    }
    try {
      return afterMagic(in);
    } catch (EOFException e) {
      throw new MalformedArchive("it ends at byte " + in.offset() + ", inside its header");
    }
  }

  private static ArchiveHeader afterMagic(ArchiveInput in) throws IOException {
    int major = in.readByte();
    int minor = in.readByte();
    in.readByte();
    if (major != 1 || minor < OLDEST || minor > NEWEST) {
      throw new MalformedArchive(
          "its archive format is "
              + major
              + "."
              + minor
              + "; 1."
              + OLDEST
              + " to 1."
              + NEWEST
              + " (pg_dump up to version 18) can be read");
    }
    in.sizes(in.readByte(), in.readByte());
    int format = in.readByte();
    if (format != CUSTOM) {
      throw new MalformedArchive(
          "it is the table of contents of a directory or tar dump; make it with pg_dump -Fc");
    }
    Compression compression = compression(in, minor);
    for (int i = 0; i < 7; i++) {
      in.readInt(); // the date of the dump, field by field, in an unknown time zone
    }
    String database = text(in.readString(NAME));
    String server = text(in.readString(NAME));
    String tool = text(in.readString(NAME));
    int entries = in.readInt();
    if (entries < 0) {
      throw new MalformedArchive("its table of contents has " + entries + " entries");
    }
    return new ArchiveHeader(minor, compression, database, server, tool, entries);
  }

  private static Compression compression(ArchiveInput in, int minor) throws IOException {
    if (minor >= 15) {
      int algorithm = in.readByte();
      if (algorithm >= Compression.values().length) {
        throw new MalformedArchive("its compression " + algorithm + " is unknown");
      }
      return Compression.values()[algorithm];
    }
    return in.readInt() == 0 ? Compression.NONE : Compression.GZIP;
  }

  private static String foreign(String word) {
    String start = word.toLowerCase(Locale.ROOT);
    if (start.startsWith("--") || start.startsWith("set ") || start.startsWith("\n--")) {
      return "it looks like a plain SQL dump; make it with pg_dump -Fc";
    }
    if (word.startsWith("\u001f\u008b")) {
      return "it is compressed with gzip; unpack it first";
    }
    if (word.startsWith("(\u00b5/\u00fd")) {
      return "it is compressed with zstd; unpack it first";
    }
    return "it does not begin with PGDMP, so pg_dump -Fc did not write it";
  }

  /** Bytes of the archive for people: UTF-8 if they are that, else as they are. */
  static String text(@Nullable String raw) {
    if (raw == null) {
      return "";
    }
    byte[] bytes = raw.getBytes(StandardCharsets.ISO_8859_1);
    String decoded = new String(bytes, StandardCharsets.UTF_8);
    return decoded.indexOf('\ufffd') < 0 ? decoded : raw;
  }
}
