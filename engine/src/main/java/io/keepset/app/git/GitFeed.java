package io.keepset.app.git;

import io.keepset.app.LoadedPolicies;
import io.keepset.app.PolicyFeed;
import io.keepset.app.PolicyFiles;
import io.keepset.app.WritablePolicies;
import io.keepset.diagnostic.Diagnostic;
import io.keepset.plan.Revision;
import io.keepset.policy.PolicyLoader;
import io.keepset.spi.DriverException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The policies of a Git repository, read again and again. */
public final class GitFeed implements PolicyFeed {
  private final GitSettings settings;
  private final GitPolicies policies;
  private final Clock clock;
  private final PolicyLoader loader = new PolicyLoader();
  private final PolicyLoader loaderOfOthers = new PolicyLoader();
  private @Nullable Known known;

  /** What came of a commit on a day, on which warnings depend. */
  private record Known(GitSnapshot snapshot, LocalDate day, Read read) {
    boolean isOf(GitSnapshot other, LocalDate today) {
      return snapshot.revision().equals(other.revision())
          && snapshot.rewritten().equals(other.rewritten())
          && day.equals(today);
    }
  }

  /** Closing the feed closes the policies. */
  public GitFeed(GitSettings settings, GitPolicies policies, Clock clock) {
    this.settings = settings;
    this.policies = policies;
    this.clock = clock;
  }

  @Override
  public String describe() {
    return settings.shown() + " at " + settings.ref();
  }

  @Override
  public Read read() throws DriverException {
    GitSnapshot snapshot = policies.read();
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    Known before = known;
    if (before != null && before.isOf(snapshot, today)) {
      return before.read();
    }
    List<Diagnostic> diagnostics = new ArrayList<>(snapshot.files().diagnostics());
    rewritten(snapshot).ifPresent(diagnostics::add);
    PolicyFiles files = new PolicyFiles(snapshot.files().files(), diagnostics);
    Read read =
        new Read(
            snapshot.revision(),
            LoadedPolicies.load(files, loader, today),
            policies.provenance(snapshot.revision()));
    known = new Known(snapshot, today, read);
    return read;
  }

  @Override
  public WritablePolicies writable() {
    return policies.writable();
  }

  @Override
  public Optional<Read> at(String revision) throws DriverException {
    Optional<GitSnapshot> found = policies.at(revision);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    GitSnapshot snapshot = found.get();
    return Optional.of(
        new Read(
            snapshot.revision(),
            LoadedPolicies.load(
                snapshot.files(),
                loaderOfOthers,
                LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC)),
            policies.provenance(snapshot.revision())));
  }

  private Optional<Diagnostic> rewritten(GitSnapshot snapshot) {
    return snapshot
        .rewritten()
        .map(
            before ->
                Diagnostic.warning(
                        "git.rewritten",
                        "the history of "
                            + settings.ref()
                            + " was rewritten: "
                            + new Revision(before, false).describe()
                            + ", which was read before, is no longer part of it",
                        null)
                    .withHint("if nobody meant to force-push, find out who did"));
  }

  @Override
  public void close() {
    policies.close();
  }
}
