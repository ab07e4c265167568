package io.keepset.drivers.engine.elasticsearch;

import io.keepset.drivers.http.HttpApi;
import io.keepset.drivers.tool.Silence;
import io.keepset.drivers.tool.Undoing;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Progress;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.Source;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * A restore: the files go back into a directory that the cluster sees, and it restores from there.
 * What is there is replaced only once all of the backup lies beside it.
 */
final class ElasticRestore {
  private static final Pattern SUFFIX = Pattern.compile("[a-z0-9][a-z0-9_.-]{0,100}");

  private final Cluster cluster;
  private final Place place;
  private final Set<String> names;
  private final Mode mode;
  private final String suffix;
  private final List<String> patterns;
  private final Duration silence;
  private final List<String> notes = new ArrayList<>();

  private ElasticRestore(
      Cluster cluster,
      Place place,
      Set<String> names,
      Mode mode,
      String suffix,
      List<String> patterns,
      Duration silence) {
    this.cluster = cluster;
    this.place = place;
    this.names = names;
    this.mode = mode;
    this.suffix = suffix;
    this.patterns = patterns;
    this.silence = silence;
  }

  /** After everything that can be known beforehand; nothing is touched yet. */
  static ElasticRestore check(
      ArtifactFacts facts, Source target, RestoreRequest request, String stamp)
      throws DriverException {
    Place place = Place.of(target);
    if (!Files.isWritable(place.local())) {
      throw new DriverException(
          Kind.DENIED,
          "user " + System.getProperty("user.name") + " may not write into " + place.local());
    }
    Cluster cluster = Cluster.toRestore(target);
    Version backup =
        new Version(
            facts.values().getOrDefault("product", Version.ELASTICSEARCH),
            facts.values().getOrDefault("server_version", ""));
    backup.requireReadableBy(cluster.version(), cluster.where());
    String listed = facts.values().getOrDefault("index_names", "");
    Set<String> names =
        new TreeSet<>(listed.isEmpty() ? List.of() : Arrays.asList(listed.split(",", -1)));
    String suffix =
        switch (request.mode()) {
          case NEW -> "_" + request.newName().orElse("restored_" + stamp);
          case OVER -> "";
          case MERGE -> throw request.mode().notListed();
        };
    ElasticRestore restore =
        new ElasticRestore(
            cluster,
            place,
            names,
            request.mode(),
            suffix,
            ElasticDump.patterns(target.options()),
            Silence.whileRestoring(target.options()));
    restore.requireFree();
    return restore;
  }

  private void requireFree() throws DriverException {
    if (mode == Mode.OVER) {
      return;
    }
    if (!SUFFIX.matcher(suffix.substring(1)).matches()) {
      throw Failures.rejected(
          "\""
              + suffix.substring(1)
              + "\" can't be part of an index's name: use small letters, digits, and . - _; restored"
              + " indices are called INDEX_NAME");
    }
    for (String name : names) {
      if (cluster.taken(name + suffix)) {
        throw Failures.rejected(
            "index " + name + suffix + " is there already; choose another name, or restore over");
      }
    }
  }

  RestoreReport run(InputStream artifact, Progress progress) throws DriverException {
    Repository repository = Repository.fresh(cluster, place);
    try {
      unpack(artifact, repository.place().local());
      repository.register(true);
      MapNode snapshot = repository.only();
      List<Node> streams = Cluster.list(snapshot, "data_streams");
      if (names.isEmpty() && streams.isEmpty()) {
        throw Failures.rejected("there is no index in the backup but those of the cluster itself");
      }
      Restoring restoring = new Restoring(repository, silence, progress);
      if (mode == Mode.OVER) {
        refuse(streams);
        over(repository, snapshot, restoring);
      } else {
        intoNew(snapshot, streams, restoring);
      }
    } catch (DriverException e) {
      List<String> left = Undoing.despiteInterrupt(() -> repository.drop(false));
      throw left.isEmpty()
          ? e
          : new DriverException(e.kind(), e.getMessage() + "; " + String.join("; ", left), e);
    } catch (RuntimeException e) {
      repository.drop(false);
      throw e;
    }
    notes.addAll(repository.drop(false));
    RestoreReport report =
        new RestoreReport("Elasticsearch " + cluster.where() + ", indices *" + suffix, notes);
    return mode == Mode.NEW ? report.with("indices[0]", "*" + suffix) : report;
  }

  private static void refuse(List<Node> streams) throws DriverException {
    if (!streams.isEmpty()) {
      throw Failures.rejected(
          "nothing was touched: the backup holds data streams ("
              + Cluster.text(streams.get(0))
              + "), which can't be restored over; restore into new names");
    }
  }

