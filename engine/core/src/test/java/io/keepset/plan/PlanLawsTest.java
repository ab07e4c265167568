package io.keepset.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.policy.Mode;
import io.keepset.policy.PolicySet;
import io.keepset.policy.Protection;
import io.keepset.policy.ProtectionFields;
import io.keepset.policy.TargetId;
import io.keepset.retention.Backup;
import io.keepset.retention.KeepSet;
import io.keepset.source.SourceFile;
import io.keepset.testing.Any;
import io.keepset.testing.Laws;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PlanLawsTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  @Test
  void planningAStateAgainstItselfIsEmpty() {
    Laws.forAll(
        300,
        random -> {
          List<Protection> state = AnyState.databases(random);

          Plan plan = plan(state, state);

          assertThat(plan.hasChanges()).isFalse();
          assertThat(plan.changes()).hasSize(state.size());
        });
  }

  @Test
  void theOrderOfTheInputDoesNotMatter() {
    Laws.forAll(
        300,
        random -> {
          List<Protection> files = AnyState.databases(random);
          List<Protection> live = AnyState.databases(random);

          List<Protection> shuffledFiles = shuffled(files, random);
          Map<String, Inventory> platforms = Samples.live(live.toArray(Protection[]::new));
          Map<String, Inventory> reordered = new LinkedHashMap<>();
          List<String> names = new ArrayList<>(platforms.keySet());
          Collections.shuffle(names, random);
          names.forEach(name -> reordered.put(name, platforms.get(name)));

          Plan one =
              Planner.compare(
                  Samples.desired(files.toArray(Protection[]::new)), platforms, Mode.ADDITIVE);
          Plan other =
              Planner.compare(
                  Samples.desired(shuffledFiles.toArray(Protection[]::new)),
                  reordered,
                  Mode.ADDITIVE);

          assertThat(other).isEqualTo(one);
          assertThat(other.hash()).isEqualTo(one.hash());
        });
  }

  @Test
  void neitherTheClockNorBackupsChangeTheHash() {
    Laws.forAll(
        200,
        random -> {
          List<Protection> files = AnyState.databases(random);
          List<Protection> live = AnyState.databases(random);
          int backups = Any.between(random, 0, 50);
          int days = Any.between(random, 0, 1000);

          Plan plan = plan(files, live);
          Map<TargetId, List<Backup>> found = new HashMap<>();
          for (Change change : plan.changes()) {
            List<Backup> list = new ArrayList<>();
            for (int i = 0; i < backups; i++) {
              list.add(
                  PrinterSamples.backup(
                      change.target().name(), NOW.minus(Duration.ofDays(backups - i))));
            }
            found.put(change.target(), list);
          }

          Plan weighed = Weighing.weigh(plan, stock(found), NOW.plus(Duration.ofDays(days)), 2);

          assertThat(weighed.hash()).isEqualTo(plan.hash());
        });
  }

  @Test
  void theFieldsOfAChangeLeadFromBeforeToAfterExactly() {
    Laws.forAll(
        500,
        random -> {
          List<Protection> files = AnyState.databases(random);
          List<Protection> live = AnyState.databases(random);

          for (Change change : plan(files, live).changes()) {
            if (change.action().writes()) {
              SortedMap<String, String> fields = fields(change.before());
              for (FieldChange field : change.fields()) {
                assertThat(Optional.ofNullable(fields.get(field.path()))).isEqualTo(field.before());
                assertThat(field.after()).isNotEqualTo(field.before());
                fields.remove(field.path());
                field.after().ifPresent(value -> fields.put(field.path(), value));
              }
              assertThat(fields).isEqualTo(fields(change.after()));
            }
          }
        });
  }

  @Test
  void nothingIsStrengthenedByAChangeAndByItsOpposite() {
    Laws.forAll(
        500,
        random -> {
          List<Protection> pair = AnyState.pair(random);

          Grading grading = new Grading();
          SortedMap<String, String> before = ProtectionFields.of(pair.get(0));
          SortedMap<String, String> after = ProtectionFields.of(pair.get(1));
          SortedMap<String, String> all = new TreeMap<>(before);
          all.putAll(after);
          for (String path : all.keySet()) {
            if (!Optional.ofNullable(before.get(path))
                .equals(Optional.ofNullable(after.get(path)))) {
              Grade there = grading.of(path, pair.get(0), pair.get(1));
              Grade back = grading.of(path, pair.get(1), pair.get(0));
              assertThat(there == Grade.STRENGTHENS && back == Grade.STRENGTHENS)
                  .as(path)
                  .isFalse();
            }
          }
        });
  }

  @Test
  void appliesInTurnsAndOnlyWhatTheModePermits() {
    Laws.forAll(
        300,
        random -> {
          List<Protection> files = AnyState.databases(random);
          List<Protection> live = AnyState.databases(random);
          Mode mode = Any.of(random, Mode.values());

          Plan plan =
              Planner.compare(
                  Samples.desired(files.toArray(Protection[]::new)),
                  Samples.live(live.toArray(Protection[]::new)),
                  mode);

          int turn = 0;
          for (Change change : plan.applicable()) {
            int own = change.action() == Action.DELETE ? 2 : change.weakens() ? 1 : 0;
            assertThat(own).isGreaterThanOrEqualTo(turn);
            turn = own;
            assertThat(mode == Mode.FULL || (mode == Mode.ADDITIVE && own == 0)).isTrue();
          }
          long writing = plan.changes().stream().filter(c -> c.action().writes()).count();
          assertThat(plan.applicable().size() + plan.heldBack().size()).isEqualTo((int) writing);
        });
  }

  @Test
  void aPlanFileGivesTheSamePlan() {
    Laws.forAll(
        100,
        random -> {
          List<Protection> files = AnyState.databases(random);
          List<Protection> live = AnyState.databases(random);

          Desired desired = Samples.desired(files.toArray(Protection[]::new));
          Map<String, Inventory> platforms = Samples.live(live.toArray(Protection[]::new));
          Plan plan = Planner.compare(desired, platforms, Mode.FULL);

          PlanFile read = read(PlanFile.write(plan, desired, PolicySet.EMPTY));

          assertThat(read.desired()).isEqualTo(desired);
          assertThat(Planner.compare(read.desired(), platforms, read.mode())).isEqualTo(plan);
          assertThat(read.hash()).isEqualTo(plan.hash());
        });
  }

  @Test
  void everyPlanIsPrintedAsTheSchemaSays() {
    Laws.forAll(
        50,
        random -> {
          List<Protection> files = AnyState.databases(random);
          List<Protection> live = AnyState.databases(random);

          Plan plan = Weighing.weigh(plan(files, live), stock(Map.of()), NOW, 1);

          assertThat(PlanJsonTest.violations(plan)).isEmpty();
          assertThat(PlanText.print(plan, List.of(), false))
              .doesNotContain("\u001b")
              .endsWith("\n");
          assertThat(PlanMarkdown.print(plan, List.of()).length()).isLessThan(PlanMarkdown.LIMIT);
        });
  }

  private static PlanFile read(String text) {
    return PlanFile.read(new SourceFile("p", text.getBytes(StandardCharsets.UTF_8)))
        .valid()
        .orElseThrow();
  }

  private static Plan plan(List<Protection> files, List<Protection> live) {
    return Planner.compare(
        Samples.desired(files.toArray(Protection[]::new)),
        Samples.live(live.toArray(Protection[]::new)),
        Mode.FULL);
  }

  private static List<Protection> shuffled(List<Protection> list, Random random) {
    List<Protection> copy = new ArrayList<>(list);
    Collections.shuffle(copy, random);
    return copy;
  }

  private static Stock stock(Map<TargetId, List<Backup>> backups) {
    return new Stock(backups, KeepSet::noHolds, Map.of());
  }

  private static SortedMap<String, String> fields(Optional<Protection> protection) {
    return new TreeMap<>(protection.map(ProtectionFields::of).orElseGet(TreeMap::new));
  }
}
