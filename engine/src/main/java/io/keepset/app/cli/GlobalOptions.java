package io.keepset.app.cli;

import io.keepset.app.PolicyLocation;
import io.keepset.app.git.GitSettings;
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
      names = "--path",
      paramLabel = "FOLDER",
      scope = ScopeType.INHERIT,
      description = "Folder of --git that holds the policies (KEEPSET_GIT_PATH; default: all).")
  private @Nullable String path;

  @Option(
      names = "--git-token",
      paramLabel = "REF",
      scope = ScopeType.INHERIT,
      description =
          "Where the token or password for https is: env:NAME or file:PATH (default: in"
              + " KEEPSET_GIT_TOKEN itself, if it is set).")
  private @Nullable String gitToken;

  @Option(
      names = "--git-user",
      paramLabel = "NAME",
      scope = ScopeType.INHERIT,
      description = "Who presents that token (KEEPSET_GIT_USER; default: git).")
  private @Nullable String gitUser;

  @Option(
      names = "--git-key",
      paramLabel = "REF",
      scope = ScopeType.INHERIT,
      description =
          "Where the private key for ssh is: file:PATH or env:NAME (KEEPSET_GIT_KEY; default: the"
              + " keys in ~/.ssh).")
  private @Nullable String gitKey;

  @Option(
      names = "--git-passphrase",
      paramLabel = "REF",
      scope = ScopeType.INHERIT,
      description =
          "Where the passphrase of that key is (default: in KEEPSET_GIT_PASSPHRASE itself).")
  private @Nullable String gitPassphrase;

  @Option(
      names = "--known-hosts",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description =
          "Host keys that are trusted (KEEPSET_GIT_KNOWN_HOSTS; default: ~/.ssh/known_hosts).")
  private @Nullable Path knownHosts;

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
  private @Nullable String server;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description =
          "Certificates of the authorities that --server is trusted by, in PEM (KEEPSET_CA;"
              + " default: those of this machine).")
  private @Nullable Path ca;

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

  /** True if somebody said where the policies are; else they are looked for here. */
  public boolean namesPolicies() {
    return policies != null
        || git != null
        || variable("KEEPSET_POLICIES").isPresent()
        || variable("KEEPSET_GIT").isPresent();
  }

  /** Where the policies are; a directory given as the command's own argument comes first. */
  public PolicyLocation policies(@Nullable Path argument) {
    if (argument != null) {
      return new PolicyLocation.Directory(argument);
    }
    if (git != null) {
      return repository(git);
    }
    if (policies != null) {
      return new PolicyLocation.Directory(policies);
    }
    Optional<String> repository = variable("KEEPSET_GIT");
    if (repository.isPresent()) {
      return repository(repository.get());
    }
    return new PolicyLocation.Directory(Path.of(variable("KEEPSET_POLICIES").orElse(".")));
  }

  private PolicyLocation repository(String url) {
    return new PolicyLocation.Repository(
        new GitSettings(
            url,
            ref().orElse("HEAD"),
            given(path, "KEEPSET_GIT_PATH").orElse(""),
            given(gitUser, "KEEPSET_GIT_USER").orElse("git"),
            secret(gitToken, "KEEPSET_GIT_TOKEN"),
            given(gitKey, "KEEPSET_GIT_KEY").orElse(null),
            secret(gitPassphrase, "KEEPSET_GIT_PASSPHRASE"),
            knownHosts != null
                ? knownHosts
                : variable("KEEPSET_GIT_KNOWN_HOSTS").map(Path::of).orElse(null)));
  }

  /** The reference that was given, or one to the variable that holds the secret itself. */
  private @Nullable String secret(@Nullable String option, String variable) {
    return option != null
        ? option
        : variable(variable).map(value -> "env:" + variable).orElse(null);
  }

  private Optional<String> given(@Nullable String option, String variable) {
    return option != null ? Optional.of(option) : variable(variable);
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
  public Optional<String> server() {
    return given(server, "KEEPSET_SERVER");
  }

  /** A file with those that a named server is trusted by. */
  public Optional<Path> authorities() {
    return ca != null ? Optional.of(ca) : variable("KEEPSET_CA").map(Path::of);
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
