package io.keepset.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The least that a whole installation follows: the volume {@code files} in the store {@code main},
 * by the policy {@code gold} with a schedule that is not due while a test runs.
 */
public final class SamplePolicy {
  private final Path files;
  private Path store;
  private String environments = "";
  private String schedule = "yearly: {cron: \"0 0 1 1 *\", timezone: UTC}";
  private int daily = 7;
  private String objective = "";
  private String rules = "policy: gold";

  private SamplePolicy(Path files, Path store) {
    this.files = files;
    this.store = store;
  }

  /** Of {@code home/files}, into {@code home/backups}. */
  public static SamplePolicy of(Path home) {
    return new SamplePolicy(home.resolve("files"), home.resolve("backups"));
  }

  /** Makes what it is a policy of: a directory with one file. */
  public SamplePolicy withData() throws IOException {
    Files.writeString(Files.createDirectories(files).resolve("one.txt"), "one");
    return this;
  }

  public SamplePolicy into(Path newStore) {
    store = newStore;
    return this;
  }

  public SamplePolicy nightly() {
    schedule = "nightly: {cron: \"0 2 * * *\", timezone: UTC}";
    return this;
  }

  public SamplePolicy daily(int kept) {
    daily = kept;
    return this;
  }

  /**
   * @param promised such as {@code rpo: 26h}
   */
  public SamplePolicy objective(String promised) {
    objective = "    objective: {" + promised + "}\n";
    return this;
  }

  /** With these environments, to the first of which the volume belongs. */
  public SamplePolicy environments(String... names) {
    StringBuilder block = new StringBuilder("environment:\n");
    for (String name : names) {
      block.append("  ").append(name).append(": {policy: gold}\n");
    }
    environments = block.toString();
    rules = "environment: " + names[0];
    return this;
  }

  public String text() {
    return environments
        + """
        policy:
          gold:
            schedule:
              %s
            retention: {daily: %d}
        %sdatabase:
          files:
            engine: volume
            %s
            store: main
            connection: {path: %s}
        store:
          main: {type: directory, path: %s}
        """
            .formatted(schedule, daily, objective, rules, files, store);
  }

  /** Writes {@code all.yaml} into a directory, which is made if it is not there. */
  public Path write(Path policies) throws IOException {
    return Files.writeString(Files.createDirectories(policies).resolve("all.yaml"), text());
  }
}
