package io.keepset.drivers.engine.elasticsearch;

import io.keepset.drivers.stream.TarGz;
import io.keepset.source.JsonText;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.SourceFile;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/**
 * Reads a repository directory in a tar to its end: its list of contents ({@code index-N}) names
 * one successful snapshot; everything that the list names is there; every blob's own checksum holds
 * (Elasticsearch, "BlobStoreRepository").
 */
final class RepositoryCheck {
  static final String FORMAT = "snapshot-repository-tar.gz";

  /** Ours, beside the repository's files: what the cluster was. */
  static final String OURS = "keepset.json";

  private static final int LONGEST_LIST = 64 << 20;
  private static final Pattern NAMES =
      Pattern.compile(
          "index-[0-9]+|index\\.latest|incompatible-snapshots|keepset\\.json"
              + "|(?:snap|meta)-[\\w-]+\\.dat"
              + "|indices/[\\w-]+/meta-[\\w-]+\\.dat"
              + "|indices/[\\w-]+/[0-9]+/(?:index-[\\w-]+|snap-[\\w-]+\\.dat|__[\\w.-]+)");
  private static final Pattern PART = Pattern.compile(".*\\.part[0-9]+");

  private final Set<String> names = new HashSet<>();
  private Optional<Contents> contents = Optional.empty();
  private Optional<MapNode> ours = Optional.empty();
  private long unchecked;

  private RepositoryCheck() {}

  /**
   * @throws IOException if the artifact itself can't be read; what is wrong inside is a verdict
   */
  static Verdict verdict(InputStream artifact) throws IOException {
    RepositoryCheck check = new RepositoryCheck();
    return TarGz.check(artifact, check::wrong, unused -> check.whole());
  }

  /** The entry's name without the dot that some tars begin with. */
  static String name(TarArchiveEntry entry) {
    return entry.getName().replaceFirst("^\\./", "");
  }

  /** Indices that a backup restores, by name; not those of the cluster itself. */
  static Set<String> indexNames(ArtifactFacts facts) {
    String listed = facts.values().getOrDefault("index_names", "");
    return new TreeSet<>(listed.isEmpty() ? List.of() : List.of(listed.split(",", -1)));
  }

  static boolean known(String name) {
    return NAMES.matcher(name).matches();
  }

  private Optional<String> wrong(TarArchiveEntry entry, InputStream content) throws IOException {
    String name = name(entry);
    if (entry.isDirectory()) {
      return Optional.empty();
    }
    if (!entry.isFile() || !known(name)) {
      return Optional.of("this is no repository of snapshots: it holds " + name);
    }
    if (!names.add(name)) {
      return Optional.of(name + " is in it twice");
    }
    if (Contents.isFile(name) || name.equals(OURS)) {
      return list(name, content);
    }
    if (name.equals("index.latest") || name.equals("incompatible-snapshots")) {
      return Optional.empty();
    }
    if (PART.matcher(name).matches()) {
      unchecked++; // A piece of a file: its checksum is in the last one.
      return Optional.empty();
    }
    return CodecCheck.wrong(content).map(why -> "blob " + name + " is damaged: " + why);
  }

  private Optional<String> list(String name, InputStream content) throws IOException {
    byte[] bytes = content.readNBytes(LONGEST_LIST + 1);
    Optional<MapNode> read =
        bytes.length > LONGEST_LIST
            ? Optional.empty()
            : JsonText.read(new SourceFile(name, bytes)).valid().map(Cluster::map);
    if (read.isEmpty()) {
      return Optional.of(name + " can't be read as JSON");
    }
    if (name.equals(OURS)) {
      ours = read;
      return Optional.empty();
    }
    if (contents.isPresent()) {
      return Optional.of("it holds two lists of contents, of two moments");
    }
    contents = read.map(Contents::new);
    return Optional.empty();
  }

  private Verdict whole() {
    if (contents.isEmpty()) {
      return Verdict.bad("this is no repository of snapshots: there is no index-N in it");
    }
    List<MapNode> snapshots = contents.get().snapshots();
    if (snapshots.size() != 1) {
      return Verdict.bad(
          "it holds " + snapshots.size() + " snapshots, and a backup is a single one");
    }
    MapNode snapshot = snapshots.get(0);
    if (!snapshot.text("state").equals(Optional.of("1"))) {
      return Verdict.bad("its snapshot is none that ended with success");
    }
    String uuid = snapshot.text("uuid").orElse("");
    Set<String> wanted = new TreeSet<>(Set.of("snap-" + uuid + ".dat", "meta-" + uuid + ".dat"));
    TreeSet<String> indices = new TreeSet<>();
    long shards = 0;
    for (MapNode.Entry entry : contents.get().indices()) {
      indices.add(entry.key());
      shards += wants(wanted, Cluster.map(entry.value()), contents.get(), uuid);
    }
    wanted.removeAll(names);
    if (!wanted.isEmpty()) {
      return Verdict.bad(
          wanted.size() + " files are missing, the first is " + wanted.iterator().next());
    }
    return good(snapshot, indices, shards);
  }

  /** Adds the files that an index needs; returns how many shards it has. */
  private static long wants(Set<String> wanted, MapNode index, Contents contents, String uuid) {
    wanted.add(contents.metadataOf(index));
    String id = index.text("id").orElse("");
    List<Node> generations = Cluster.list(index, "shard_generations");
    for (int shard = 0; shard < generations.size(); shard++) {
      String folder = "indices/" + id + "/" + shard + "/";
      wanted.add(folder + "snap-" + uuid + ".dat");
      wanted.add(folder + "index-" + Cluster.text(generations.get(shard)));
    }
    return generations.size();
  }

  private Verdict good(MapNode snapshot, Set<String> indices, long shards) {
    TreeMap<String, String> values = new TreeMap<>();
    Version version =
        ours.map(
                map ->
                    new Version(
                        map.text("product").orElse(Version.ELASTICSEARCH),
                        map.text("version").orElse("")))
            .orElseGet(() -> Version.live(snapshot.text("version").orElse("")));
    values.put("product", version.product());
    values.put("server_version", version.number());
    values.put("snapshot", snapshot.text("name").orElse(""));
    values.put("indices", String.valueOf(indices.size()));
    values.put("shards", String.valueOf(shards));
    values.put("files", String.valueOf(names.size()));
    // What begins with a dot is the cluster's own, and restored with it or not at all.
    indices.removeIf(name -> name.startsWith("."));
    values.put("index_names", String.join(",", indices));
    String found =
        values.get("indices")
            + " indices with "
            + shards
            + " shards of "
            + version.name()
            + ", "
            + names.size()
            + " files, each of them read and its checksum compared";
    return Verdict.good(
        new ArtifactFacts(FORMAT, values),
        unchecked == 0
            ? List.of(found)
            : List.of(found, unchecked + " of them are parts, whose checksums were not compared"));
  }
}
