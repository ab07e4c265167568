package io.keepset.app.cli;

import io.keepset.app.LoadedPolicies;
import io.keepset.app.PolicyLocation;
import io.keepset.plan.Figures;
import io.keepset.plan.LiveTarget;
import io.keepset.policy.PolicySet;
import io.keepset.policy.StoreSpec;
import io.keepset.reconcile.Adoption;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Spelling;
import io.keepset.spi.DriverException;
import io.keepset.spi.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "adopt",
    description =
        "Write policy files for what is protected but in no file, so that the first plan with them"
            + " changes nothing. No file is replaced, no platform is touched.",
    footer = {
      "",
      "What somebody else set up becomes Keepset's own with the next apply.",
      "",
      "Exit codes: 0 written or nothing to write, 1 something can't be adopted; it is named.",
      "",
      "Examples:",
      "  keepset adopt --policies policies/",
      "  keepset adopt orders billing --format hcl --to policies/taken-over"
    })
final class AdoptCommand implements Callable<Integer> {
  private final Shell shell;
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "DB",
      arity = "0..*",
      description = "Databases to adopt (default: all that are in no file).")
  private List<String> names = new ArrayList<>();

  @Option(names = "--platform", paramLabel = "P", description = "Only those on this platform.")
  private @Nullable String platform;

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description = "Where to write (default: the directory with the policy files).")
  private @Nullable Path to;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "yaml, hcl or json (default: ${DEFAULT-VALUE}).")
  private Spelling format = Spelling.YAML;

  @SuppressWarnings("NullAway.Init") // picocli sets spec
  AdoptCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws DriverException, IOException {
    Path directory = directory();
    Optional<PolicySet> declared = Optional.of(PolicySet.EMPTY);
    LoadedPolicies loaded = null;
    if (!(shell.globals().policies() instanceof PolicyLocation.Directory plain)
        || Files.isDirectory(plain.path())) {
      loaded = shell.load(null);
      declared = loaded.set().valid();
    }
    if (declared.isEmpty() && loaded != null) {
      shell.console().diagnostics(loaded.set().diagnostics(), loaded::textOf);
      shell.console().note("Nothing is adopted while the files have mistakes.");
      return ExitCode.FAILED.code();
    }
    List<LiveTarget> targets = targets(declared.orElseThrow());
    Map<String, StoreSpec> stores = shell.keepset().storeSpecs();
    Adoption.Context context =
        new Adoption.Context(
            loaded == null ? List.of() : loaded.files(),
            declared.orElseThrow(),
            stores,
            shell.keepset().platforms(stores.values()));
    Adoption adoption =
        Adoption.of(targets, context, format, path -> Files.exists(directory.resolve(path)));
    List<Path> written = write(adoption, directory);
    print(adoption, written);
    return (adoption.left().isEmpty() ? ExitCode.DONE : ExitCode.FAILED).code();
  }

  private Path directory() {
    if (to != null) {
      return to;
    }
    if (shell.globals().policies() instanceof PolicyLocation.Directory plain) {
      return plain.path();
    }
    throw new ParameterException(
        spec.commandLine(), "the policies are in a repository elsewhere; say --to DIR");
  }

  /** Protected, in no file, and asked for. */
  private List<LiveTarget> targets(PolicySet declared) throws DriverException {
    Set<String> missing = new TreeSet<>(names);
    List<LiveTarget> targets = new ArrayList<>();
    Map<String, Platform> platforms = shell.keepset().platforms();
    if (platform != null && !platforms.containsKey(platform)) {
      throw new ParameterException(
          spec.commandLine(),
          "there is no platform "
              + platform
              + "; there are: "
              + String.join(", ", platforms.keySet()));
    }
    for (Map.Entry<String, Platform> one : platforms.entrySet()) {
      if (platform != null && !platform.equals(one.getKey())) {
        continue;
      }
      for (LiveTarget target : one.getValue().read().targets().values()) {
        String name = target.target().name();
        boolean asked = names.isEmpty() || names.contains(name);
        boolean known =
            Optional.ofNullable(declared.protections().get(name))
                .filter(r -> r.protection().target().equals(target.target()))
                .isPresent();
        if (known && missing.remove(name)) {
          shell.console().note(name + " is declared already.");
        }
        if (asked && !known && target.protection().isPresent()) {
          missing.remove(name);
          targets.add(target);
        }
      }
    }
    if (!missing.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "nothing protects " + String.join(", ", missing));
    }
    return targets;
  }

  private List<Path> write(Adoption adoption, Path directory) throws IOException {
    List<Path> written = new ArrayList<>();
    if (adoption.adopted().isEmpty()) {
      return written;
    }
    Files.createDirectories(directory);
    for (Map.Entry<String, String> file : adoption.files().entrySet()) {
      Path path = directory.resolve(file.getKey());
      Files.writeString(path, file.getValue(), StandardOpenOption.CREATE_NEW);
      written.add(path);
    }
    return written;
  }

  private void print(Adoption adoption, List<Path> written) {
    Console console = shell.console();
    if (shell.globals().json()) {
      List<MapNode> left = new ArrayList<>();
      adoption
          .left()
          .forEach(
              (target, why) ->
                  left.add(
                      new MapBuilder()
                          .put("database", target.name())
                          .put("platform", target.platform())
                          .put("reason", why)
                          .build()));
      console.json(
          new MapBuilder()
              .put(
                  "adopted",
                  adoption.adopted().stream()
                      .map(
                          target ->
                              new MapBuilder()
                                  .put("database", target.name())
                                  .put("platform", target.platform())
                                  .build())
                      .toList())
              .putTexts("files", written.stream().map(Path::toString).toList())
              .put("left", left)
              .build());
      return;
    }
    written.forEach(path -> console.out().println("Wrote " + path));
    adoption
        .left()
        .forEach(
            (target, why) -> console.error(target + " can't be adopted: " + Figures.plain(why)));
    if (adoption.adopted().isEmpty()) {
      console
          .out()
          .println(
              adoption.left().isEmpty()
                  ? "Nothing to adopt: all that is protected is in the files."
                  : "Nothing was written.");
    } else {
      console
          .out()
          .println(
              "Adopted "
                  + Figures.count(adoption.adopted().size(), "database")
                  + ". A plan with them changes nothing; look at the files, then commit them.");
    }
  }
}
