package io.keepset.app.cli;

import io.keepset.app.Keepset;
import io.keepset.app.LoadedPolicies;
import io.keepset.app.PolicyDirectory;
import io.keepset.app.PolicyFeed;
import io.keepset.app.PolicyLocation;
import io.keepset.app.Wiring;
import io.keepset.diagnostic.Severity;
import io.keepset.policy.PolicyLoader;
import io.keepset.spi.DriverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a command has at hand. One per process; {@link #keepset} opens the installation on first
 * use, so that commands which only look at files never touch the data directory.
 */
public final class Shell implements AutoCloseable {
  private final Console console;
  private final GlobalOptions globals;
  private final Clock clock;
  private final Map<String, String> environment;
  private @Nullable Keepset keepset;

  public Shell(
      Console console, GlobalOptions globals, Clock clock, Map<String, String> environment) {
    this.console = console;
    this.globals = globals;
    this.clock = clock;
    this.environment = Map.copyOf(environment);
  }

  public Console console() {
    return console;
  }

  public GlobalOptions globals() {
    return globals;
  }

  public Clock clock() {
    return clock;
  }

  public Map<String, String> environment() {
    return environment;
  }

  /**
   * The policies that the global options name, loaded; mistakes are the caller's to print.
   *
   * @param directory the command's own argument, which comes before the options
   * @throws DriverException if they can't be read
   */
  public LoadedPolicies load(@Nullable Path directory) throws DriverException, IOException {
    PolicyLocation location = globals.policies(directory);
    if (location instanceof PolicyLocation.Directory plain) {
      // What a file says needs no Git, which takes longer to load than all files.
      LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
      return LoadedPolicies.load(PolicyDirectory.read(plain.path()), new PolicyLoader(), today);
    }
    return read(directory).policies();
  }

  /** The same, with the revision that they are of. */
  public PolicyFeed.Read read(@Nullable Path directory) throws DriverException, IOException {
    PolicyLocation location = globals.policies(directory);
    if (location instanceof PolicyLocation.Directory plain && !Files.isDirectory(plain.path())) {
      PolicyDirectory.read(plain.path()); // says in a user's words what is wrong with it
    }
    try (PolicyFeed feed = wiring().feed(location)) {
      return feed.read();
    }
  }

  /** The installation that the global options name, local or on a server. */
  public synchronized Keepset keepset() {
    if (keepset == null) {
      keepset = wiring().forCommand(globals.server(), globals.token(), globals.authorities());
    }
    return keepset;
  }

  /** How installations are put together; {@code serve} makes its own. */
  public Wiring wiring() {
    return new Wiring(globals.data(), clock, environment, this::tell, this::warn);
  }

  private void tell(Severity severity, String subject, String message) {
    console.err().println(severity.word() + ": " + subject + ": " + message);
  }

  private void warn(String note) {
    console.err().println("NOTE: " + note);
  }

  @Override
  public synchronized void close() {
    if (keepset != null) {
      keepset.close();
      keepset = null;
    }
  }
}
