package io.keepset.runner;

import io.keepset.retention.Backup;
import io.keepset.runner.artifact.ArtifactCheck;
import io.keepset.runner.artifact.ArtifactReader;
import io.keepset.runner.artifact.ArtifactWriter;
import io.keepset.runner.artifact.Fingerprint;
import io.keepset.runner.artifact.Manifest;
import io.keepset.runner.artifact.SealedObject;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.Attachment;
import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Engine;
import io.keepset.spi.Progress;
import io.keepset.spi.StoreWriter;
import io.keepset.spi.Verdict;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Brings one backup into a store, in this order: artifact, attachments, reading all of it back,
 * manifest. The manifest is the one step that makes it a backup; so whatever has a manifest is
 * complete, durable and was verified.
 */
final class Deposit {
  private final RunnerPorts ports;
  private final OpenStore store;
  private final Engine engine;
  private final Backup backup;
  private final BackupFolder folder;
  private final Progress progress;

  Deposit(RunnerPorts ports, OpenStore store, Engine engine, Backup backup, Progress progress) {
    this.ports = ports;
    this.store = store;
    this.engine = engine;
    this.backup = backup;
    this.folder = new BackupFolder(store, backup.database(), backup.id());
    this.progress = progress;
  }

  /** All but the manifest, verified. A failure leaves objects that {@link #undo} removes. */
  Manifest prepare(Content content, SortedMap<String, String> labels) throws DriverException {
    Laid laid = lay(content, Fingerprint.Kind.CRC32C);
    Optional<ArtifactFacts> facts = agreed(laid.extras().facts(), laid.verdict().facts());
    return manifest(
        laid,
        facts.orElseGet(() -> new ArtifactFacts(engine.facts().format(), new TreeMap<>(Map.of()))),
        labels);
  }

  /**
   * The same for a copy. What the artifact is, its original says: a later Keepset may read more out
   * of it than was noted then.
   *
   * @throws DriverException DAMAGED if other bytes arrived than the original has
   */
  Manifest prepareCopy(Content content, Manifest original) throws DriverException {
    Laid laid = lay(content, original.artifact().plain().kind());
    if (!laid.artifact().plain().equals(original.artifact().plain())) {
      throw new DriverException(
          Kind.DAMAGED,
          "what arrived is "
              + laid.artifact().plain()
              + ", but "
              + original.id()
              + " is "
              + original.artifact().plain());
    }
    return manifest(laid, original.facts(), original.labels());
  }

  private Manifest manifest(Laid laid, ArtifactFacts facts, SortedMap<String, String> labels) {
    return new Manifest(
        ports.version(),
        backup.id(),
        backup.database(),
        backup.engine(),
        backup.kind(),
        backup.time(),
        laid.finished(),
        Optional.of(ports.now()),
        facts,
        laid.artifact(),
        laid.attachments(),
        laid.extras().warnings(),
        labels,
        backup.copyOf());
  }

  /** What lies in the store by now, read back. */
  private record Laid(
      SealedObject artifact,
      SortedMap<String, SealedObject> attachments,
      Content.Extras extras,
      Verdict verdict,
      Instant finished) {}

  private Laid lay(Content content, Fingerprint.Kind kind) throws DriverException {
    Content.Extras[] extras = new Content.Extras[1];
    ArtifactWriter.Written written =
        seal(
            new ArtifactWriter(store.keys(), kind),
            Manifest.artifactKey(backup.database(), backup.id()),
            content.stream(),
            engine::verify,
            progress,
            // A dump is only good when every process of it said so: ask before the object shows.
            size -> {
              extras[0] = content.finish();
              if (size == 0) {
                throw new DriverException(Kind.DAMAGED, "the dump is empty");
              }
            });
    SealedObject artifact = written.object();
    SortedMap<String, SealedObject> attachments = new TreeMap<>();
    for (Attachment attachment : extras[0].attachments()) {
      String key = Manifest.attachmentKey(backup.database(), backup.id(), attachment.name());
      InputStream bytes = new ByteArrayInputStream(attachment.content());
      attachments.put(
          attachment.name(),
          seal(
                  new ArtifactWriter(store.keys(), kind),
                  key,
                  bytes,
                  ArtifactCheck.NONE,
                  Progress.NONE,
                  size -> {})
              .object());
    }
    var finished = ports.now();
    // The sealed bytes were opened and judged as they left; what is left to see is whether the
    // store gives back the same.
    ArtifactReader.checkStored(artifact, store.store(), progress);
    for (SealedObject attachment : attachments.values()) {
      ArtifactReader.checkStored(attachment, store.store(), Progress.NONE);
    }
    return new Laid(artifact, attachments, extras[0], written.verdict(), finished);
  }

  /**
   * What the dump says it wrote and what the check read must be the same thing. An upload has only
   * the latter.
   */
  private static Optional<ArtifactFacts> agreed(
      Optional<ArtifactFacts> dumped, Optional<ArtifactFacts> read) throws DriverException {
    if (dumped.isPresent() && read.isPresent() && !dumped.equals(read)) {
      throw new DriverException(
          Kind.DAMAGED,
          "the dump says that it wrote "
              + dumped.get().values()
              + ", but what was written holds "
              + read.get().values()
              + "; make another backup");
    }
    return dumped.or(() -> read);
  }

  /** The manifest, written and read back. */
  void commit(Manifest manifest) throws DriverException {
    folder.commit(manifest);
    if (!folder.manifest().equals(manifest)) {
      throw new DriverException(
          Kind.DAMAGED, folder.manifestKey() + " reads back different from what was written");
    }
  }

  void undo() throws DriverException {
    folder.remove();
  }

  private ArtifactWriter.Written seal(
      ArtifactWriter sealer,
      String key,
      InputStream plain,
      ArtifactCheck check,
      Progress heard,
      Check before)
      throws DriverException {
    try (StoreWriter writer = store.store().create(key)) {
      ArtifactWriter.Written written = sealer.write(plain, writer, key, check, heard);
      before.run(written.object().plain().size());
      if (!written.verdict().good()) {
        throw new DriverException(
            Kind.DAMAGED,
            "what was written did not pass its check: "
                + String.join("; ", written.verdict().findings()));
      }
      writer.commit();
      return written;
    } catch (IOException e) {
      throw BrokenStream.unwrap(e, "writing " + key);
    }
  }

  /** What must hold before an object becomes visible. */
  @FunctionalInterface
  private interface Check {
    void run(long plainSize) throws DriverException;
  }
}
