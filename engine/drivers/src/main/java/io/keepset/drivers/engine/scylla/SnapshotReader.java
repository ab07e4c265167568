package io.keepset.drivers.engine.scylla;

import io.keepset.drivers.stream.OuterStream;
import io.keepset.drivers.stream.TarTail;
import io.keepset.spi.ArtifactFacts;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads an artifact to its last byte: our CRC-32 of every entry, the database's own digest of every
 * table file ({@code *-Digest.crc32}: the CRC-32 of {@code *-Data.db}, as decimal text), and the
 * end mark of tar.
 */
final class SnapshotReader {
  static final String FORMAT = "sstables-tar";

  private static final Pattern SCHEMA = Pattern.compile("schema/\\d{5}-([a-z_]+)-(.+)\\.cql");
  private static final Pattern FILE = Pattern.compile("nodes/([^/]+)/([^/]+)/([^/]+)");
  private static final int SMALL = 64 << 20;
  private static final String DATA = "-Data.db";
  private static final String DIGEST = "-Digest.crc32";

  /** Takes the files as they come. */
  interface Taker {
    /** Where one goes. */
    OutputStream open(Header header, String node, String table, String file) throws IOException;
  }

  private final Taker taker;
  private final SortedMap<String, Long> sums = new TreeMap<>();
  private final SortedMap<String, Long> data = new TreeMap<>();
  private final SortedMap<String, Long> digests = new TreeMap<>();
  private final List<Schema.Statement> statements = new ArrayList<>();
  private Optional<Header> header = Optional.empty();
  private Optional<String> checksums = Optional.empty();
  private long bytes;
  private long files;

  SnapshotReader(Taker taker) {
    this.taker = taker;
  }

  /**
   * @throws MalformedSnapshot if it is not whole
   * @throws IOException if the artifact itself can't be read, or a file not be written
   */
  void read(InputStream artifact) throws IOException {
    OuterStream outer = new OuterStream(artifact);
    TarTail tail = new TarTail(outer);
    try (TarArchiveInputStream tar = new TarArchiveInputStream(tail, "UTF-8")) {
      for (TarArchiveEntry entry = next(tar, outer); entry != null; entry = next(tar, outer)) {
        entry(entry.getName(), tar, outer);
      }
      tail.drain();
    }
    if (!tail.endsWithMark()) {
      throw new MalformedSnapshot("the end mark of tar is missing");
    }
    requireWhole();
  }

  private static @Nullable TarArchiveEntry next(TarArchiveInputStream tar, OuterStream outer)
      throws IOException {
    try {
      TarArchiveEntry entry = tar.getNextEntry();
      if (entry != null && !entry.isCheckSumOK()) {
        throw new IOException("the checksum of an entry's head is wrong");
      }
      return entry;
    } catch (IOException | IllegalArgumentException e) {
      throw malformed(e, outer);
    }
  }

  private static IOException malformed(Exception e, OuterStream outer) {
    if (outer.failure().isPresent()) {
      return outer.failure().get();
    }
    String why = e.getMessage() == null ? "it ends too early" : e.getMessage();
    return new MalformedSnapshot("it is no whole tar: " + why);
  }

  private void entry(String name, TarArchiveInputStream tar, OuterStream outer) throws IOException {
    if (header.isEmpty()) {
      if (!name.equals(Header.ENTRY)) {
        throw new MalformedSnapshot("it does not begin with " + Header.ENTRY);
      }
      header = Optional.of(Header.of(small(name, tar, outer)));
      return;
    }
    Matcher schema = SCHEMA.matcher(name);
    Matcher file = FILE.matcher(name);
    if (name.equals(TarSource.CHECKSUMS)) {
      checksums = Optional.of(text(small(name, tar, outer)));
    } else if (schema.matches()) {
      String cql = text(small(name, tar, outer));
      statements.add(new Schema.Statement(schema.group(1), schema.group(2), cql));
    } else if (file.matches() && !name.contains("/../") && !name.endsWith("/..")) {
      file(name, file.group(1), file.group(2), file.group(3), tar, outer);
    } else {
      throw new MalformedSnapshot("it holds an entry that is no part of a backup: " + name);
    }
  }

