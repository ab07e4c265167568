package io.keepset.app.terraform.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.terraform.state.Outcome;
import io.keepset.terraform.state.Outcome.Kind;
import io.keepset.testing.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What locks of states promise in either database, to two who work on it at once. */
@Timeout(300)
abstract class StateLocksContract extends KeptStatesFrame {
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
          Await.until("the lock", () -> node.lock("counter", lock(id), CI).kind() == Kind.DONE);
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
  void anOldLockIsShownAsStaleAndHoldsAllTheSame() throws Exception {
    assertDone(states.lock("prod", lock("1"), CI));
    assertThat(operations().list().get(0).lock().orElseThrow().stale()).isFalse();

    now = now.plus(Duration.ofDays(400));

    assertThat(operations().list().get(0).lock().orElseThrow().stale()).isTrue();
    assertThat(others.lock("prod", lock("2"), CI).kind()).isEqualTo(Kind.HELD);
    assertDone(states.write("prod", state(1, "a"), Optional.of("1"), CI));
  }
}
