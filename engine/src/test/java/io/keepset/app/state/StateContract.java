package io.keepset.app.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.state.AppliedRevisions.Applied;
import io.keepset.plan.Revision;
import io.keepset.plan.Spent;
import io.keepset.policy.Options;
import io.keepset.policy.Protection;
import io.keepset.policy.TargetId;
import io.keepset.reconcile.Drift;
import io.keepset.reconcile.InForce;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupState;
import io.keepset.runner.Catalogue;
import io.keepset.runner.CatalogueContract;
import io.keepset.runner.Leases;
import io.keepset.runner.Leases.Lease;
import io.keepset.runner.Samples;
import io.keepset.spi.Secrets;
import io.keepset.testing.Any;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the state promises in either database: the catalogue's contract, and the other tables'. */
abstract class StateContract extends CatalogueContract {
  static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private StateDatabase state;

  /** The settings of an empty state of its own. */
  abstract StateSettings empty() throws Exception;

  @Override
  protected Catalogue open() throws Exception {
    state = StateDatabase.open(empty(), secrets());
    return state.catalogue();
  }

  /** What references in the settings stand for. */
  Secrets secrets() {
    return reference -> {
      throw new AssertionError("nobody asks for " + reference);
    };
  }

  @AfterEach
  void closeState() {
    state.close();
  }

  StateDatabase state() {
    return state;
  }

  @Test
  void aWriteIsAnsweredOnceForItsKey() {
    AnsweredWrites writes = state.answeredWrites();
    AnsweredWrites.Answer created = new AnsweredWrites.Answer(201, "{}", "{\"a\":1}");
    assertThat(writes.begin("ci", "run-1", "digest", NOON)).isTrue();
    assertThat(writes.begin("ci", "run-1", "other", NOON)).isFalse();
    assertThat(writes.begin("other", "run-1", "digest", NOON)).isTrue();
    assertThat(writes.find("ci", "run-1"))
        .contains(new AnsweredWrites.Begun("digest", Optional.empty()));

    assertThat(writes.answer("ci", "run-1", created)).isTrue();

    assertThat(writes.answer("ci", "run-1", new AnsweredWrites.Answer(200, "{}", ""))).isFalse();
    writes.forget("ci", "run-1");
    assertThat(writes.find("ci", "run-1").orElseThrow().answer()).contains(created);
    writes.forget("other", "run-1");
    assertThat(writes.find("other", "run-1")).isEmpty();
    writes.forgetBefore(NOON.plusSeconds(1));
    assertThat(writes.find("ci", "run-1")).isEmpty();
  }

  @Test
  void aLeaseIsGivenOnce() {
    Leases leases = state.leases();
    Lease first = leases.tryAcquire("run/orders").orElseThrow();

    assertThat(leases.tryAcquire("run/orders")).isEmpty();
    assertThat(leases.tryAcquire("run/billing")).isPresent();
    assertThat(first.held()).isTrue();

    first.close();
    first.close();
    assertThat(first.held()).isFalse();
    assertThat(leases.tryAcquire("run/orders")).isPresent();
  }

  @Test
  void ofManyWhoWantALeaseOneGetsIt() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Optional<Lease>> given = new ArrayList<>();
    try {
      List<Future<Optional<Lease>>> asked = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        asked.add(threads.submit(() -> state.leases().tryAcquire("run/orders")));
      }
      for (Future<Optional<Lease>> one : asked) {
        given.add(one.get());
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(given).filteredOn(Optional::isPresent).hasSize(1);
  }

  @Test
  void whatIsInForceIsRememberedTargetByTarget() {
    Protection orders = Samples.protection("orders");
    Protection cache = Samples.protection("cache");
    assertThat(state.baseline().applied()).isEmpty();

    Baseline baseline = state.baseline();
    baseline.record(inForce(List.of(orders, cache), List.of()), NOON);
    baseline.record(inForce(List.of(), List.of(cache.target())), NOON.plusSeconds(60));

    assertThat(state.baseline().protections()).isEqualTo(Map.of(orders.target(), orders));
    assertThat(state.baseline().applied())
        .contains(new Drift.Applied(new Revision("abc", true), NOON.plusSeconds(60)));
    assertThat(state.applied().last()).map(Applied::failures).contains(1);
  }

