package io.keepset.app.cli;

import io.keepset.app.PolicyLocation;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * Options that every command takes, before or after its name. Where an option is missing its
 * environment variable counts, then the default.
 */
public final class GlobalOptions {
  private final Map<String, String> environment;

  @Option(
      names = "--policies",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description = "Directory with the policy files (KEEPSET_POLICIES; default: this directory).")
  private @Nullable Path policies;

  @Option(
      names = "--git",
      paramLabel = "URL",
      scope = ScopeType.INHERIT,
      description = "Git repository with the policy files, instead of --policies (KEEPSET_GIT).")
  private @Nullable String git;

  @Option(
      names = "--ref",
      paramLabel = "REF",
      scope = ScopeType.INHERIT,
      description = "Branch, tag or commit of --git (KEEPSET_REF; default: its HEAD).")
  private @Nullable String ref;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description =
          "State, keys and logs of this installation (KEEPSET_DATA; default:"
              + " ~/.local/share/keepset).")
  private @Nullable Path data;

  @Option(
      names = "--server",
      paramLabel = "URL",
      scope = ScopeType.INHERIT,
      description =
          "Talk to this server, with the token in KEEPSET_TOKEN (KEEPSET_SERVER; default: the"
              + " server that runs on the data directory, if one does).")
  private @Nullable URI server;

  @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print the result as JSON.")
  private boolean json;

  @Option(
      names = "--no-color",
      scope = ScopeType.INHERIT,
      description = "No colours, even on a terminal (NO_COLOR).")
  private boolean noColor;

  public GlobalOptions(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Where the policies are; a directory given as the command's own argument comes first. */
  public PolicyLocation policies(@Nullable Path argument) {
    if (argument != null) {
      return new PolicyLocation.Directory(argument);
    }
    if (git != null) {
      return new PolicyLocation.Repository(git, ref().orElse("HEAD"));
    }
    if (policies != null) {
      return new PolicyLocation.Directory(policies);
    }
    Optional<String> repository = variable("KEEPSET_GIT");
    if (repository.isPresent()) {
      return new PolicyLocation.Repository(repository.get(), ref().orElse("HEAD"));
    }
    return new PolicyLocation.Directory(Path.of(variable("KEEPSET_POLICIES").orElse(".")));
  }

  public PolicyLocation policies() {
    return policies(null);
  }

  private Optional<String> ref() {
    return ref != null ? Optional.of(ref) : variable("KEEPSET_REF");
  }

  public Path data() {
    if (data != null) {
      return data.toAbsolutePath().normalize();
    }
    return variable("KEEPSET_DATA")
        .map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".local", "share", "keepset"))
        .toAbsolutePath()
        .normalize();
  }

  /** The server asked for by name; a server found on the data directory is not meant. */
  public Optional<URI> server() {
    return server != null ? Optional.of(server) : variable("KEEPSET_SERVER").map(URI::create);
  }

  public Optional<String> token() {
    return variable("KEEPSET_TOKEN");
  }

  public boolean json() {
    return json;
  }

  boolean noColor() {
    return noColor;
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }
}
