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
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * A restore: the files go back into a directory that the cluster sees, it restores from there, and
 * every shard is counted, because it answers 200 where some could not be restored.
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

  RestoreReport run(InputStream artifact) throws DriverException {
    Repository repository = Repository.fresh(cluster, place);
    try {
      unpack(artifact, repository.place().local());
      repository.register(true);
      MapNode snapshot = repository.only();
      List<Node> streams = Cluster.list(snapshot, "data_streams");
      if (mode == Mode.OVER && !streams.isEmpty()) {
        throw Failures.rejected(
            "nothing was touched: the backup holds data streams ("
                + Cluster.text(streams.get(0))
                + "), which can't be restored over; restore into new names");
      }
      restore(repository, snapshot, streams);
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

  private void restore(Repository repository, MapNode snapshot, List<Node> streams)
      throws DriverException {
    List<String> wanted = new ArrayList<>(names);
    streams.forEach(stream -> wanted.add(Cluster.text(stream)));
    if (wanted.isEmpty()) {
      throw Failures.rejected("there is no index in the backup but those of the cluster itself");
    }
    Set<String> before = cluster.indices(patterns);
    List<String> deleted = new ArrayList<>();
    try {
      if (mode == Mode.OVER) {
        for (String name : cluster.indices(wanted)) {
          // Before it is known: an answer that is lost does not say that it stayed.
          deleted.add(name);
          cluster.delete(HttpApi.segment(name));
        }
      }
      shards(
          cluster
              .patient(silence)
              .ask(
                  "POST",
                  repository.restorePath(snapshot.text("snapshot").orElse(Repository.SNAPSHOT)),
                  body(snapshot, wanted)));
    } catch (DriverException e) {
      throw failed(e, wanted, deleted);
    }
    if (mode == Mode.OVER) {
      before.removeAll(names);
      for (String name : before) {
        cluster.delete(HttpApi.segment(name));
        notes.add("index " + name + " is not in the backup and was deleted");
      }
    }
  }

  private MapNode body(MapNode snapshot, List<String> wanted) throws DriverException {
    boolean state =
        mode == Mode.OVER
            && snapshot.text("include_global_state").equals(java.util.Optional.of("true"));
    MapBuilder body =
        new MapBuilder()
            .put("indices", String.join(",", wanted))
            .put("include_aliases", mode == Mode.OVER)
            .put("include_global_state", state);
    if (mode == Mode.NEW) {
      body.put("rename_pattern", "(.+)")
          .put("rename_replacement", "$1" + suffix)
          // It counts from when the index was made: a copy could be deleted on the same day.
          .putTexts("ignore_index_settings", List.of(cluster.version().lifecycleSettings()));
      notes.add("no lifecycle policy manages the restored indices");
    }
    if (cluster.version().product().equals(Version.ELASTICSEARCH)) {
      // Users and the like: what the cluster keeps for itself stays as it is.
      body.putTexts("feature_states", List.of("none"));
    }
    return body.build();
  }

  /** The answer is 200 even if shards could not be restored. */
  private static void shards(Node answer) throws DriverException {
    MapNode shards =
        Cluster.map(answer).map("snapshot").flatMap(map -> map.map("shards")).orElse(null);
    String total = shards == null ? "?" : shards.text("total").orElse("?");
    String successful = shards == null ? "0" : shards.text("successful").orElse("0");
    if (!total.equals(successful)) {
      throw new DriverException(
          Kind.DAMAGED,
          successful
              + " of "
              + total
              + " shards could be restored; the cluster's log says why"
              + " (GET _cluster/allocation/explain)");
    }
  }

  private DriverException failed(DriverException why, List<String> wanted, List<String> deleted) {
    if (mode == Mode.OVER) {
      return new DriverException(
          why.kind(),
          why.getMessage()
              + (deleted.isEmpty()
                  ? "; no index was deleted"
                  : "; the former indices "
                      + String.join(", ", deleted)
                      + " are gone already: restore again once the cause is"),
          why);
    }
    if (why.kind() == Kind.REJECTED || why.kind() == Kind.DENIED) {
      return why; // The cluster refused to begin: what has such a name is not ours.
    }
    return Undoing.despiteInterrupt(() -> withoutIndices(why, wanted));
  }

  private DriverException withoutIndices(DriverException why, List<String> wanted) {
    try {
      for (String name : cluster.indices(wanted.stream().map(name -> name + suffix).toList())) {
        cluster.delete(HttpApi.segment(name));
      }
      return why;
    } catch (DriverException e) {
      return new DriverException(
          why.kind(),
          why.getMessage()
              + "; what was restored until then could not be deleted again ("
              + e.getMessage()
              + "): delete the indices *"
              + suffix
              + " by hand",
          why);
    }
  }
}
