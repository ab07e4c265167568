package io.keepset.app.terraform.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.access.Caller;
import io.keepset.access.Role;
import io.keepset.app.state.Audit;
import io.keepset.app.state.StateDatabase;
import io.keepset.app.store.KeyFile;
import io.keepset.policy.Retention;
import io.keepset.policy.Retention.Tier;
import io.keepset.policy.TerraformStateRules;
import io.keepset.spi.DriverException;
import io.keepset.spi.Secret;
import io.keepset.terraform.state.Outcome;
import io.keepset.terraform.state.Outcome.Kind;
import io.keepset.terraform.state.StateLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What states promise in either database, to two who work on it at once. */
@Timeout(300)
abstract class KeptStatesContract {
  static final Caller CI = new Caller("ci", Role.OPERATOR);
  private static final Caller OTHER = new Caller("other", Role.OPERATOR);
  private static final Caller ADMIN = new Caller("admin", Role.ADMIN);
  private static final Retention ALL =
      new Retention(0, new TreeMap<>(), new TreeMap<>(), Retention.FOREVER, 1);

  @TempDir Path data;
  private StateDatabase database;
  private StateDatabase second;
  private Instant now = Instant.parse("2026-11-21T12:00:00Z");
  private TerraformStateRules rules =
      new TerraformStateRules(ALL, 1 << 20, Duration.ofHours(4), Optional.of("env:KEY"));
  private KeptStates states;
  private KeptStates others;

  /** An empty database of its own. */
  abstract StateDatabase first() throws Exception;

  /** The same, as another node sees it; for H2 the same object. */
  abstract StateDatabase second(StateDatabase first) throws Exception;

  @BeforeEach
  void open() throws Exception {
    database = first();
    second = second(database);
    states = on(database);
    others = on(second);
  }

  @AfterEach
  void close() {
    second.close();
    database.close();
  }

  private KeptStates on(StateDatabase where) {
    StateKeys keys =
        new StateKeys(
            new KeyFile(data, note -> {}),
            reference -> new Secret("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="),
            () -> rules.key(),
            where.dialect().shared(),
            where.terraformStates()::keyIds,
            () -> false);
    return new KeptStates(where.terraformStates(), keys, () -> rules, () -> now);
  }

  private LocalStates operations() {
    return new LocalStates(states, () -> rules.staleLock(), () -> now);
  }

  static StateLock lock(String id) {
    return new StateLock(
        id, "{\"ID\":\"" + id + "\",\"Who\":\"me@here\",\"Operation\":\"OperationTypeApply\"}");
  }

  static byte[] state(long serial, String words) {
    return """
    {
      "version": 4,
      "terraform_version": "1.11.4",
      "serial": %d,
      "lineage": "f2968801-fa14-41ab-a044-224f3a4adf04",
      "outputs": {"word": {"value": "%s", "type": "string"}}
    }
    """
        .formatted(serial, words)
        .getBytes(UTF_8);
  }

  private static void assertDone(Outcome outcome) {
    assertThat(outcome.kind()).isEqualTo(Kind.DONE);
  }

  private String newest(String name) throws DriverException {
    return new String(states.read(name).orElseThrow(), UTF_8);
  }

