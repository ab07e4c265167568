package io.keepset.drivers.engine.volume;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.policy.Options;
import io.keepset.policy.OwnStore;
import io.keepset.policy.Protection;
import io.keepset.policy.StoreFields;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.Attachment;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Dump;
import io.keepset.spi.Engine;
import io.keepset.spi.EngineFacts;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.Scratch;
import io.keepset.spi.Source;
import io.keepset.spi.Unsupported;
import io.keepset.spi.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A directory on this machine, by GNU tar. */
public final class VolumeEngine implements Engine {
  public static final String NAME = "volume";
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd't'HHmmss").withZone(ZoneOffset.UTC);

  private final InstantSource clock;
  private final Optional<Path> own;

  /**
   * @param clock names what restores make
   * @param own Keepset's data directory: who may declare a database may not thereby read its keys
   *     and secrets, nor write there
   */
  public VolumeEngine(InstantSource clock, Optional<Path> own) {
    this.clock = clock;
    this.own = own;
  }

  @Override
  public EngineFacts facts() {
    return new EngineFacts(
        NAME,
        "tar.gz",
        ".tar.gz",
        "each file as it was when it was read; files that change meanwhile are named",
        List.of("tar"),
        Mode.allButMerge());
  }

  @Override
  public List<Diagnostic> unsupported(Protection desired) {
    List<Diagnostic> findings =
        new ArrayList<>(
            Unsupported.pointInTime(desired, "volume can't restore to a point in time"));
    ownStore(desired).ifPresent(findings::add);
    ownData(desired).ifPresent(findings::add);
    return findings;
  }

  private Optional<Diagnostic> ownData(Protection desired) {
    Optional<String> directory = desired.connection().get("path");
    if (directory.isEmpty() || !meetsOwn(Path.of(directory.get()))) {
      return Optional.empty();
    }
    return Optional.of(
        Diagnostic.error(
                "volume.own-data",
                directory.get()
                    + " is, holds or lies in the data directory of Keepset itself, "
                    + own.orElseThrow()
                    + ", with its keys and secrets",
                null)
            .withHint("back up the directories beside it, or move it with --data")
            .withPointer("connection.path"));
  }

  private boolean meetsOwn(Path directory) {
    if (own.isEmpty()) {
      return false;
    }
    Path here = Volume.real(directory);
    Path data = Volume.real(own.get());
    return here.startsWith(data) || data.startsWith(here);
  }

  /** Through links a directory may hold its own store though the paths do not say so. */
  private static Optional<Diagnostic> ownStore(Protection desired) {
    Options options = desired.options();
    Optional<String> directory = desired.connection().get("path");
    Optional<String> place = options.get(StoreFields.PREFIX + "path");
    boolean inFiles = options.get(StoreFields.PREFIX + "type").equals(Optional.of("directory"));
    if (!inFiles || directory.isEmpty() || place.isEmpty()) {
      return Optional.empty();
    }
    return OwnStore.overlap(
            desired.name(),
            Volume.real(Path.of(directory.get())),
            desired.store().orElse(""),
            Volume.real(Path.of(place.get())),
            null)
        .map(found -> found.withPointer("connection.path"));
  }

  @Override
  public List<Diagnostic> check(Source source) {
    List<Diagnostic> findings = new ArrayList<>();
    try {
      Tar tar = Tar.find();
      findings.add(
          Diagnostic.note(
              "engine.tools", "GNU tar " + tar.version() + " at " + tar.program(), null));
    } catch (DriverException e) {
      findings.add(Diagnostic.error("engine.tools", e.getMessage(), null));
    }
    try {
      Volume.requireReadable(Volume.directory(source));
    } catch (DriverException e) {
      findings.add(Diagnostic.error("engine.connection", e.getMessage(), null));
    }
    if (!Tar.root()) {
      findings.add(
          Diagnostic.note(
              "engine.rights",
              "not root: a file that this user can't read fails the backup, and restores can't set"
                  + " owners",
              null));
    }
    return findings;
  }

  @Override
  public Scratch scratch() {
    return new VolumeScratch(this);
  }

  @Override
  public Dump dump(Source source) throws DriverException {
    return VolumeDump.start(source);
  }

  @Override
  public Verdict verify(InputStream artifact) throws DriverException {
    return Verdict.of(artifact, TarCheck::verdict);
  }

  @Override
  public void checkRestore(ArtifactFacts facts, Source target, RestoreRequest request)
      throws DriverException {
    Tar.find();
    destination(target, request);
  }

  @Override
  public RestoreReport restore(
      InputStream artifact,
      ArtifactFacts facts,
      List<Attachment> attachments,
      Source target,
      RestoreRequest request)
      throws DriverException {
    VolumeRestore restore = new VolumeRestore(Tar.find(), target.options(), stamp());
    Path directory = destination(target, request);
    return switch (request.mode()) {
      case NEW -> restore.intoNew(artifact, directory);
      case OVER -> restore.over(artifact, directory);
      case MERGE -> throw request.mode().notListed();
    };
  }

  /** Where it goes, after a look at what is there. */
  private Path destination(Source target, RestoreRequest request) throws DriverException {
    Path existing = Volume.directory(target);
    return switch (request.mode()) {
      case OVER -> {
        Volume.requireReadable(existing);
        if (!Files.isWritable(existing)) {
          throw new DriverException(
              Kind.DENIED,
              "user " + System.getProperty("user.name") + " may not write into " + existing);
        }
        yield existing;
      }
      case NEW -> {
        String name = request.newName().orElse(existing + "_restored_" + stamp());
        Path directory = existing.resolveSibling(name).normalize();
        if (meetsOwn(directory)) {
          throw new DriverException(
              Kind.REJECTED,
              directory + " is or lies in Keepset's own data directory; choose another place");
        }
        requireFree(directory);
        yield directory;
      }
      case MERGE -> throw request.mode().notListed();
    };
  }

  private static void requireFree(Path directory) throws DriverException {
    try {
      if (Files.exists(directory) && (!Files.isDirectory(directory) || !Volume.empty(directory))) {
        throw new DriverException(
            Kind.REJECTED,
            directory + " is there already and not empty; choose another name, or restore over it");
      }
    } catch (IOException e) {
      throw new DriverException(Kind.DENIED, directory + " can't be looked into", e);
    }
    Path parent = directory.getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw new DriverException(
          Kind.NOT_FOUND, "there is no directory " + parent + " to restore into; make it first");
    }
    if (!Files.exists(directory) && !Files.isWritable(parent)) {
      throw new DriverException(
          Kind.DENIED,
          "user "
              + System.getProperty("user.name")
              + " may not make a directory in "
              + parent
              + "; choose another place");
    }
  }

  private String stamp() {
    return STAMP.format(clock.instant());
  }
}
