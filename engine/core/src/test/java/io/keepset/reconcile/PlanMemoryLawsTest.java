package io.keepset.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.diagnostic.Validated;
import io.keepset.plan.Action;
import io.keepset.plan.Change;
import io.keepset.plan.Guards;
import io.keepset.plan.PlanText;
import io.keepset.plan.Precedents;
import io.keepset.plan.Revision;
import io.keepset.policy.Mode;
import io.keepset.policy.PolicyLoader;
import io.keepset.policy.PolicySet;
import io.keepset.policy.Protection;
import io.keepset.runner.RunnerLab;
import io.keepset.runner.RunnerPlatform;
import io.keepset.source.SourceFile;
import io.keepset.spi.DriverException;
import io.keepset.testing.Any;
import io.keepset.testing.Laws;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A plan that remembers the last one is the plan that somebody makes who remembers nothing. */
class PlanMemoryLawsTest {
  private static final Retry ONCE = new Retry(1, Duration.ZERO, pause -> {});

  @Test
  void aPlanWithAMemoryIsThePlanWithoutOne() {
    Laws.forAll(
        60,
        random -> {
          Repository repository = new Repository(random);
          RunnerLab lab = new RunnerLab();
          Server server = new Server(lab);
          for (int step = 0; step < 25; step++) {
            for (int edits = Any.between(random, 0, 3); edits > 0; edits--) {
              repository.edit();
            }
            if (Any.chance(random, 0.3)) {
              disturb(lab, random);
            }
            Optional<Proposal> remembered = server.plan(repository.files(), lab);
            Optional<Proposal> fresh = new Server(lab).plan(repository.changed(), lab);

            assertThat(remembered.map(Proposal::plan)).isEqualTo(fresh.map(Proposal::plan));
            assertThat(remembered).isEqualTo(fresh);
            if (remembered.isPresent()) {
              assertThat(remembered.get().plan().hash()).isEqualTo(fresh.get().plan().hash());
              assertThat(text(remembered.get())).isEqualTo(text(fresh.get()));
              if (Any.chance(random, 0.7)) {
                applySome(lab, remembered.get(), random);
              }
            }
          }
        });
  }

  @Test
  void whatDidNotChangeIsNotComparedAgain() throws Exception {
    Repository repository = new Repository(new Random(7));
    RunnerLab lab = new RunnerLab();
    Server server = new Server(lab);
    applyAll(lab, server.plan(repository.files(), lab).orElseThrow());

    Proposal one = server.plan(repository.files(), lab).orElseThrow();
    repository.put("d1", "daily: 5");
    Proposal two = server.plan(repository.files(), lab).orElseThrow();

    Map<String, Change> before = new HashMap<>();
    one.plan().changes().forEach(change -> before.put(change.target().name(), change));
    String edited = file(before.get("d1"));
    long same =
        two.plan().changes().stream()
            .filter(change -> change == before.get(change.target().name()))
            .count();
    long elsewhere =
        two.plan().changes().stream().filter(change -> !file(change).equals(edited)).count();
    assertThat(same).isEqualTo(elsewhere).isPositive();
    assertThat(two.plan().changes())
        .filteredOn(change -> change.action() != Action.NONE)
        .extracting(change -> change.target().name())
        .containsExactly("d1");
  }

  private static String file(Change change) {
    return change.declaredAt().orElseThrow().file();
  }

  private static String text(Proposal proposal) {
    return PlanText.print(proposal.plan(), proposal.refusals(), false);
  }

  /** Somebody else changes what is live. */
  private static void disturb(RunnerLab lab, Random random) {
    List<Protection> live = List.copyOf(lab.catalogue.protections().values());
    if (!live.isEmpty()) {
      Protection one = Any.of(random, live);
      if (Any.chance(random, 0.5)) {
        lab.catalogue.unprotect(one.name());
      } else {
        lab.catalogue.protect(one.withOptions(one.options().with("silence_limit", "20m")));
      }
    }
  }

  private static void applyAll(RunnerLab lab, Proposal proposal) {
    proposal.plan().changes().forEach(change -> apply(lab, change));
  }

  private static void applySome(RunnerLab lab, Proposal proposal, Random random) {
    for (Change change : proposal.plan().changes()) {
      if (Any.chance(random, 0.8)) {
        apply(lab, change);
      }
    }
  }

  private static void apply(RunnerLab lab, Change change) {
    if (change.action() == Action.CREATE || change.action() == Action.UPDATE) {
      lab.catalogue.protect(change.after().orElseThrow());
    } else if (change.action() == Action.DELETE) {
      lab.catalogue.unprotect(change.target().name());
    }
  }

