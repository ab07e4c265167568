package io.keepset.drivers.engine.elasticsearch;

import io.keepset.drivers.stream.Produced;
import io.keepset.drivers.stream.ReadAlong;
import io.keepset.drivers.stream.StoredGzip;
import io.keepset.drivers.tool.Silence;
import io.keepset.policy.Options;
import io.keepset.source.JsonText;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Dump;
import io.keepset.spi.Source;
import io.keepset.spi.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * One snapshot in a repository of its own, whose files go into a tar. What passes is read along, so
 * that blobs whose checksums do not hold are no backup.
 */
final class ElasticDump implements Dump {
  private final Repository repository;
  private final Place common;
  private final Instant now;
  private final Version version;
  private final Options options;
  private final Produced produced;
  private final StoredGzip packed;
  private final ReadAlong<Verdict> stream;
  private final List<String> warnings = new ArrayList<>();
  private long indices;
  private String shards = "";

  private ElasticDump(
      Repository repository, Place common, Version version, Options options, Instant now) {
    this.repository = repository;
    this.common = common;
    this.now = now;
    this.version = version;
    this.options = options;
    this.produced = new Produced("elasticsearch-dump", this::write);
    this.packed = new StoredGzip(produced);
    this.stream = new ReadAlong<>(packed, "elasticsearch-scan", RepositoryCheck::verdict);
  }

  static ElasticDump start(Source source, Instant now) throws DriverException {
    Place place = Place.of(source);
    Cluster cluster = Cluster.toDump(source);
    return new ElasticDump(
        Repository.fresh(cluster, place), place, cluster.version(), source.options(), now);
  }

  static List<String> patterns(Options options) {
    List<String> patterns = options.list("indices");
    return patterns.isEmpty() ? List.of("*") : patterns;
  }

  private void write(OutputStream out) throws IOException, DriverException {
    try {
      repository.register(false);
      List<String> wanted = new ArrayList<>(patterns(options));
      wanted.addAll(Leftovers.without());
      MapNode snapshot =
          repository.snapshot(
              wanted, options.flag("global_state", true), Silence.whileDumping(options));
      indices = Cluster.list(snapshot, "indices").size();
      shards = snapshot.map("shards").flatMap(all -> all.text("total")).orElse("");
      pack(out);
      // The server has to stand by it when its last byte is read.
      repository.only();
      warnings.addAll(Leftovers.found(repository.cluster()));
      warnings.addAll(DeadRuns.found(repository.cluster(), common, now));
    } finally {
      warnings.addAll(repository.drop(true));
    }
  }

  private void pack(OutputStream out) throws IOException, DriverException {
    List<Path> files = files();
    // Not closed: a tar that broke off must not look whole.
    TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8");
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    byte[] ours =
        JsonText.writeCompact(
                new MapBuilder()
                    .put("product", version.product())
                    .put("version", version.number())
                    .build())
            .getBytes(StandardCharsets.UTF_8);
    TarArchiveEntry first = new TarArchiveEntry(RepositoryCheck.OURS);
    first.setSize(ours.length);
    tar.putArchiveEntry(first);
    tar.write(ours);
    tar.closeArchiveEntry();
    Path root = repository.place().local();
    for (Path file : files) {
      TarArchiveEntry entry = new TarArchiveEntry(root.relativize(file).toString());
      entry.setSize(Files.size(file));
      tar.putArchiveEntry(entry);
      Files.copy(file, tar);
      tar.closeArchiveEntry();
    }
    tar.finish();
    tar.flush();
  }

  private List<Path> files() throws IOException, DriverException {
    Place place = repository.place();
    List<Path> files;
    try {
      files = place.files();
    } catch (NoSuchFileException e) {
      files = List.of();
    } catch (java.io.UncheckedIOException | java.nio.file.AccessDeniedException e) {
      throw new DriverException(
          Kind.DENIED,
          "user "
              + System.getProperty("user.name")
              + " may not read what the server wrote to "
              + place.local()
              + "; put both into one group that may",
          e);
    }
    if (files.isEmpty()) {
      throw Failures.rejected(
          "the server wrote its snapshot to "
              + place.server()
              + ", but there is nothing in "
              + place.local()
              + " here: both must be the same directory; options.repository.local_path names it on"
              + " this machine");
    }
    return files;
  }

  @Override
  public InputStream stream() {
    return stream;
  }

  @Override
  public Report finish() throws DriverException {
    if (!stream.ended() || !packed.ended()) {
      throw produced
          .failure()
          .orElseGet(
              () ->
                  new DriverException(
                      Kind.TRANSIENT,
                      "the snapshot was not read to its end; nothing of it is kept"));
    }
    produced.await();
    Verdict verdict = stream.result();
    if (!verdict.good() || verdict.facts().isEmpty()) {
      throw new DriverException(
          Kind.DAMAGED,
          "the snapshot is not whole, nothing of it is kept: "
              + String.join("; ", verdict.findings()));
    }
    ArtifactFacts facts = verdict.facts().get();
    if (!facts.values().getOrDefault("shards", "").equals(shards)
        || !facts.values().getOrDefault("indices", "").equals(String.valueOf(indices))) {
      throw new DriverException(
          Kind.DAMAGED,
          "the server took a snapshot of "
              + indices
              + " indices with "
              + shards
              + " shards, but "
              + facts.values().get("indices")
              + " with "
              + facts.values().get("shards")
              + " are in its files; nothing of it is kept");
    }
    if (facts.values().getOrDefault("index_names", "").isEmpty()) {
      warnings.add("there is no index that matches " + String.join(", ", patterns(options)));
    }
    return new Report(facts, List.of(), warnings);
  }

  @Override
  public void close() {
    try {
      stream.close();
    } catch (IOException e) {
      // Nobody reads it any more.
    }
  }
}
