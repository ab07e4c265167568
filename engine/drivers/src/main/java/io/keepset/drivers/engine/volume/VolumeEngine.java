package io.keepset.drivers.engine.volume;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.policy.Protection;
import io.keepset.policy.StoreSpec;
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
import io.keepset.spi.RestoreStamp;
import io.keepset.spi.Scratch;
import io.keepset.spi.Source;
import io.keepset.spi.Unsupported;
import io.keepset.spi.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** A directory on this machine, by GNU tar. */
public final class VolumeEngine implements Engine {
  public static final String NAME = "volume";

  private final InstantSource clock;
  private final Reserved reserved;

  /**
   * @param clock names what restores make
   * @param reserved no volume, and no place to restore into
   */
  public VolumeEngine(InstantSource clock, Reserved reserved) {
    this.clock = clock;
    this.reserved = reserved;
  }

  @Override
  public EngineFacts facts() {
    return new EngineFacts(
        NAME,
        "tar.gz",
        ".tar.gz",
        "each file as it was when it was read; files that change meanwhile are named",
        "directories of Debian 12, by GNU tar 1.34",
        List.of("tar"),
        Mode.allButMerge());
  }

  @Override
  public List<Diagnostic> unsupported(Protection desired) {
    return unsupported(desired, List.of());
  }

  @Override
  public List<Diagnostic> unsupported(Protection desired, Collection<StoreSpec> stores) {
    List<Diagnostic> findings =
        new ArrayList<>(
            Unsupported.pointInTime(desired, "volume can't restore to a point in time"));
    findings.addAll(reserved.met(desired, stores));
    return findings;
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
    // A link may lead elsewhere than it did when the volume was planned.
    reserved.forbid(Volume.directory(source));
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
    if (request.mode() == Mode.OVER) {
      reserved.forbid(existing);
    }
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
        reserved.forbid(directory);
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
    return RestoreStamp.of(clock.instant());
  }
}
