package io.keepset.app;

import io.keepset.app.git.GitEndorsement;
import io.keepset.app.git.WorkTree;
import io.keepset.plan.Revision;
import io.keepset.policy.PolicyLoader;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** A plain directory: whatever lies there now. */
public final class DirectoryFeed implements PolicyFeed {
  private final Path directory;
  private final Clock clock;
  private final PolicyLoader loader = new PolicyLoader();

  public DirectoryFeed(Path directory, Clock clock) {
    this.directory = directory.toAbsolutePath().normalize();
    this.clock = clock;
  }

  @Override
  public String describe() {
    return "directory " + directory;
  }

  @Override
  public Read read() throws DriverException {
    try {
      PolicyFiles files = PolicyDirectory.read(directory);
      LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
      Revision revision = WorkTree.revision(directory, files);
      return new Read(
          revision,
          LoadedPolicies.load(files, loader, today),
          (applied, before, now) ->
              GitEndorsement.ofWorkTree(directory, revision, applied, before, now));
    } catch (IOException e) {
      throw new DriverException(
          Kind.TRANSIENT, "the policies in " + directory + " can't be read: " + e.getMessage(), e);
    }
  }

  @Override
  public WritablePolicies writable() {
    return new WritableDirectory(directory);
  }

  @Override
  public void close() {}
}
