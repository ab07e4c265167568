package io.keepset.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Validated;
import io.keepset.policy.Approval;
import io.keepset.policy.Mode;
import io.keepset.policy.PolicyLoader;
import io.keepset.policy.PolicySet;
import io.keepset.policy.Protection;
import io.keepset.policy.Resolved;
import io.keepset.policy.TargetId;
import io.keepset.reconcile.DesiredState;
import io.keepset.retention.Backup;
import io.keepset.retention.KeepSet;
import io.keepset.source.JsonText;
import io.keepset.source.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * A folder for each case, named as a sentence: {@code desired.yaml} is declared, {@code live.yaml}
 * is what was applied before, {@code foreign.yaml} what somebody else set up, {@code history.txt}
 * holds lines such as {@code orders 2026-10-12..2026-11-21} for a backup at 01:07 UTC on each day,
 * {@code mode.txt} the mode if it is not full. Every {@code expected.*} that is there is compared;
 * {@code -Dkeepset.rewrite=true} writes what came out instead.
 */
class PlanCasesTest {
  private static final Path CASES = Path.of("src/test/resources/cases/plan");
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  @TestFactory
  Stream<DynamicTest> cases() throws IOException {
    List<Path> folders;
    try (Stream<Path> entries = Files.list(CASES)) {
      folders = entries.sorted().toList();
    }
    assertThat(folders).hasSizeGreaterThanOrEqualTo(8);
    return folders.stream()
        .map(folder -> DynamicTest.dynamicTest(folder.getFileName().toString(), () -> run(folder)));
  }

  @Test
  void everyDocumentedCodeOfAGuardHasACase() throws IOException {
    TreeSet<String> documented = codes(Files.readString(Path.of("../../docs/diagnostics.md")));
    TreeSet<String> seen = new TreeSet<>();
    try (Stream<Path> files = Files.walk(CASES)) {
      for (Path file : files.filter(f -> f.endsWith("expected.txt")).toList()) {
        seen.addAll(codes(Files.readString(file)));
      }
    }
    documented.remove("guard.settings"); // SettingsGuardTest: no case holds what is in force
    assertThat(seen).isEqualTo(documented);
  }

  private static TreeSet<String> codes(String text) {
    TreeSet<String> codes = new TreeSet<>();
    Matcher matcher =
        Pattern.compile("[\\[`](guard\\.[a-z_]+|approval\\.(?:given|spent)|compliance\\.live)[]`]")
            .matcher(text);
    while (matcher.find()) {
      codes.add(matcher.group(1));
    }
    return codes;
  }

  private static void run(Path folder) throws Exception {
    PolicySet wanted = load(desired(folder));
    Desired desired = DesiredState.of(new Revision("3fa9c1e0", false), wanted, List.of());
    Map<String, Inventory> live = live(folder.resolve("live.yaml"), folder.resolve("foreign.yaml"));
    Plan compared = Planner.compare(desired, live, mode(folder.resolve("mode.txt")));
    Map<TargetId, List<Backup>> history = history(folder.resolve("history.txt"));
    Plan weighed = Weighing.weigh(compared, new Stock(history, KeepSet::noHolds, Map.of()), NOW, 1);
    Verdict verdict =
        Guards.judge(Guards.always(), weighed, circumstances(folder, wanted, desired, history));
    Plan plan = weighed.withNotes(verdict.notes());
    List<Diagnostic> refusals = verdict.refusals();

    compare(
        folder.resolve("expected.txt"), PlanText.print(plan, refusals, verdict.request(), false));
    compare(folder.resolve("expected.md"), PlanMarkdown.print(plan, refusals, verdict.request()));
    compare(
        folder.resolve("expected.json"),
        JsonText.write(PlanJson.of(plan, refusals, verdict.request())));
    assertThat(PlanJsonTest.violations(PlanJson.of(plan, refusals, verdict.request()))).isEmpty();
  }

  private static Path desired(Path folder) {
    Path hcl = folder.resolve("desired.hcl");
    return Files.exists(hcl) ? hcl : folder.resolve("desired.yaml");
  }

  private static Circumstances circumstances(
      Path folder, PolicySet wanted, Desired desired, Map<TargetId, List<Backup>> history)
      throws IOException {
    SortedMap<String, Integer> restorable = new TreeMap<>();
    history.forEach((target, all) -> restorable.merge("runner", all.size(), Integer::sum));
    return new Circumstances(
        desired.rails(),
        precedents(folder, wanted, desired),
        desired.databases(),
        history,
        KeepSet::noHolds,
        restorable,
        NOW);
  }

