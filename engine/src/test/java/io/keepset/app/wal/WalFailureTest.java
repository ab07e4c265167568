package io.keepset.app.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.cli.CommandLineForTests.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever dies in the middle: no gap, or one that is seen. */
class WalFailureTest {
  private static final String ROWS = "select n from journal where n >= 0 order by n";

  @TempDir private Path home;
  private WalLab lab;
  private int next;

  @BeforeEach
  void start() throws Exception {
    lab = new WalLab(home);
    lab.execute("create table journal (n int primary key, filler text)");
  }

  @AfterEach
  void stop() {
    lab.close();
  }

  @Test
  void nothingIsMissingAfterReceiverServerAndKeepsetWereKilled() throws Exception {
    Process keepset = serveElsewhere();
    try {
      lab.awaitReceiving();
      lab.base();
      insert(5);

      lab.killReceiver();
      insert(5);
      lab.query("select pg_switch_wal()");
      lab.awaitReceiving();
      insert(5);

      lab.postgres().crashAndRestart();
      insert(5);
      lab.awaitReceiving();
    } finally {
      keepset.destroyForcibly();
      keepset.waitFor();
    }
    // Its receiver lives on and has the slot; who comes next ends it.
    insert(5);
    lab.query("select pg_switch_wal()");
    lab.serve();
    insert(5);
    lab.awaitCovered();

    assertThat(lab.problems()).isEmpty();
    String end = Instant.now().toString();
    insert(1);
    lab.awaitCovered();
    assertThat(lab.restored(ROWS, "--to-time", end)).isEqualTo(upTo(next - 1));
  }

  @Test
  void aLostSlotIsAGapThatIsSeenAndBothSidesOfItCanBeRestored() throws Exception {
    lab.serve();
    lab.awaitReceiving();
    lab.base();
    insert(3);
    String before = lab.query("select clock_timestamp()::text").get(0);
    insert(1);
    lab.awaitCovered();
    int seen = next;

    lab.endService();
    for (int i = 0; i < 12; i++) {
      lab.execute(
          "insert into journal select -1000000 * "
              + (i + 1)
              + " - g, repeat('x', 900) from generate_series(1, 12000) g");
      lab.query("select pg_switch_wal()");
    }
    lab.execute("delete from journal where n < 0");
    lab.execute("checkpoint");
    assertThat(lab.query("select wal_status from pg_replication_slots")).containsExactly("lost");
    String inside = lab.now().toString();
    lab.serve();
    insert(3);
    lab.await(
        "the gap is seen",
        () -> {
          insert(1);
          lab.query("select pg_switch_wal()");
          return lab.problems().contains("watch.wal_gap");
        });
    assertThat(lab.status().text("state")).contains("broken");

    lab.base();
    insert(3);
    String after = Instant.now().toString();
    int last = next;
    insert(1);
    lab.awaitCovered();

    assertThat(lab.restore(lab.newDirectory(), "--to-time", inside).err())
        .contains("restorable is", "log is missing between");
    assertThat(lab.restored(ROWS, "--to-time", before.replace(' ', 'T') + ":00"))
        .isEqualTo(upTo(seen - 1));
    assertThat(lab.restored(ROWS, "--to-time", after)).isEqualTo(upTo(last));
  }

  @Test
  void whatTheServerPushesIsFetchedAsItWas() throws Exception {
    lab.declare("point_in_time: 7d", ", wal: push");
    lab.serve();
    lab.await("protected", () -> lab.run("status", "orders").out().contains("orders"));
    String name = lab.query("select pg_walfile_name(pg_current_wal_lsn())").get(0);
    insert(1);
    lab.query("select pg_switch_wal()");
    Path segment = lab.postgres().socketDirectory().resolve("data/pg_wal").resolve(name);
    Path back = home.resolve("back");

    Result pushed = lab.run("wal", "push", "orders", segment.toString(), name);
    assertThat(pushed.code()).as(pushed.err()).isZero();
    assertThat(lab.run("wal", "push", "orders", segment.toString()).code()).as("again").isZero();
    Result fetched = lab.run("wal", "fetch", "orders", name, back.toString());

    assertThat(fetched.code()).as(fetched.err()).isZero();
    assertThat(Files.mismatch(segment, back)).isEqualTo(-1);
    assertThat(
            lab.run("wal", "fetch", "orders", "0000000100000000000000FF", back.toString()).code())
        .isEqualTo(1);
    byte[] other = Files.readAllBytes(segment);
    other[other.length - 1] ^= 1;
    Path changed = Files.write(home.resolve(name), other);
    Result refused = lab.run("wal", "push", "orders", changed.toString(), name);
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("two servers write into one archive");
    lab.endService();
    // Without a server, on the state itself; and from the store alone.
    assertThat(lab.run("wal", "fetch", "orders", name, back.toString()).code()).isZero();
    assertThat(Files.mismatch(segment, back)).isEqualTo(-1);
    Path state = lab.data();
    try (var files = Files.walk(state)) {
      for (Path file : files.filter(f -> f.getFileName().toString().endsWith(".db")).toList()) {
        Files.delete(file);
      }
    }
    assertThat(lab.run("apply", "--yes").code()).isZero();
    assertThat(lab.run("store", "rescan", "main").out()).contains("1 files of the log of orders");
    assertThat(lab.run("wal", "fetch", "orders", name, back.toString()).code()).isZero();
  }

  private void insert(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      lab.execute("insert into journal values (" + next++ + ")");
    }
  }

  private static List<String> upTo(int end) {
    List<String> all = new ArrayList<>();
    for (int n = 0; n < end; n++) {
      all.add(String.valueOf(n));
    }
    return all;
  }

  /** In a process of its own, to be killed. */
  private Process serveElsewhere() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            System.getProperty("java.home") + "/bin/java",
            "-cp",
            System.getProperty("java.class.path"),
            "io.keepset.app.Main",
            "--data",
            lab.data().toString(),
            "--policies",
            home.resolve("policies").toString(),
            "serve",
            "--port",
            "0",
            "--poll",
            "1s");
    Map<String, String> environment = builder.environment();
    environment.put("LAB", WalLab.PASSWORD);
    environment.put("KEEPSET_TOKEN", "a-token-for-tests-only");
    Path log = home.resolve("serve.log");
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    lab.await("a server", () -> Files.exists(lab.data().resolve("server.json")));
    if (process.waitFor(1, TimeUnit.SECONDS)) {
      throw new IllegalStateException(Files.readString(log));
    }
    return process;
  }
}
