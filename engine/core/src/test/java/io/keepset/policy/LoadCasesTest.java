package io.keepset.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.DiagnosticText;
import io.keepset.diagnostic.Validated;
import io.keepset.source.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * One folder a case, named as a sentence: policy files and the exact text that loading them prints.
 * {@code -Dkeepset.cases.rewrite=true} writes the expected texts anew, to be read before they are
 * committed.
 */
class LoadCasesTest {
  private static final Path CASES = Path.of("src/test/resources/cases/load");
  private static final LocalDate TODAY = LocalDate.of(2026, 11, 21);
  private static final boolean REWRITE = Boolean.getBoolean("keepset.cases.rewrite");

  /** Codes that no policy file of a size worth keeping can bring about. */
  private static final List<String> ELSEWHERE =
      List.of("load.files", "load.size", "source.size", "source.spelling", "source.hcl.name");

  @TestFactory
  Stream<DynamicTest> saysWhatTheCaseExpects() throws IOException {
    return folders().map(folder -> DynamicTest.dynamicTest(name(folder), () -> check(folder)));
  }

  private static void check(Path folder) throws IOException {
    List<SourceFile> files = files(folder);
    StringBuilder out = new StringBuilder();
    Validated<PolicySet> loaded = new PolicyLoader().load(files);
    out.append(printer(files).print(all(loaded)));
    if (!loaded.hasErrors() && loaded.value() != null) {
      loaded.value().protections().values().forEach(resolved -> print(resolved, out));
    }
    Path expected = folder.resolve("expected.txt");
    if (REWRITE) {
      Files.writeString(expected, out);
    }
    assertThat(out.toString()).isEqualTo(Files.readString(expected));
  }

  private static List<Diagnostic> all(Validated<PolicySet> loaded) {
    List<Diagnostic> all = new ArrayList<>(loaded.diagnostics());
    if (loaded.value() != null) {
      all.addAll(PolicyDates.check(loaded.value(), TODAY));
    }
    return all;
  }

  private static void print(Resolved resolved, StringBuilder out) {
    out.append(resolved.protection().target()).append(", policy ").append(resolved.policy());
    out.append(", declared at ").append(resolved.declaredAt()).append('\n');
    ProtectionFields.of(resolved.protection())
        .forEach(
            (path, value) -> {
              Origin origin = resolved.origins().get(path);
              out.append("  ").append(path).append(" = ").append(value);
              out.append("  (").append(origin.level());
              out.append(origin.at() == null ? "" : " at " + origin.at()).append(")\n");
            });
  }

  /** A code that nobody can see in a case is one whose message nobody has read. */
  @Test
  void everyDocumentedCodeHasACaseAndEveryCaseIsDocumented() throws IOException {
    TreeSet<String> seen = new TreeSet<>(ELSEWHERE);
    for (Path folder : folders().toList()) {
      all(new PolicyLoader().load(files(folder))).forEach(found -> seen.add(found.code()));
    }
    TreeSet<String> documented = new TreeSet<>();
    for (String line : Files.readAllLines(Path.of("../../docs/diagnostics.md"))) {
      if (line.equals("## Plans")) {
        break; // What comes from here on needs more than files; PlanCasesTest sees to plans.
      }
      if (line.startsWith("| `")) {
        documented.add(line.substring(3, line.indexOf('`', 3)));
      }
    }
    documented.removeIf(code -> code.equals("load.link") || code.startsWith("git."));
    documented.remove("load.unreadable");
    // Of engines' own rules, and of what Terraform submits and keeps; tested there.
    documented.removeAll(
        Set.of(
            "s3.own-store",
            "volume.own-data",
            "s3.store",
            "source.values",
            "elasticsearch.repository",
            "object.elsewhere"));
    documented.remove("engine.unavailable"); // Every engine has a driver by now.
    assertThat(documented).isEqualTo(seen);
  }

  private static DiagnosticText printer(List<SourceFile> files) {
    return new DiagnosticText(
        path ->
            files.stream()
                .filter(file -> file.path().equals(path))
                .findFirst()
                .map(SourceFile::text)
                .or(Optional::empty),
        false);
  }

  private static Stream<Path> folders() throws IOException {
    try (Stream<Path> folders = Files.list(CASES)) {
      return folders.sorted().toList().stream();
    }
  }

  private static List<SourceFile> files(Path folder) throws IOException {
    List<SourceFile> files = new ArrayList<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        String name = folder.relativize(path).toString();
        if (PolicyPath.counts(name)) {
          files.add(new SourceFile(name, Files.readAllBytes(path)));
        }
      }
    }
    return files;
  }

  private static String name(Path folder) {
    return folder.getFileName().toString().replace('-', ' ');
  }
}