  @Test
  void whatIsWrittenIsReadBackByteByByteAndWhatWasBeforeIsKept() throws Exception {
    assertThat(states.read("prod")).isEmpty();
    byte[] odd = {0, -1, 13, 10, 34, 123};
    assertDone(states.write("prod", odd, Optional.empty(), CI));
    assertDone(others.write("prod", state(7, "b"), Optional.empty(), OTHER));

    assertThat(states.read("prod")).hasValueSatisfying(b -> assertThat(b).isEqualTo(state(7, "b")));
    assertThat(others.read("prod", 1)).hasValueSatisfying(b -> assertThat(b).isEqualTo(odd));
    assertThat(operations().history("prod"))
        .extracting(
            StateOperations.Made::version,
            StateOperations.Made::by,
            StateOperations.Made::serial,
            StateOperations.Made::program)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                2L, "other", OptionalLong.of(7), Optional.of("1.11.4")),
            org.assertj.core.groups.Tuple.tuple(1L, "ci", OptionalLong.empty(), Optional.empty()));
  }

  @Test
  void theSameContentAgainIsNoNewVersion() throws Exception {
    assertDone(states.lock("prod", lock("1"), CI));
    assertDone(states.write("prod", state(1, "a"), Optional.of("1"), CI));
    assertDone(states.write("prod", state(1, "a"), Optional.of("1"), CI));
    assertDone(states.unlock("prod", Optional.of("1"), false, CI));
    assertDone(states.unlock("prod", Optional.of("1"), false, CI));
    assertDone(states.write("prod", state(1, "a"), Optional.of("1"), CI));

    assertThat(operations().history("prod")).hasSize(1);
    assertThat(audit()).hasSize(1);
  }

  private List<Audit.Entry> audit() {
    return database.audit().newest(100);
  }

  @Test
  void aLockHasOneHolderWhoMayAskAgain() throws Exception {
    assertDone(states.lock("prod", lock("1"), CI));
    assertDone(others.lock("prod", lock("1"), CI));
    Outcome refused = others.lock("prod", lock("2"), OTHER);

    assertThat(refused.kind()).isEqualTo(Kind.HELD);
    assertThat(refused.holder().orElseThrow().lock()).isEqualTo(lock("1"));
    assertThat(refused.holder().orElseThrow().by()).isEqualTo("ci");
  }

  @Test
  void whileItIsLockedOnlyTheHolderWrites() throws Exception {
    assertDone(states.lock("prod", lock("1"), CI));

    assertThat(others.write("prod", state(1, "a"), Optional.of("2"), CI).kind())
        .isEqualTo(Kind.HELD);
    assertThat(others.write("prod", state(1, "a"), Optional.empty(), CI).kind())
        .isEqualTo(Kind.HELD);
    assertThat(others.delete("prod", Optional.empty(), CI).kind()).isEqualTo(Kind.HELD);
    assertDone(states.write("prod", state(1, "a"), Optional.of("1"), CI));
    assertThat(others.unlock("prod", Optional.of("2"), false, CI).kind()).isEqualTo(Kind.HELD);
  }

  @Test
  void whoWasToldTheIdOfALockCanNotWriteUnderItWithAnotherToken() throws Exception {
    assertDone(states.lock("prod", lock("1"), CI));

    assertThat(others.write("prod", state(1, "b"), Optional.of("1"), OTHER).kind())
        .isEqualTo(Kind.FOREIGN);
    assertThat(others.delete("prod", Optional.of("1"), OTHER).kind()).isEqualTo(Kind.FOREIGN);
    assertThat(states.read("prod")).isEmpty();
    assertDone(others.write("prod", state(1, "c"), Optional.of("1"), ADMIN));
  }

  @Test
  void ofManyFightsForALockEachHasOneWinner() throws Exception {
    int fights = 200;
    int fighters = 4;
    Map<String, List<Outcome>> outcomes = new ConcurrentHashMap<>();
    List<String> attempts = new ArrayList<>();
    for (int fight = 0; fight < fights; fight++) {
      outcomes.put("fight" + fight, Collections.synchronizedList(new ArrayList<>()));
      for (int fighter = 0; fighter < fighters; fighter++) {
        attempts.add("fight" + fight + "/" + fighter);
      }
    }
    inParallel(
        attempts,
        attempt -> {
          String[] parts = attempt.split("/", -1);
          KeptStates node = Integer.parseInt(parts[1]) % 2 == 0 ? states : others;
          outcomes.get(parts[0]).add(node.lock(parts[0], lock(attempt), CI));
        });

    for (Map.Entry<String, List<Outcome>> fight : outcomes.entrySet()) {
      assertThat(fight.getValue()).hasSize(fighters);
      String holder = states.lock(fight.getKey(), lock("late"), CI).holder().get().lock().id();
      assertThat(fight.getValue().stream().filter(o -> o.kind() == Kind.DONE)).hasSize(1);
      assertThat(fight.getValue().stream().flatMap(o -> o.holder().stream()))
          .hasSize(fighters - 1)
          .allMatch(told -> told.lock().id().equals(holder));
    }
  }

  @Test
  void whoHoldsTheLockIsAlone() throws Exception {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      ids.add("id" + i);
    }
    inParallel(
        ids,
        id -> {
          KeptStates node = ids.indexOf(id) % 2 == 0 ? states : others;
          while (node.lock("counter", lock(id), CI).kind() != Kind.DONE) {
            Thread.sleep(2);
          }
          int before =
              node.read("counter").map(b -> Integer.parseInt(new String(b, UTF_8))).orElse(0);
          byte[] next = Integer.toString(before + 1).getBytes(UTF_8);
          assertDone(node.write("counter", next, Optional.of(id), CI));
          assertDone(node.unlock("counter", Optional.of(id), false, CI));
        });

    assertThat(newest("counter")).isEqualTo("60");
  }

  private interface Attempt {
    void run(String what) throws Exception;
  }

  private static void inParallel(List<String> all, Attempt attempt) throws Exception {
    List<String> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, new Random(7));
    ExecutorService threads = Executors.newFixedThreadPool(12);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (String one : shuffled) {
        running.add(
            threads.submit(
                () -> {
                  attempt.run(one);
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void onlyAnAdminBreaksALockOfAnotherTokenAndItIsWrittenDown() throws Exception {
    assertDone(states.lock("prod", lock("1"), CI));

    assertThat(states.unlock("prod", Optional.empty(), true, OTHER).kind()).isEqualTo(Kind.FOREIGN);
    assertThat(states.unlock("prod", Optional.of("1"), false, OTHER).kind())
        .isEqualTo(Kind.FOREIGN);
    assertDone(states.unlock("prod", Optional.empty(), true, ADMIN));

    assertDone(others.lock("prod", lock("2"), OTHER));
    assertThat(audit())
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.action()).isEqualTo("terraform.state.unlock");
              assertThat(entry.actor()).isEqualTo("admin");
              assertThat(entry.detail().orElseThrow()).startsWith("broke the lock 1 of ci");
            });
  }

  @Test
  void aTokenForcesItsOwnLockOpen() throws Exception {
    assertDone(states.lock("prod", lock("1"), CI));
    assertDone(states.unlock("prod", Optional.empty(), true, CI));
    assertDone(states.unlock("prod", Optional.empty(), true, OTHER));
    assertDone(states.unlock("never", Optional.empty(), true, OTHER));

    assertThat(operations().list()).isEmpty();
  }

  @Test
  void aRunWhoseLockWasBrokenStillWritesUntilSomebodyElseDoes() throws Exception {
    assertDone(states.write("prod", state(1, "a"), Optional.empty(), CI));
    assertDone(states.lock("prod", lock("1"), CI));
    assertDone(states.unlock("prod", Optional.empty(), true, CI));
    assertDone(states.write("prod", state(2, "b"), Optional.of("1"), CI));
    assertDone(states.write("prod", state(3, "c"), Optional.of("1"), CI));
    assertDone(others.lock("prod", lock("2"), CI));
    assertDone(others.write("prod", state(4, "d"), Optional.of("2"), CI));
    assertDone(others.unlock("prod", Optional.of("2"), false, CI));

    assertThat(states.write("prod", state(9, "e"), Optional.of("1"), CI).kind())
        .isEqualTo(Kind.OVERTAKEN);
    assertThat(states.write("prod", state(9, "e"), Optional.of("unknown"), CI).kind())
        .isEqualTo(Kind.OVERTAKEN);
    assertThat(newest("prod")).isEqualTo(new String(state(4, "d"), UTF_8));
  }

  @Test
  void aDeletedStateIsGoneAndComesBackByARollback() throws Exception {
    assertDone(states.delete("prod", Optional.empty(), CI));
    assertDone(states.write("prod", state(1, "a"), Optional.empty(), CI));
    assertDone(states.delete("prod", Optional.empty(), CI));
    assertDone(states.delete("prod", Optional.empty(), CI));
    assertThat(states.read("prod")).isEmpty();
    assertThat(operations().list().get(0).newest().orElseThrow().action()).isEqualTo("delete");

    StateOperations.Made made = operations().rollback("prod", 1, ADMIN);

    assertThat(made.version()).isEqualTo(3);
    assertThat(made.from()).isEqualTo(OptionalLong.of(1));
    assertThat(newest("prod")).isEqualTo(new String(state(1, "a"), UTF_8));
    assertThat(operations().rollback("prod", 1, ADMIN).version()).isEqualTo(3);
    assertThat(audit())
        .extracting(Audit.Entry::action)
        .containsExactly(
            "terraform.state.rollback", "terraform.state.delete", "terraform.state.write");
  }

  @Test
  void aRollbackSaysWhatIsInItsWay() throws Exception {
    assertDone(states.write("prod", state(1, "a"), Optional.empty(), CI));
    assertDone(states.write("prod", state(2, "b"), Optional.empty(), CI));
    assertDone(states.lock("prod", lock("1"), CI));

    assertThatThrownBy(() -> operations().rollback("prod", 1, ADMIN))
        .hasMessageStartingWith("state prod is locked by 1 of me@here, OperationTypeApply, since");
    assertThatThrownBy(() -> operations().rollback("prod", 8, ADMIN))
        .hasMessageContaining("state prod has no version 8");
    assertThatThrownBy(() -> operations().rollback("prd", 1, ADMIN))
        .hasMessageContaining("did you mean prod?");
    assertThatThrownBy(() -> operations().unlock("prod", "2", ADMIN))
        .hasMessageContaining("is not locked by 2 but by 1 of me@here");
    operations().unlock("prod", "1", ADMIN);
    assertThatThrownBy(() -> operations().unlock("prod", "1", ADMIN))
        .hasMessage("state prod is not locked");
  }

  @Test
  void anOldLockIsShownAsStaleAndHoldsAllTheSame() throws Exception {
    assertDone(states.lock("prod", lock("1"), CI));
    assertThat(operations().list().get(0).lock().orElseThrow().stale()).isFalse();

    now = now.plus(Duration.ofDays(400));

    assertThat(operations().list().get(0).lock().orElseThrow().stale()).isTrue();
    assertThat(others.lock("prod", lock("2"), CI).kind()).isEqualTo(Kind.HELD);
    assertDone(states.write("prod", state(1, "a"), Optional.of("1"), CI));
  }

  @Test
  void versionsGoByTheRetentionWhenOneIsWritten() throws Exception {
    rules =
        new TerraformStateRules(
            new Retention(
                2, new TreeMap<>(Map.of(Tier.DAILY, 3)), new TreeMap<>(), Retention.FOREVER, 1),
            1 << 20,
            Duration.ofHours(4),
            rules.key());
    for (int i = 1; i <= 12; i++) {
      assertDone(states.write("prod", state(i, "x"), Optional.empty(), CI));
      now = now.plus(Duration.ofHours(8));
    }

    // At 4, 12 and 20 o'clock: the newest two, and the last of three days.
    assertThat(operations().history("prod"))
        .extracting(StateOperations.Made::version)
        .containsExactly(12L, 11L, 8L);
    assertThat(states.read("prod", 11)).isPresent();
    assertThat(states.read("prod", 10)).isEmpty();
    assertThat(audit().get(0).detail().orElseThrow()).contains("no longer kept: 2 versions");
  }

  @Test
  void theNewestStaysEvenIfTheClockWentBack() throws Exception {
    rules =
        new TerraformStateRules(
            new Retention(1, new TreeMap<>(), new TreeMap<>(), Retention.FOREVER, 0),
            1 << 20,
            Duration.ofHours(4),
            rules.key());
    assertDone(states.write("prod", state(1, "a"), Optional.empty(), CI));
    now = now.minus(Duration.ofDays(3));
    assertDone(states.write("prod", state(2, "b"), Optional.empty(), CI));

    assertThat(newest("prod")).isEqualTo(new String(state(2, "b"), UTF_8));
  }

  @Test
  void contentsAreSealedAndDoNotOpenInAnotherPlace() throws Exception {
    assertDone(states.write("prod", state(1, "geheim"), Optional.empty(), CI));
    assertDone(states.write("test", state(1, "public"), Optional.empty(), CI));
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "update terraform_state_content set content = (select content from"
              + " terraform_state_content where state_name = 'prod') where state_name = 'test'");
      statement.execute(
          "update terraform_state_version set size_bytes = (select size_bytes from"
              + " terraform_state_version where state_name = 'prod') where state_name = 'test'");
    }

    assertThat(newest("prod")).contains("geheim");
    assertThatThrownBy(() -> states.read("test"))
        .isInstanceOfSatisfying(
            DriverException.class,
            e -> assertThat(e.kind()).isEqualTo(DriverException.Kind.DAMAGED))
        .hasMessageContaining("terraform/state/test/1 is not what was sealed");
  }

  @Test
  void withoutAKeyNobodyGetsALock() throws Exception {
    rules = new TerraformStateRules(ALL, 1 << 20, Duration.ofHours(4), Optional.empty());
    if (!database.dialect().shared()) {
      assertDone(states.write("prod", state(1, "a"), Optional.empty(), CI));
      Files.delete(data.resolve("keys").resolve("backup.key"));
    }

    assertThatThrownBy(() -> states.lock("prod", lock("1"), CI))
        .isInstanceOfSatisfying(
            DriverException.class, e -> assertThat(e.kind()).isEqualTo(DriverException.Kind.DENIED))
        .hasMessageContaining("key");
    assertThat(data.resolve("keys").resolve("backup.key")).doesNotExist();
    assertThat(operations().list()).allMatch(kept -> kept.lock().isEmpty());
  }
}
