package io.keepset.app;

import io.keepset.app.git.GitPolicies;
import io.keepset.app.git.GitSettings;
import io.keepset.app.git.GitSnapshot;
import io.keepset.policy.PolicyLoader;
import io.keepset.spi.DriverException;
import io.keepset.spi.Secrets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A branch, tag or commit of a Git repository. How to get in, where a repository asks, comes from
 * the environment: {@code KEEPSET_GIT_TOKEN} with {@code KEEPSET_GIT_USER}, or {@code
 * KEEPSET_GIT_KEY} (a reference) with {@code KEEPSET_GIT_KNOWN_HOSTS}.
 */
final class GitFeed implements PolicyFeed {
  private final PolicyLocation.Repository location;
  private final GitPolicies policies;
  private final Clock clock;
  private final PolicyLoader loader = new PolicyLoader();

  private GitFeed(PolicyLocation.Repository location, GitPolicies policies, Clock clock) {
    this.location = location;
    this.policies = policies;
    this.clock = clock;
  }

  static GitFeed open(
      PolicyLocation.Repository location,
      Path data,
      Secrets secrets,
      Clock clock,
      Map<String, String> environment)
      throws DriverException {
    GitSettings settings =
        GitSettings.of(location.url(), location.ref())
            .withPath(environment.getOrDefault("KEEPSET_GIT_PATH", ""));
    if (present(environment, "KEEPSET_GIT_TOKEN") != null) {
      settings =
          settings.withToken(
              environment.getOrDefault("KEEPSET_GIT_USER", "git"), "env:KEEPSET_GIT_TOKEN");
    }
    String key = present(environment, "KEEPSET_GIT_KEY");
    String hosts = present(environment, "KEEPSET_GIT_KNOWN_HOSTS");
    if (key != null || hosts != null) {
      settings = settings.withKey(key, hosts == null ? null : Path.of(hosts));
    }
    return new GitFeed(location, GitPolicies.open(settings, data, secrets), clock);
  }

  private static @Nullable String present(Map<String, String> environment, String name) {
    String value = environment.get(name);
    return value == null || value.isBlank() ? null : value;
  }

  @Override
  public String describe() {
    return location.describe();
  }

  @Override
  public Read read() throws DriverException {
    GitSnapshot snapshot = policies.read();
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    return new Read(snapshot.revision(), LoadedPolicies.load(snapshot.files(), loader, today));
  }

  @Override
  public void close() {
    policies.close();
  }
}
