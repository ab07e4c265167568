package io.keepset.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.diagnostic.Location;
import io.keepset.policy.Approval;
import io.keepset.policy.Compliance.Forbidden;
import io.keepset.policy.ComplianceCheck;
import io.keepset.policy.ComplianceFields;
import io.keepset.policy.PolicyLoader;
import io.keepset.policy.PolicySet;
import io.keepset.policy.Protection;
import io.keepset.policy.Suspension;
import io.keepset.retention.Backup;
import io.keepset.retention.KeepSet;
import io.keepset.source.SourceFile;
import io.keepset.source.Spelling;
import io.keepset.testing.Any;
import io.keepset.testing.Laws;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What no plan gets past the guards with, whatever approvals lie in the files. */
class GuardLawsTest {
  private static final Location AT = new Location("approvals.yaml", 2, 3);
  private static final LocalDate TODAY = LocalDate.of(2026, 11, 21);

  @Test
  void nothingWeakensAndNoBackupGoesUnlessSomebodyAgreed() {
    AtomicInteger passed = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    Laws.forAll(
        1000,
        random -> {
          AnyProposal proposal = AnyProposal.of(random);
          List<Approval> approvals = approvals(random, proposal);
          SortedMap<String, Spent> spent = spent(random, approvals);

          Verdict verdict = proposal.judged(approvals, spent);

          if (verdict.refusals().isEmpty()) {
            passed.addAndGet(approvals.isEmpty() ? 0 : 1);
            everythingIsAgreedTo(proposal.plan(), good(proposal.plan(), approvals, spent));
          } else {
            refused.incrementAndGet();
            assertThat(verdict.used()).isEmpty();
          }
        });
    assertThat(passed).as("plans that passed with approvals").hasValueGreaterThan(100);
    assertThat(refused).as("plans that were refused").hasValueGreaterThan(100);
  }

  @Test
  void theBlockThatARefusalPrintsLetsThatPlanPassAndNoOther() {
    AtomicInteger asked = new AtomicInteger();
    Laws.forAll(
        600,
        random -> {
          AnyProposal proposal = AnyProposal.of(random);
          AnyProposal other = AnyProposal.of(random);
          Optional<ApprovalRequest> request = proposal.judged(List.of()).request();
          if (request.isEmpty()) {
            return;
          }
          asked.incrementAndGet();
          Spelling spelling = Any.of(random, Spelling.values());

          Collection<Approval> pasted =
              loaded(new ApprovalRequest(request.get().approval(), spelling));
          Verdict verdict = proposal.judged(pasted);

          assertThat(verdict.refusals()).isEmpty();
          assertThat(verdict.used()).containsExactlyElementsOf(pasted);
          if (!other.plan().hash().equals(proposal.plan().hash())) {
            Verdict before = other.judged(List.of());
            Verdict after = other.judged(pasted);
            assertThat(after.refusals().isEmpty()).isEqualTo(before.refusals().isEmpty());
            assertThat(after.used()).isEmpty();
          }
        });
    assertThat(asked).hasValueGreaterThan(100);
  }

  @Test
  void noApprovalPassesAMinimumWhatIsForbiddenOrAHold() {
    AtomicInteger passed = new AtomicInteger();
    Laws.forAll(
        1000,
        random -> {
          AnyProposal proposal = AnyProposal.of(random);
          Plan plan = proposal.plan();

          Verdict verdict = proposal.judged(List.of(everything(plan)));

          if (verdict.refusals().isEmpty()) {
            passed.incrementAndGet();
            for (Change change : plan.applicable()) {
              minimum(proposal, change);
              compliance(proposal, change);
              held(proposal, change);
            }
          }
        });
    assertThat(passed).hasValueGreaterThan(100);
  }

  private static void everythingIsAgreedTo(Plan plan, List<Approval> good) {
    Set<String> named = new HashSet<>();
    good.forEach(approval -> named.addAll(approval.changes()));
    int going = 0;
    for (Change change : plan.applicable()) {
      going += change.impact().casualties().size() + change.impact().outOfReach().size();
      String name = change.target().name();
      if (change.action() == Action.DELETE) {
        assertThat(named).contains(name);
        continue;
      }
      for (FieldChange field : change.fields()) {
        if (field.grade() == Grade.WEAKENS) {
          assertThat(named).contains(name + "." + field.path());
        }
      }
    }
    assertThat(going).isLessThanOrEqualTo(good.stream().mapToInt(Approval::backupsDeleted).sum());
  }

  private static List<Approval> good(
      Plan plan, List<Approval> approvals, SortedMap<String, Spent> spent) {
    return approvals.stream()
        .filter(approval -> plan.hash().startsWith(approval.plan()))
        .filter(approval -> approval.expires().isAfter(TODAY))
        .filter(approval -> !spent.containsKey(approval.digest()))
        .toList();
  }

