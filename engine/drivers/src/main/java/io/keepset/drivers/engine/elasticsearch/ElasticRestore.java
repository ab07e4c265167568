package io.keepset.drivers.engine.elasticsearch;

import io.keepset.drivers.http.HttpApi;
import io.keepset.drivers.tool.Silence;
import io.keepset.drivers.tool.Undoing;
import io.keepset.policy.Options;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Progress;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.Source;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A restore: the files go back into a directory that the cluster sees, and it restores from there.
 * What is there is replaced only once all of the backup lies beside it.
 */
final class ElasticRestore {
  /** Option of instances of ours: settings that restored indices are not to have. */
  static final String IGNORED = "ignored_settings";

  private static final Pattern SUFFIX = Pattern.compile("[a-z0-9][a-z0-9_.-]{0,100}");

  private final Cluster cluster;
  private final Place place;
  private final Set<String> names;
  private final Mode mode;
  private final String suffix;
  private final Options options;
  private final Duration silence;
  private final List<String> notes = new ArrayList<>();

  private ElasticRestore(
      Cluster cluster, Place place, Set<String> names, Mode mode, String suffix, Options options) {
    this.cluster = cluster;
    this.place = place;
    this.names = names;
    this.mode = mode;
    this.suffix = suffix;
    this.options = options;
    this.silence = Silence.whileRestoring(options);
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
    Set<String> names = RepositoryCheck.indexNames(facts);
    String suffix =
        switch (request.mode()) {
          case NEW -> "_" + request.newName().orElse("restored_" + stamp);
          case OVER -> "";
          case MERGE -> throw request.mode().notListed();
        };
    ElasticRestore restore =
        new ElasticRestore(cluster, place, names, request.mode(), suffix, target.options());
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
      Unpacking.into(repository.place().local(), artifact);
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

  private void intoNew(MapNode snapshot, List<Node> streams, Restoring restoring)
      throws DriverException {
    List<String> wanted = new ArrayList<>(names);
    List<String> ignored = new ArrayList<>(options.list(IGNORED));
    streams.forEach(stream -> wanted.add(Cluster.text(stream)));
    List<String> made = names.stream().map(name -> name + suffix).toList();
    try {
      Version version = cluster.version();
      // It counts from when the index was made: a copy could be deleted on the same day.
      ignored.add(version.lifecycleSettings());
      MapNode body = RestoreBody.renaming(version, wanted, "$1" + suffix, ignored);
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
      MapNode body =
          RestoreBody.renaming(
              cluster.version(), List.copyOf(names), Leftovers.replacement(), List.of());
      restoring.run(name(snapshot), body, Leftovers.pattern(), made);
    } catch (DriverException e) {
      throw withoutTrace(e, made);
    }
    notes.addAll(new Swap(indices, aliases).run());
    try {
      if (snapshot.text("include_global_state").equals(Optional.of("true"))) {
        globalState(name(snapshot), restoring);
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

  private void globalState(String snapshot, Restoring restoring) throws DriverException {
    Version version = cluster.version();
    try {
      restoring.run(snapshot, RestoreBody.globalState(version), Leftovers.pattern(), List.of());
    } catch (DriverException e) {
      if (e.kind() != Kind.DENIED || !version.product().equals(Version.OPENSEARCH)) {
        throw e;
      }
      // Its security plugin lets no role do this.
      notes.add(
          "templates and persistent settings stayed as they are: with its security plugin OpenSearch"
              + " restores them only for who shows the administrator's certificate"
              + " (plugins.security.authcz.admin_dn); name that in connection.tls.cert and"
              + " connection.tls.key and restore over again, if you need them");
    }
  }

  private void deleteOthers(Indices indices) throws DriverException {
    Set<String> others = cluster.indices(ElasticDump.patterns(options));
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
