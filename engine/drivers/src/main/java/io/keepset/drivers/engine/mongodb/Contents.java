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

  /** Facts: how much of it there is. */
  static final String COLLECTIONS = "collections";

  static final String DOCUMENTS = "documents";

  /** Before the name of a fact: how much of that is the server's own, which nobody restores. */
  private static final String SERVERS = "server_";

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
    values.put(COLLECTIONS, String.valueOf(announced.stream().filter(Contents::data).count()));
    values.put("views", String.valueOf(announced.stream().filter(Announced::view).count()));
    values.put("time_series", String.valueOf(count(Announced::timeSeries)));
    values.put(DOCUMENTS, String.valueOf(documents()));
    values.put("oplog", String.valueOf(count(Contents::oplog) > 0));
    List<Announced> servers = announced.stream().filter(Contents::serversOwn).toList();
    if (!servers.isEmpty()) {
      long inThem = servers.stream().mapToLong(own -> documents(own.namespace())).sum();
      values.put(SERVERS + COLLECTIONS, String.valueOf(servers.size()));
      values.put(SERVERS + DOCUMENTS, String.valueOf(inThem));
    }
    return new ArtifactFacts(FORMAT, values);
  }

  /** The facts of what a restore of such an archive brings. */
  static ArtifactFacts restored(ArtifactFacts facts) {
    SortedMap<String, String> values = new TreeMap<>(facts.values());
    for (String fact : List.of(COLLECTIONS, DOCUMENTS)) {
      long own = Long.parseLong(facts.values().getOrDefault(SERVERS + fact, "0"));
      values.computeIfPresent(
          fact, (unused, all) -> own == 0 ? all : String.valueOf(Long.parseLong(all) - own));
    }
    return new ArtifactFacts(facts.format(), values);
  }

  private long count(java.util.function.Predicate<Announced> kind) {
    return announced.stream().filter(kind).count();
  }

  private static boolean data(Announced collection) {
    return !collection.view() && !oplog(collection);
  }

  /** It belongs to the server or holds its users. */
  static boolean serversOwn(Announced collection) {
    String name = collection.namespace().collection();
    return !collection.view() && (name.startsWith("system.") || name.startsWith("$"));
  }

  private static boolean oplog(Announced collection) {
    return collection.namespace().equals(new Namespace("", OPLOG));
  }
}
