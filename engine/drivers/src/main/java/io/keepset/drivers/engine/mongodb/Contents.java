package io.keepset.drivers.engine.mongodb;

import io.keepset.spi.ArtifactFacts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bson.BsonDocument;

/** What an archive holds, gathered while it is read. */
final class Contents {
  static final String FORMAT = "mongodump-archive-gzip";

  private static final String OPLOG = "oplog";

  private final List<Announced> announced = new ArrayList<>();
  private final Map<Namespace, Long> documents = new TreeMap<>();
  private String serverVersion = "";
  private String toolVersion = "";

  void header(BsonDocument header) throws MalformedArchive {
    String version = Announced.text(header, "version");
    if (!version.equals("0.1")) {
      throw new MalformedArchive("its format is version \"" + version + "\", not 0.1");
    }
    serverVersion = Announced.text(header, "server_version");
    toolVersion = Announced.text(header, "tool_version");
  }

  void announce(Announced collection) throws MalformedArchive {
    if (collection.namespace().collection().isEmpty()) {
      throw new MalformedArchive("it announces a collection without a name");
    }
    announced.add(collection);
  }

  void count(Namespace namespace) {
    documents.merge(namespace, 1L, Long::sum);
  }

  List<Announced> announced() {
    return Collections.unmodifiableList(announced);
  }

  long documents(Namespace namespace) {
    return documents.getOrDefault(namespace, 0L);
  }

  long documents() {
    return documents.values().stream().mapToLong(Long::longValue).sum();
  }

  SortedSet<String> databases() {
    SortedSet<String> databases = new TreeSet<>();
    for (Announced collection : announced) {
      if (!collection.namespace().database().isEmpty()) {
        databases.add(collection.namespace().database());
      }
    }
    return databases;
  }

  /** The same for a dump and for the check of its artifact. */
  ArtifactFacts facts() {
    SortedMap<String, String> values = new TreeMap<>();
    values.put("server_version", serverVersion);
    values.put("tool_version", toolVersion);
    values.put("databases", String.join(",", databases()));
    values.put("collections", String.valueOf(announced.stream().filter(Contents::data).count()));
    values.put("views", String.valueOf(announced.stream().filter(Announced::view).count()));
    values.put("time_series", String.valueOf(count(Announced::timeSeries)));
    values.put("documents", String.valueOf(documents()));
    values.put("oplog", String.valueOf(count(Contents::oplog) > 0));
    return new ArtifactFacts(FORMAT, values);
  }

  private long count(java.util.function.Predicate<Announced> kind) {
    return announced.stream().filter(kind).count();
  }

  private static boolean data(Announced collection) {
    return !collection.view() && !oplog(collection);
  }

  private static boolean oplog(Announced collection) {
    return collection.namespace().equals(new Namespace("", OPLOG));
  }
}