  private void file(
      String name,
      String node,
      String table,
      String file,
      TarArchiveInputStream tar,
      OuterStream outer)
      throws IOException {
    CRC32 crc = new CRC32();
    byte[] head = new byte[0];
    try (OutputStream out = taker.open(header.orElseThrow(), node, table, file)) {
      byte[] buffer = new byte[64 * 1024];
      for (int n = piece(tar, buffer, outer); n >= 0; n = piece(tar, buffer, outer)) {
        crc.update(buffer, 0, n);
        out.write(buffer, 0, n);
        bytes += n;
        if (head.length == 0) {
          head = Arrays.copyOf(buffer, Math.min(n, 32));
        }
      }
    }
    sums.put(name, crc.getValue());
    files++;
    if (name.endsWith(DATA)) {
      data.put(name.substring(0, name.length() - DATA.length()), crc.getValue());
    } else if (name.endsWith(DIGEST)) {
      digests.put(name.substring(0, name.length() - DIGEST.length()), digest(name, text(head)));
    }
  }

  private static int piece(TarArchiveInputStream tar, byte[] buffer, OuterStream outer)
      throws IOException {
    try {
      return tar.read(buffer);
    } catch (IOException | IllegalArgumentException e) {
      throw malformed(e, outer);
    }
  }

  private static long digest(String name, String text) throws MalformedSnapshot {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      throw new MalformedSnapshot(name + " holds no number");
    }
  }

  private byte[] small(String name, TarArchiveInputStream tar, OuterStream outer)
      throws IOException {
    byte[] content;
    try {
      content = tar.readNBytes(SMALL + 1);
    } catch (IOException | IllegalArgumentException e) {
      throw malformed(e, outer);
    }
    if (content.length > SMALL) {
      throw new MalformedSnapshot(name + " is larger than it can be");
    }
    CRC32 crc = new CRC32();
    crc.update(content);
    sums.put(name, crc.getValue());
    return content;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private void requireWhole() throws MalformedSnapshot {
    if (checksums.isEmpty()) {
      throw new MalformedSnapshot("it ends before its checksums");
    }
    sums.remove(TarSource.CHECKSUMS);
    SortedMap<String, Long> wanted = new TreeMap<>();
    for (String line : checksums.get().lines().toList()) {
      if (!line.matches("[0-9a-f]{8} .+")) {
        throw new MalformedSnapshot("its checksums can't be read");
      }
      wanted.put(line.substring(9), Long.parseLong(line.substring(0, 8), 16));
    }
    for (var entry : wanted.entrySet()) {
      if (!entry.getValue().equals(sums.get(entry.getKey()))) {
        throw new MalformedSnapshot(entry.getKey() + " is missing or its checksum is wrong");
      }
    }
    if (sums.size() != wanted.size()) {
      throw new MalformedSnapshot("it holds files that its checksums do not know");
    }
    for (var entry : data.entrySet()) {
      if (!entry.getValue().equals(digests.get(entry.getKey()))) {
        throw new MalformedSnapshot(
            entry.getKey() + DATA + " does not fit the digest that the database wrote");
      }
    }
    if (schema().tables().isEmpty()) {
      throw new MalformedSnapshot("it holds no table");
    }
  }

  Header header() {
    return header.orElseThrow();
  }

  Schema schema() {
    return new Schema(statements);
  }

  long tableFiles() {
    return data.size();
  }

  long bytes() {
    return bytes;
  }

  /** The same for a dump and for the check of its artifact. */
  ArtifactFacts facts() {
    return facts(header(), schema(), data.size(), files, bytes);
  }

  static ArtifactFacts facts(Header header, Schema schema, long sstables, long files, long bytes) {
    SortedMap<String, String> values = new TreeMap<>();
    values.put("kind", header.kind());
    values.put("release", header.release());
    values.put("keyspace", header.keyspace());
    values.put("nodes", String.join(",", header.nodes()));
    values.put("tables", String.valueOf(schema.tables().size()));
    values.put("sstables", String.valueOf(sstables));
    values.put("files", String.valueOf(files));
    values.put("bytes", String.valueOf(bytes));
    return new ArtifactFacts(FORMAT, values);
  }
}
