package io.keepset.runner;

import io.keepset.policy.Options;
import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import io.keepset.runner.artifact.ArtifactReader;
import io.keepset.runner.artifact.ArtifactStream;
import io.keepset.runner.artifact.Manifest;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.Attachment;
import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Engine;
import io.keepset.spi.Progress;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.Scratch;
import io.keepset.spi.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Restores a backup into an instance that is started for this alone, by the same code that restores
 * for people, and looks whether all came back. What the instance itself can't do (start, be asked)
 * is an exception and says nothing about the backup.
 */
final class Proof {
  private final Backup backup;
  private final OpenStore store;
  private final Manifest manifest;
  private final Engine engine;
  private final Options options;
  private final Path place;

  private Proof(
      Backup backup,
      OpenStore store,
      Manifest manifest,
      Engine engine,
      Options options,
      Path place) {
    this.backup = backup;
    this.store = store;
    this.manifest = manifest;
    this.engine = engine;
    this.options = options;
    this.place = place;
  }

  /**
   * Finds out what can be known before anything is read.
   *
   * @throws DriverException REJECTED if no instance can be started here, with what to do
   */
  static Proof prepare(RunnerPorts ports, Backup backup, Optional<Path> place)
      throws DriverException {
    Engine engine = ports.engine(backup.engine());
    Options options =
        ports
            .catalogue()
            .protection(backup.database())
            .map(protection -> options(ports, protection))
            .orElse(Options.NONE);
    Optional<String> missing = engine.scratch().missing(options);
    if (missing.isPresent()) {
      throw cannot(backup, missing.get());
    }
    Path directory = place.orElse(Path.of(System.getProperty("java.io.tmpdir"))).toAbsolutePath();
    if (!Files.isDirectory(directory) || !Files.isWritable(directory)) {
      throw cannot(
          backup,
          directory
              + " is no directory that user "
              + System.getProperty("user.name")
              + " may write to; name another one with --scratch-dir");
    }
    OpenStore store = ports.storeOf(backup);
    Manifest manifest = new BackupFolder(store, backup.database(), backup.id()).manifest();
    return new Proof(backup, store, manifest, engine, options, directory);
  }

  private static Options options(RunnerPorts ports, Protection protection) {
    return ports.source(protection).options();
  }

  private static DriverException cannot(Backup backup, String why) {
    return new DriverException(
        Kind.REJECTED, backup.id() + " can't be restored into a scratch instance: " + why);
  }

  /**
   * @param read what a check of all its bytes found: it is good
   */
  Verdict run(Verdict read, Progress progress) throws DriverException {
    List<String> contradictions = contradictions(read);
    if (!contradictions.isEmpty()) {
      return new Verdict(false, contradictions, Optional.empty());
    }
    ArtifactFacts facts = expected(read);
    long bytes = manifest.artifact().plain().size();
    try (Scratch.Instance instance = start(new Scratch.Wanted(facts, bytes, options, place))) {
      engine.checkRestore(facts, instance.target(), instance.request());
      return compared(read, instance, restore(facts, instance, progress));
    } catch (DriverException e) {
      if (e.kind() != Kind.DAMAGED) {
        throw e;
      }
      return Verdict.bad("it can't be restored: " + e.getMessage());
    }
  }

  private Scratch.Instance start(Scratch.Wanted wanted) throws DriverException {
    try {
      return engine.scratch().start(wanted);
    } catch (DriverException e) {
      // Trouble with an instance, whatever its kind, is none of the backup's.
      Kind kind = e.kind() == Kind.DAMAGED ? Kind.TRANSIENT : e.kind();
      throw new DriverException(kind, cannot(backup, e.getMessage()).getMessage(), e);
    }
  }

  /** What the manifest says, and what else the check read out of the bytes. */
  private ArtifactFacts expected(Verdict read) {
    SortedMap<String, String> values = new TreeMap<>();
    read.facts().ifPresent(facts -> values.putAll(facts.values()));
    values.putAll(manifest.facts().values());
    return new ArtifactFacts(manifest.facts().format(), values);
  }

  /** Where the manifest and the bytes disagree, the bytes are not those of that dump. */
  private List<String> contradictions(Verdict read) {
    SortedMap<String, String> found =
        read.facts().map(ArtifactFacts::values).orElse(new TreeMap<>());
    List<String> all = new ArrayList<>();
    for (Map.Entry<String, String> said : manifest.facts().values().entrySet()) {
      String other = found.get(said.getKey());
      if (other != null && !other.equals(said.getValue())) {
        all.add(
            said.getKey() + ": " + said.getValue() + " at the dump, " + other + " in the artifact");
      }
    }
    return all;
  }

  private RestoreReport restore(ArtifactFacts facts, Scratch.Instance instance, Progress progress)
      throws DriverException {
    ArtifactReader reader = new ArtifactReader(store.keys());
    List<Attachment> attachments = Restore.attachments(manifest, store, reader);
    try (ArtifactStream stream = reader.open(manifest.artifact(), store.store(), progress)) {
      return engine.restore(stream, facts, attachments, instance.target(), instance.request());
    } catch (IOException e) {
      throw BrokenStream.unwrap(e, "reading " + manifest.artifact().key());
    }
  }

  private static Verdict compared(Verdict read, Scratch.Instance instance, RestoreReport restored)
      throws DriverException {
    Scratch.Comparison comparison = instance.compare(restored);
    String where = "restored into a scratch " + instance.describe() + ": ";
    List<String> findings = new ArrayList<>();
    if (!comparison.differences().isEmpty()) {
      findings.add(where + String.join("; ", comparison.differences()));
      return new Verdict(false, findings, Optional.empty());
    }
    findings.addAll(read.findings());
    findings.add(where + String.join(", ", comparison.found()));
    return new Verdict(true, findings, read.facts());
  }
}