  /** Loads and plans, again and again. */
  private static final class Server {
    private final RunnerPlatform runner;
    private final PolicyLoader loader = new PolicyLoader();
    private final PlanMemory memory = new PlanMemory();
    private Set<String> stores = Set.of();
    private RunnerPlatform planned;

    Server(RunnerLab lab) {
      this.runner = new RunnerPlatform(lab.ports());
      this.planned = runner;
    }

    Optional<Proposal> plan(List<SourceFile> files, RunnerLab lab) throws DriverException {
      Validated<PolicySet> loaded = loader.load(files);
      if (loaded.valid().isEmpty()) {
        return Optional.empty();
      }
      PolicySet policies = loaded.valid().get();
      if (!policies.stores().keySet().equals(stores)) {
        stores = new TreeSet<>(policies.stores().keySet());
        planned = runner.planning(policies.stores().values());
      }
      return Optional.of(
          new Reconciler(Map.of("runner", planned), Guards.always(), ONCE, Precedents.NONE, memory)
              .propose(
                  DesiredState.of(
                      new Revision("a".repeat(40), false), policies, loaded.diagnostics(), memory),
                  Mode.FULL,
                  lab.now,
                  1));
    }
  }

  /** Policy files that somebody edits. */
  private static final class Repository {
    private static final int FILES = 4;

    private final Random random;
    private final List<TreeMap<String, String>> databases = new ArrayList<>();
    private final Map<String, SourceFile> known = new HashMap<>();
    private int daily = 7;
    private String place = "/backups";
    private boolean secondStore = true;
    private String tier = "prod";

    Repository(Random random) {
      this.random = random;
      for (int file = 0; file < FILES; file++) {
        databases.add(new TreeMap<>());
      }
      for (int i = 0; i < 8; i++) {
        put("d" + i, "");
      }
    }

    /** With these retention rules of its own, in the file in which it was, or in any. */
    void put(String name, String rules) {
      TreeMap<String, String> file = Any.of(random, databases);
      for (TreeMap<String, String> other : databases) {
        file = other.containsKey(name) ? other : file;
      }
      file.put(name, rules);
    }

    void edit() {
      String name = "d" + Any.between(random, 0, 11);
      switch (Any.between(random, 0, 8)) {
        case 0 -> daily = Any.between(random, 5, 9);
        case 1 -> place = Any.of(random, "/backups", "/mnt/backups", "/srv");
        case 2 -> secondStore = !secondStore;
        case 3 -> tier = Any.of(random, "prod", "test");
        case 4 -> databases.forEach(file -> file.remove(name));
        case 5 -> {
          databases.forEach(file -> file.remove(name));
          put(name, "");
        }
        default -> put(name, Any.of(random, "", "daily: 3", "daily: 30", "last: 4", "dialy: 3"));
      }
    }

    /** As a feed gives them: what did not change is the same object. */
    List<SourceFile> files() {
      List<SourceFile> files = new ArrayList<>();
      for (SourceFile file : changed()) {
        SourceFile before = known.get(file.path());
        boolean same = before != null && before.text().equals(file.text());
        known.put(file.path(), same ? before : file);
        files.add(same ? before : file);
      }
      return files;
    }

    List<SourceFile> changed() {
      List<SourceFile> files = new ArrayList<>();
      files.add(
          file(
              "all.yaml",
              """
              environment: {e: {policy: gold, store: main, labels: {tier: %s}}}
              policy: {gold: {schedule: {n: {cron: "@daily"}}, retention: {daily: %d}}}
              store:
                main: {type: directory, path: %s}
              """
                      .formatted(tier, daily, place)
                  + (secondStore ? "  second: {type: s3, bucket: b}\n" : "")));
      for (int i = 0; i < FILES; i++) {
        StringBuilder text = new StringBuilder(databases.get(i).isEmpty() ? "" : "database:\n");
        databases
            .get(i)
            .forEach(
                (name, rules) ->
                    text.append("  ")
                        .append(name)
                        .append(":\n    engine: volume\n")
                        .append("    environment: e\n    connection: {path: /data/")
                        .append(name)
                        .append("}\n")
                        .append(name.equals("d3") ? "    store: second\n" : "")
                        .append("    override: {retention: {")
                        .append(rules)
                        .append("}}\n"));
        files.add(file("f" + i + ".yaml", text.toString()));
      }
      return files;
    }

    private static SourceFile file(String path, String text) {
      return new SourceFile(path, text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
