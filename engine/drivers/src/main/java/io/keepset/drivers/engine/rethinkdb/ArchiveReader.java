package io.keepset.drivers.engine.rethinkdb;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.keepset.drivers.stream.OuterStream;
import io.keepset.drivers.stream.TarTail;
import io.keepset.spi.ArtifactFacts;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Reads an archive of {@code rethinkdb dump} to its last byte: {@code rethinkdb_dump_…/DB/TABLE}
 * with {@code .info} (an object) and {@code .json} (an array of documents), in any order, in a
 * tar.gz. Memory is that of the largest document.
 */
final class ArchiveReader {
  static final String FORMAT = "rethinkdb-dump";

  private static final Pattern FILE =
      Pattern.compile("(?:\\./)?[^/]+/([A-Za-z0-9_-]+)/([A-Za-z0-9_-]+)\\.(info|json)");
  private static final int LARGEST_INFO = 64 << 20;
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonFactory JSON =
      new JsonFactory(MAPPER).disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);

  /** Takes what is in it. */
  interface Taker {
    /** A definition. */
    default void info(String table, TableInfo info) throws IOException {}

    /** A document of a table, whose definition may still come. */
    default void document(String table, String json) throws IOException {}

    /** No more documents of this table. */
    default void end(String table) throws IOException {}

    /** Whether documents are wanted as text; reading is faster without. */
    default boolean wantsDocuments() {
      return true;
    }
  }

  private final Taker taker;
  private final SortedSet<String> databases = new TreeSet<>();
  private final SortedMap<String, Long> indexes = new TreeMap<>();
  private final SortedMap<String, Long> documents = new TreeMap<>();

  ArchiveReader(Taker taker) {
    this.taker = taker;
  }

  /**
   * @throws MalformedArchive if it is not whole
   * @throws IOException if the artifact itself can't be read
   */
  void read(InputStream artifact) throws IOException {
    OuterStream outer = new OuterStream(artifact);
    try (TarTail tail = new TarTail(new GZIPInputStream(outer, 64 * 1024));
        TarArchiveInputStream tar = new TarArchiveInputStream(tail, "UTF-8")) {
      TarArchiveEntry entry = tar.getNextEntry();
      while (entry != null) {
        entry(entry, tar);
        entry = tar.getNextEntry();
      }
      tail.drain();
      if (!tail.endsWithMark()) {
        throw new MalformedArchive("the end mark of tar is missing");
      }
    } catch (MalformedArchive e) {
      throw e;
    } catch (IOException | IllegalArgumentException e) {
      if (outer.failure().isPresent()) {
        throw outer.failure().get();
      }
      throw new MalformedArchive(e.getMessage() == null ? "it ends too early" : e.getMessage());
    }
    requireWhole();
  }

  private void entry(TarArchiveEntry entry, TarArchiveInputStream tar) throws IOException {
    if (!entry.isCheckSumOK()) {
      throw new MalformedArchive("the checksum of an entry's head is wrong");
    }
    if (entry.isDirectory()) {
      return;
    }
    Matcher file = FILE.matcher(entry.getName());
    if (!file.matches()) {
      throw new MalformedArchive("it holds a file that is no part of a dump: " + entry.getName());
    }
    databases.add(file.group(1));
    String table = file.group(2);
    if (file.group(3).equals("info")) {
      byte[] content = tar.readNBytes(LARGEST_INFO);
      TableInfo info = TableInfo.of(content);
      indexes.put(table, info.indexes());
      taker.info(table, info);
    } else {
      if (documents.containsKey(table)) {
        throw new MalformedArchive("it holds the documents of " + table + " twice");
      }
      documents.put(table, documents(table, tar));
      taker.end(table);
    }
  }

  private long documents(String table, InputStream content) throws IOException {
    long found = 0;
    try (JsonParser parser = JSON.createParser(content)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw new MalformedArchive("the documents of " + table + " are no list");
      }
      JsonToken token = parser.nextToken();
      while (token == JsonToken.START_OBJECT) {
        if (taker.wantsDocuments()) {
          JsonNode document = parser.readValueAsTree();
          taker.document(table, MAPPER.writeValueAsString(document));
        } else {
          parser.skipChildren();
        }
        found++;
        token = parser.nextToken();
      }
      if (token != JsonToken.END_ARRAY || parser.nextToken() != null) {
        throw new MalformedArchive("the documents of " + table + " do not end as they should");
      }
    } catch (JsonProcessingException e) {
      throw new MalformedArchive(
          "the documents of " + table + " are no JSON: " + e.getOriginalMessage());
    }
    return found;
  }

  private void requireWhole() throws MalformedArchive {
    if (documents.isEmpty()) {
      throw new MalformedArchive("it holds no table");
    }
    if (!documents.keySet().equals(indexes.keySet())) {
      throw new MalformedArchive(
          "it holds definitions of "
              + indexes.keySet()
              + ", but documents of "
              + documents.keySet());
    }
    if (databases.size() > 1) {
      throw new MalformedArchive(
          "it holds several databases " + databases + "; dump them one by one: -e DATABASE");
    }
  }

  Map<String, Long> counts() {
    return documents;
  }

  ArtifactFacts facts() {
    return facts(databases.first(), documents.size(), sum(indexes), sum(documents));
  }

  private static long sum(SortedMap<String, Long> values) {
    return values.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The same for a dump and for the check of its artifact. */
  static ArtifactFacts facts(String database, long tables, long indexes, long documents) {
    SortedMap<String, String> values = new TreeMap<>();
    values.put("database", database);
    values.put("tables", String.valueOf(tables));
    values.put("indexes", String.valueOf(indexes));
    values.put("documents", String.valueOf(documents));
    return new ArtifactFacts(FORMAT, values);
  }
}