  @Test
  void anApprovalIsSpentOnceAndForGood() {
    Spent first = new Spent("d1", "shrink", "hash", "abc", NOON);
    Spent other = new Spent("d2", "shrink", "hash2", "abd", NOON.plusSeconds(60));
    assertThat(state.spentApprovals().all()).isEmpty();

    state.spentApprovals().add(first);
    state.spentApprovals().add(other);
    state.spentApprovals().add(new Spent("d1", "again", "other", "abe", NOON.plusSeconds(120)));

    assertThat(state.spentApprovals().all()).isEqualTo(Map.of("d1", first, "d2", other));
  }

  private static InForce inForce(List<Protection> kept, List<TargetId> ended) {
    TreeMap<TargetId, Protection> protections = new TreeMap<>();
    kept.forEach(protection -> protections.put(protection.target(), protection));
    return new InForce(
        new Revision("abc", true), "hash", 2, 1, protections, new TreeSet<>(ended), List.of());
  }

  @Test
  void aDueTimeIsClaimedOnce() {
    ScheduleClock clock = state.scheduleClock();
    clock.begin(List.of(hand(NOON)));
    Instant due = NOON.plusSeconds(60);

    assertThat(clock.claim("orders", "nightly", NOON, false)).isFalse();
    assertThat(clock.claim("orders", "nightly", due, false)).isTrue();
    assertThat(clock.claim("orders", "nightly", due, false)).isFalse();
    assertThat(clock.find("orders", "nightly").orElseThrow().serving()).contains(due);

    clock.served("orders", "nightly", due);
    assertThat(clock.claim("orders", "nightly", due, false)).isFalse();
    assertThat(clock.claim("orders", "nightly", due, true)).isFalse();
    assertThat(clock.all()).containsExactly(hand(due));
  }

  private static ScheduleClock.Hand hand(Instant servedUntil) {
    return new ScheduleClock.Hand(
        "orders", "nightly", "0 2 * * *", servedUntil, Optional.empty(), false);
  }

  @Test
  void aRunThatDiedIsClaimedAgainByWhoRecoversIt() {
    ScheduleClock clock = state.scheduleClock();
    clock.begin(List.of(hand(NOON)));
    Instant due = NOON.plusSeconds(60);
    clock.claim("orders", "nightly", due, false);

    assertThat(clock.claim("orders", "nightly", due, true)).isTrue();
    // Or, when nobody did, by the next due time.
    assertThat(clock.claim("orders", "nightly", due.plusSeconds(60), false)).isTrue();
  }

  @Test
  void aRunThatCouldNotBeginFreesItsDueTime() {
    ScheduleClock clock = state.scheduleClock();
    clock.begin(List.of(hand(NOON)));
    Instant due = NOON.plusSeconds(60);
    clock.claim("orders", "nightly", due, false);
    clock.release("orders", "nightly", due, true);
    assertThat(clock.find("orders", "nightly").orElseThrow().died()).isTrue();

    assertThat(clock.claim("orders", "nightly", due, false)).isTrue();
  }

  @Test
  void remembersWhatWasApplied() {
    AppliedRevisions applied = state.applied();
    assertThat(applied.last()).isEmpty();
    applied.add(new AppliedRevisions.Applied(NOON, new Revision("3fa9c1e", false), "h1", 1));
    AppliedRevisions.Applied last =
        new AppliedRevisions.Applied(NOON, new Revision("4fa9c1e", true), "h2", 0);
    applied.add(last);

    assertThat(applied.last()).contains(last);
  }