  /** What the plan asks for, or nearly so, in one block or several. */
  private static List<Approval> approvals(Random random, AnyProposal proposal) {
    Optional<ApprovalRequest> request = proposal.judged(List.of()).request();
    List<Approval> approvals = new ArrayList<>();
    if (request.isEmpty()) {
      return approvals;
    }
    Approval asked = request.get().approval();
    int blocks = Any.of(random, 1, 1, 2, 3);
    for (int i = 0; i < blocks; i++) {
      List<String> changes = new ArrayList<>(asked.changes());
      if (blocks > 1) {
        changes.removeIf(change -> Any.chance(random, 0.3));
      } else if (Any.chance(random, 0.15)) {
        changes.remove(random.nextInt(changes.size()));
      }
      String hash = asked.plan();
      approvals.add(
          new Approval(
              asked.name() + i,
              Any.of(
                  random,
                  hash,
                  hash,
                  hash,
                  hash,
                  hash.substring(0, Any.between(random, Approval.SHORTEST_HASH, 63)),
                  "0".repeat(12) + hash.substring(12)),
              changes,
              Math.max(
                  0,
                  blocks > 1
                      ? Any.between(random, 0, asked.backupsDeleted())
                      : asked.backupsDeleted() + Any.mostly(random, 0, -1, 1, -7)),
              "because",
              Any.mostly(random, TODAY.plusDays(1), TODAY, TODAY.minusDays(1)),
              AT,
              AT));
    }
    return approvals;
  }

  private static SortedMap<String, Spent> spent(Random random, List<Approval> approvals) {
    TreeMap<String, Spent> spent = new TreeMap<>();
    for (Approval approval : approvals) {
      if (Any.chance(random, 0.1)) {
        String digest = approval.digest();
        spent.put(
            digest,
            new Spent(digest, approval.name(), approval.plan(), "0a1b2c3d", AnyProposal.NOW));
      }
    }
    return spent;
  }

  private static Collection<Approval> loaded(ApprovalRequest request) {
    SourceFile file =
        new SourceFile(request.file(), request.text().getBytes(StandardCharsets.UTF_8));
    var read = new PolicyLoader().load(List.of(file));
    PolicySet policies =
        read.valid().orElseThrow(() -> new AssertionError(request.text() + read.diagnostics()));
    return policies.approvals().values();
  }

  /** Agreement to all that can be said. */
  private static Approval everything(Plan plan) {
    TreeSet<String> changes = new TreeSet<>();
    changes.addAll(List.of(BeltGuard.BACKUPS, BeltGuard.DATABASES, EmptyGuard.CHANGE));
    for (Change change : plan.changes()) {
      String name = change.target().name();
      changes.add(name);
      change.fields().forEach(field -> changes.add(name + "." + field.path()));
    }
    return new Approval(
        "all", plan.hash(), List.copyOf(changes), 1_000_000, "because", TODAY.plusDays(1), AT, AT);
  }

  private static void minimum(AnyProposal proposal, Change change) {
    if (change.before().isEmpty() || change.after().isEmpty()) {
      return;
    }
    Protection after = change.after().get();
    List<Backup> all = proposal.history().getOrDefault(change.target(), List.of());
    long left =
        KeepSet.decide(all, after.rules(), after.zone(), AnyProposal.NOW, proposal.holds())
            .kept()
            .stream()
            .filter(Backup::verified)
            .count();
    long now = all.stream().filter(Backup::verified).count();
    assertThat(left).isGreaterThanOrEqualTo(Math.min(now, minimum(change.before().get())));
  }

  private static int minimum(Protection protection) {
    return protection.retention().minimum();
  }

  private static void compliance(AnyProposal proposal, Change change) {
    Set<Forbidden> forbidden = new HashSet<>();
    change.before().ifPresent(b -> forbidden.addAll(ComplianceFields.forbidden(b).keySet()));
    change.after().ifPresent(a -> forbidden.addAll(ComplianceFields.forbidden(a).keySet()));
    change.after().ifPresent(a -> assertThat(ComplianceCheck.breaches(a, a)).isEmpty());
    Optional<Suspension> was = change.before().flatMap(Protection::suspension);
    Optional<Suspension> is = change.after().flatMap(Protection::suspension);
    boolean same = was.map(Suspension::disabled).equals(is.map(Suspension::disabled));
    if (is.isPresent() && !same) {
      assertThat(forbidden)
          .doesNotContain(is.get().disabled() ? Forbidden.DISABLE : Forbidden.PAUSE);
    }
    if (forbidden.contains(Forbidden.DELETE_BACKUP)) {
      assertThat(change.impact().casualties()).isEmpty();
      assertThat(change.impact().outOfReach()).isEmpty();
    }
    if (forbidden.contains(Forbidden.DISABLE) && change.action() == Action.DELETE) {
      assertThat(proposal.databases()).containsKey(change.target().name());
    }
    if (forbidden.contains(Forbidden.SHORTEN_RETENTION) && change.action() != Action.DELETE) {
      assertThat(change.fields())
          .noneMatch(
              field ->
                  field.grade() == Grade.WEAKENS
                      && field.path().matches("(retention|copy)\\..*|grace|point_in_time"));
    }
  }

  private static void held(AnyProposal proposal, Change change) {
    boolean moves =
        change.before().isPresent()
            && change.after().isPresent()
            && !change.before().get().store().equals(change.after().get().store());
    if (moves) {
      assertThat(proposal.history().getOrDefault(change.target(), List.of()))
          .allMatch(backup -> proposal.holds().apply(backup).isEmpty());
    }
  }
}