  private static Precedents precedents(Path folder, PolicySet wanted, Desired desired)
      throws IOException {
    TreeMap<String, Spent> spent = new TreeMap<>();
    for (String name : lines(folder.resolve("spent.txt"))) {
      Approval approval = desired.rails().approvals().get(name);
      spent.put(
          approval.digest(),
          new Spent(
              approval.digest(), name, approval.plan(), "0a1b2c3d", NOW.minusSeconds(86_400)));
    }
    List<String> loosens = lines(folder.resolve("loosens.txt"));
    ApprovalEndorsement endorsement =
        new ApprovalEndorsement() {
          @Override
          public Optional<String> objection(Approval approval, Plan plan) {
            return Optional.empty();
          }

          @Override
          public Optional<String> loosens() {
            return loosens.stream().findFirst();
          }
        };
    Precedents precedents =
        new Precedents(spent, Optional.empty(), endorsement, moved(folder, wanted), List.of());
    List<String> followed = lines(folder.resolve("followed.txt"));
    return followed.isEmpty()
        ? precedents
        : precedents.withFollowed(new Revision(followed.get(0), false));
  }

  /** Each line of {@code moved.txt}: a store, a database, how many backups. */
  private static List<MovedStore> moved(Path folder, PolicySet policies) throws IOException {
    TreeMap<String, TreeMap<String, Integer>> stores = new TreeMap<>();
    for (String line : lines(folder.resolve("moved.txt"))) {
      String[] words = line.split(" ", 3);
      stores
          .computeIfAbsent(words[0], unused -> new TreeMap<>())
          .put(words[1], Integer.parseInt(words[2]));
    }
    List<MovedStore> moved = new ArrayList<>();
    stores.forEach(
        (name, backups) -> moved.add(new MovedStore(policies.stores().get(name), backups)));
    return moved;
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  private static void compare(Path expected, String text) throws IOException {
    boolean first = expected.toString().endsWith(".txt");
    if (Boolean.getBoolean("keepset.rewrite") && (first || Files.exists(expected))) {
      Files.writeString(expected, text);
    }
    if (first || Files.exists(expected)) {
      assertThat(text).isEqualTo(Files.readString(expected));
    }
  }

  private static PolicySet load(Path file) throws IOException {
    if (!Files.exists(file)) {
      return PolicySet.EMPTY;
    }
    SourceFile source = new SourceFile(file.getFileName().toString(), Files.readAllBytes(file));
    Validated<PolicySet> loaded = new PolicyLoader().load(List.of(source));
    return loaded.valid().orElseThrow(() -> new AssertionError(file + ": " + loaded.diagnostics()));
  }

  private static Map<String, Inventory> live(Path ours, Path foreign) throws IOException {
    SortedMap<String, Resolved> theirs = load(foreign).protections();
    List<Protection> protections = new ArrayList<>();
    DesiredState.of(Revision.DIRECTORY, load(ours), List.of())
        .databases()
        .values()
        .forEach(own -> protections.add(own.protection()));
    theirs.values().forEach(resolved -> protections.add(resolved.protection()));
    return Samples.live(
        t -> new LiveTarget(t.target(), t.protection(), !theirs.containsKey(t.target().name())),
        protections.toArray(Protection[]::new));
  }

  private static Mode mode(Path file) throws IOException {
    return Files.exists(file) ? Mode.of(Files.readString(file).strip()).orElseThrow() : Mode.FULL;
  }

  private static Map<TargetId, List<Backup>> history(Path file) throws IOException {
    Map<TargetId, List<Backup>> backups = new HashMap<>();
    for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
      String[] words = line.split(" ");
      String[] span = words[1].split("\\.\\.");
      Instant last = day(span[1]);
      for (Instant t = day(span[0]); !t.isAfter(last); t = t.plus(Duration.ofDays(1))) {
        backups
            .computeIfAbsent(new TargetId("runner", words[0]), unused -> new ArrayList<>())
            .add(PrinterSamples.backup(words[0], t));
      }
    }
    return backups;
  }

  private static Instant day(String text) {
    return LocalDate.parse(text).atStartOfDay().plusMinutes(67).toInstant(ZoneOffset.UTC);
  }
}