  private void unpack(InputStream artifact, Path directory) throws DriverException {
    try (GZIPInputStream unpacked = new GZIPInputStream(artifact, 64 * 1024);
        TarArchiveInputStream tar = new TarArchiveInputStream(unpacked, "UTF-8")) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        String name = RepositoryCheck.name(entry);
        if (entry.isFile() && RepositoryCheck.known(name) && !name.equals(RepositoryCheck.OURS)) {
          Path file = directory.resolve(name);
          Files.createDirectories(file.getParent());
          Files.copy(tar, file);
        }
      }
      // The checksum is behind the end mark.
      unpacked.transferTo(OutputStream.nullOutputStream());
    } catch (BrokenStream e) {
      throw e.failure();
    } catch (java.nio.file.FileSystemException e) {
      throw new DriverException(
          Kind.TRANSIENT, "writing to " + directory + " failed: " + e.getMessage(), e);
    } catch (IOException e) {
      throw BrokenStream.unreadable(e);
    }
  }

  private void intoNew(MapNode snapshot, List<Node> streams, Restoring restoring)
      throws DriverException {
    List<String> wanted = new ArrayList<>(names);
    streams.forEach(stream -> wanted.add(Cluster.text(stream)));
    List<String> made = names.stream().map(name -> name + suffix).toList();
    try {
      MapNode body =
          renaming(wanted, "$1" + suffix)
              // It counts from when the index was made: a copy could be deleted on the same day.
              .putTexts("ignore_index_settings", List.of(cluster.version().lifecycleSettings()))
              .build();
      restoring.run(name(snapshot), body, "*" + HttpApi.segment(suffix), made);
    } catch (DriverException e) {
      throw withoutTrace(e, made);
    }
    notes.add("no lifecycle policy manages the restored indices");
  }

  /** Into other names first: until all of it is there, what there was stays what it was. */
  private void over(Repository repository, MapNode snapshot, Restoring restoring)
      throws DriverException {
    Indices indices = new Indices(cluster, silence);
    Leftovers leftovers = new Leftovers(cluster, indices);
    SortedMap<String, MapNode> aliases = aliases(repository.place().local());
    notes.addAll(leftovers.clear(names, place));
    List<String> made = names.stream().map(Leftovers::restored).toList();
    try {
      restoring.run(
          name(snapshot),
          renaming(List.copyOf(names), Leftovers.replacement()).build(),
          Leftovers.pattern(),
          made);
    } catch (DriverException e) {
      throw withoutTrace(e, made);
    }
    notes.addAll(new Swap(indices, aliases).run());
    try {
      if (snapshot.text("include_global_state").equals(Optional.of("true"))) {
        restoring.run(name(snapshot), globalState(), Leftovers.pattern(), List.of());
      }
      deleteOthers(indices);
    } catch (DriverException e) {
      throw new DriverException(
          e.kind(),
          "all indices of the backup are restored, but templates, persistent settings or indices that"
              + " it does not hold are not yet what they were; restore again once the cause is gone: "
              + e.getMessage(),
          e);
    }
  }

  private void deleteOthers(Indices indices) throws DriverException {
    Set<String> others = cluster.indices(patterns);
    others.removeAll(names);
    others.removeIf(Leftovers::is);
    for (String name : others) {
      indices.delete(name);
      notes.add("index " + name + " is not in the backup and was deleted");
    }
  }

  private SortedMap<String, MapNode> aliases(Path repository) throws DriverException {
    Contents contents = Contents.in(repository);
    SortedMap<String, MapNode> aliases = new TreeMap<>();
    for (String name : names) {
      Optional<String> file = contents.metadataOf(name);
      if (file.isPresent()) {
        aliases.put(name, SnapshotAliases.read(repository.resolve(file.get())));
      }
    }
    return aliases;
  }

  private static String name(MapNode snapshot) {
    return snapshot.text("snapshot").orElse(Repository.SNAPSHOT);
  }

  private MapBuilder renaming(List<String> wanted, String replacement) throws DriverException {
    return common(wanted, false)
        .put("rename_pattern", "(.+)")
        .put("rename_replacement", replacement);
  }

  /** Templates and persistent settings, without any index. */
  private MapNode globalState() throws DriverException {
    return common(List.of("-*"), true).build();
  }

  private MapBuilder common(List<String> wanted, boolean globalState) throws DriverException {
    MapBuilder body =
        new MapBuilder()
            .put("indices", String.join(",", wanted))
            .put("include_aliases", false)
            .put("include_global_state", globalState);
    if (cluster.version().product().equals(Version.ELASTICSEARCH)) {
      // Users and the like: what the cluster keeps for itself stays as it is.
      body.putTexts("feature_states", List.of("none"));
    }
    return body;
  }

  /** Deletes what the restore made so far; the cluster then gives it up. */
  private DriverException withoutTrace(DriverException why, List<String> made) {
    if (why.kind() == Kind.REJECTED || why.kind() == Kind.DENIED) {
      return why; // The cluster refused to begin: what has such a name is not ours.
    }
    return Undoing.despiteInterrupt(() -> withoutIndices(why, made));
  }

  private DriverException withoutIndices(DriverException why, List<String> made) {
    try {
      for (String name : cluster.indices(made)) {
        cluster.delete(HttpApi.segment(name));
      }
      return mode == Mode.OVER
          ? new DriverException(
              why.kind(), why.getMessage() + "; the indices are what they were before", why)
          : why;
    } catch (DriverException e) {
      return new DriverException(
          why.kind(),
          why.getMessage()
              + "; what was restored until then could not be deleted again ("
              + e.getMessage()
              + "): delete "
              + String.join(", ", made)
              + " by hand"
              + (mode == Mode.OVER ? "; the indices themselves are what they were before" : ""),
          why);
    }
  }
}
