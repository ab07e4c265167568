package io.keepset.app.cli;

import io.keepset.diagnostic.Validated;
import io.keepset.policy.BuiltIn;
import io.keepset.policy.Nearest;
import io.keepset.policy.PolicyFile;
import io.keepset.policy.PolicyTerms;
import io.keepset.source.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Finds the policy that a simulation is about; files are read, nothing else. */
final class SimulatedPolicy {
  private static final String OPTION = "--retention";

  private final Console console;

  SimulatedPolicy(Console console) {
    this.console = console;
  }

  /** From {@code {daily: 7, weekly: 4}}. */
  PolicyTerms ofRetention(String rules) throws CommandException {
    Validated<PolicyFile> read = PolicyFile.ofRetention(rules, OPTION);
    PolicyFile file = checked(read, rules);
    return told(file, file.names().first(), rules);
  }

  /** From {@code FILE}, {@code FILE#NAME} or the name of a built-in policy. */
  PolicyTerms named(String given) throws CommandException, IOException {
    int hash = given.lastIndexOf('#');
    boolean whole = hash < 0 || Files.exists(Path.of(given));
    Path path = Path.of(whole ? given : given.substring(0, hash));
    Optional<String> name = whole ? Optional.empty() : Optional.of(given.substring(hash + 1));
    if (whole && !Files.exists(path) && BuiltIn.names().contains(given)) {
      return told(PolicyFile.NONE, given, "");
    }
    SimulateOptions.require(
        Files.exists(path),
        "--policy names neither a file nor a built-in policy: "
            + path
            + "; built in are "
            + String.join(", ", BuiltIn.names()));
    SimulateOptions.require(
        !Files.isDirectory(path), "--policy names a directory; name one file of it: " + path);
    SourceFile source = new SourceFile(path.toString(), Files.readAllBytes(path));
    PolicyFile file = checked(PolicyFile.read(source), source.text());
    return told(
        file, name.isPresent() ? known(file, path, name.get()) : only(file, path), source.text());
  }

  private static String only(PolicyFile file, Path path) throws CommandException {
    SortedSet<String> names = file.names();
    SimulateOptions.require(!names.isEmpty(), path + " declares no policy");
    SimulateOptions.require(
        names.size() == 1,
        path
            + " declares "
            + names.size()
            + " policies; name one of them: --policy "
            + path
            + "#"
            + String.join(" or #", names));
    return names.first();
  }

  private static String known(PolicyFile file, Path path, String name) throws CommandException {
    SortedSet<String> names = new TreeSet<>(file.names());
    names.addAll(BuiltIn.names());
    SimulateOptions.require(
        names.contains(name),
        path
            + " declares no policy "
            + name
            + Nearest.to(name, names).map(near -> "; did you mean " + near + "?").orElse(""));
    return name;
  }

  private PolicyFile checked(Validated<PolicyFile> read, String text) throws CommandException {
    return read.valid()
        .orElseThrow(() -> new CommandException(ExitCode.FAILED, read.diagnostics(), text));
  }

  private PolicyTerms told(PolicyFile file, String name, String text) {
    Validated<PolicyTerms> terms = file.terms(name).orElseThrow();
    console.diagnostics(
        terms.diagnostics(), path -> text.isEmpty() ? Optional.empty() : Optional.of(text));
    return terms.valid().orElseThrow();
  }
}