  @Test
  void keepsTokensByHash() {
    Tokens.Token admin = new Tokens.Token("admin", "abc", "admin", NOON, Optional.empty());
    Tokens tokens = state.tokens();

    assertThat(tokens.add(admin)).isTrue();
    assertThat(tokens.add(admin)).isFalse();
    assertThat(tokens.find("abc")).contains(admin);
    assertThat(tokens.find("abd")).isEmpty();
    tokens.remove("admin");
    assertThat(tokens.list()).isEmpty();
  }

  @Test
  void theAuditShowsTheNewestFirst() {
    Audit audit = state.audit();
    Audit.Entry one = new Audit.Entry(NOON, "admin", "backup.delete", "b1", Optional.empty());
    Audit.Entry two = new Audit.Entry(NOON, "admin", "apply", "orders", Optional.of("plan h2"));
    audit.add(one);
    audit.add(two);

    assertThat(audit.newest(10)).containsExactly(two, one);
    assertThat(audit.newest(1)).containsExactly(two);
  }

  @Test
  void aStateOfANewerVersionIsLeftAlone() throws Exception {
    new Sql(state.dataSource(), state.dialect())
        .insert(
            "insert into \"schema_history\" (\"installed_rank\", \"version\", \"description\","
                + " \"type\", \"script\", \"installed_by\", \"execution_time\", \"success\")"
                + " values (99, '99', 'later', 'SQL', 'V99', 'x', 1, true)");

    assertThat(Schema.bringUpToDate(state.dataSource())).contains(99);
  }

  /** Two nodes, or two halves of one, look at what both write. */
  @Test
  void whatIsRememberedOfTheCatalogueIsWhatIsThere() {
    Sql sql = new Sql(state.dataSource(), state.dialect());
    Random random = new Random(42);
    List<Catalogue> nodes = List.of(state.catalogue(), new JdbcCatalogue(sql, () -> {}, () -> {}));
    for (int step = 0; step < 300; step++) {
      Catalogue writer = Any.of(random, nodes);
      String name = "d" + random.nextInt(12);
      switch (random.nextInt(6)) {
        case 0 -> writer.unprotect(name);
        case 1 -> writer.insert(Samples.created(name, NOON.plusSeconds(step)));
        case 2 -> deleteAll(writer, name);
        default ->
            writer.protect(
                Samples.protection(name).withOptions(Options.of(Map.of("n", "" + step))));
      }
      if (Any.chance(random, 0.7)) {
        Catalogue reader = Any.of(random, nodes);
        Catalogue fresh = new JdbcCatalogue(sql, () -> {}, () -> {});
        assertThat(reader.protections()).isEqualTo(fresh.protections());
        assertThat(reader.databases()).isEqualTo(fresh.databases());
        assertThat(reader.databases()).isEqualTo(asAsked(sql));
        assertThat(reader.protections()).isSameAs(reader.protections());
        assertThat(reader.databases()).isSameAs(reader.databases());
      }
    }
  }

  private static void deleteAll(Catalogue catalogue, String name) {
    for (Backup backup : catalogue.backups(name)) {
      catalogue.update(Samples.backup(name, backup.time(), BackupState.DELETED), backup.state());
    }
  }

  private static SortedSet<String> asAsked(Sql sql) {
    return new TreeSet<>(
        sql.query(
            "select database_name from protection union"
                + " select database_name from backup where state <> 'DELETED'",
            row -> row.getString(1)));
  }

  @Test
  void aProtectionThatNobodyChangedStaysTheSameObject() {
    Catalogue catalogue = state.catalogue();
    catalogue.protect(Samples.protection("a"));
    catalogue.protect(Samples.protection("b"));
    Protection before = catalogue.protections().get("a");

    catalogue.protect(Samples.protection("b").withOptions(Options.of(Map.of("n", "1"))));

    assertThat(catalogue.protections().get("a")).isSameAs(before);
    assertThat(catalogue.protections().get("b").options().get("n")).contains("1");
  }
}
