package io.keepset.app.schedule;

import static io.keepset.app.schedule.SchedulerLab.TWO;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.schedule.SchedulerLab.Call;
import io.keepset.app.state.StateDatabase;
import io.keepset.app.state.StateSettings;
import io.keepset.drivers.lab.PostgresLab;
import io.keepset.runner.Journal;
import io.keepset.spi.Secret;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Several nodes on one state in a real PostgreSQL. */
class ClusterTest {
  private static PostgresLab server;

  private final SchedulerLab lab = new SchedulerLab();

  @BeforeAll
  static void startServer() {
    server = PostgresLab.start();
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  private static Map<String, String> environment(String database) {
    return Map.of(
        StateSettings.URL, server.jdbcUrl(database),
        StateSettings.USER, PostgresLab.SUPERUSER,
        StateSettings.PASSWORD, server.password());
  }

  private static StateDatabase open(String database) throws Exception {
    return StateDatabase.open(
        StateSettings.of(Path.of("unused"), environment(database)),
        reference -> new Secret(server.password()));
  }

  private BackupScheduler node(StateDatabase state) {
    return new BackupScheduler(
        state,
        lab,
        List.of(),
        new RunLimits(() -> 4, store -> 0),
        SchedulerLab.at(TWO.plusSeconds(60)),
        Journal.NONE,
        SchedulerLab.settings());
  }

  @Test
  void noRunHappensTwiceHoweverManyNodes() throws Exception {
    server.createDatabase("twice");
    int databases = 30;
    try (StateDatabase one = open("twice");
        StateDatabase two = open("twice")) {
      Set<Call> expected = new HashSet<>();
      for (int i = 0; i < databases; i++) {
        SchedulerLab.overdue(one, "db" + i);
        expected.add(new Call("db" + i, TWO, false));
      }
      Set<Call> seen = new HashSet<>();
      try (BackupScheduler first = node(one);
          BackupScheduler second = node(two)) {
        first.start();
        second.start();
        for (int i = 0; i < databases; i++) {
          seen.add(lab.call());
        }
        first.synchronise();
        second.synchronise();
      }
      assertThat(seen).isEqualTo(expected);
      assertThat(lab.quiet()).isTrue();
      assertThat(one.scheduleClock().all()).allMatch(hand -> hand.servedUntil().equals(TWO));
    }
  }

  @Test
  void anotherNodeTakesUpTheRunOfOneThatDied() throws Exception {
    server.createDatabase("died");
    try (StateDatabase state = open("died")) {
      SchedulerLab.overdue(state, "orders");
      Process node = SchedulerNode.launch("unused", environment("died"));
      try (BufferedReader out = node.inputReader(StandardCharsets.UTF_8)) {
        assertThat(out.lines().filter(l -> l.startsWith("run ")).findFirst())
            .contains("run orders");
        try (BackupScheduler other = node(state)) {
          other.start();
          node.destroyForcibly().waitFor();

          assertThat(lab.call()).isEqualTo(new Call("orders", TWO, true));
        }
      } finally {
        node.destroyForcibly();
      }
      assertThat(state.scheduleClock().find("orders", "nightly").orElseThrow().servedUntil())
          .isEqualTo(TWO);
    }
  }
}
