package io.keepset.app.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.cli.CommandLineForTests.Result;
import io.keepset.drivers.lab.PostgresCopy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A standby that lagged takes over: a real new timeline, and a tail that was left behind. */
class FailoverTest {
  private static final String ROWS = "select n from journal order by n";

  @TempDir private Path home;
  private WalLab lab;
  private int next;

  @BeforeEach
  void start() throws Exception {
    lab = new WalLab(home);
    lab.execute("create table journal (n int primary key)");
    lab.serve();
    lab.awaitReceiving();
    lab.base();
  }

  @AfterEach
  void stop() {
    lab.close();
  }

  @Test
  void bothSidesOfAFailoverAreRestoredAndTheTailThatWasLeftIsRefused() throws Exception {
    insert(5);
    PostgresCopy standby = lab.standby();
    insert(5);
    lab.await("replicated", () -> next == rows(standby).size());
    List<String> shared = upTo(next);
    standby.crash();
    Instant before = lab.now();
    insert(4);
    int lost = next;
    lab.query("select pg_create_restore_point('on-the-tail')");
    for (int i = 0; i < 3; i++) {
      lab.query("select pg_switch_wal()");
      insert(2);
    }
    Instant tail = lab.now();
    String end = lab.query("select pg_current_wal_insert_lsn()").get(0);
    insert(1);
    lab.query("select pg_switch_wal()");
    lab.awaitCovered();

    lab.failOver(standby);
    assertThat(lab.query(ROWS)).isEqualTo(shared);
    lab.execute("insert into journal values (1000)");
    lab.awaitCovered();
    Instant after = lab.now();
    lab.execute("insert into journal values (1001)");
    lab.awaitCovered();

    assertThat(lab.problems()).as("%s", lab.notes()).doesNotContain("watch.wal_gap");
    assertThat(lab.restored(ROWS, "--to-time", before.toString())).isEqualTo(shared);
    List<String> later = new ArrayList<>(shared);
    later.add("1000");
    assertThat(lab.restored(ROWS, "--to-time", after.toString())).isEqualTo(later);
    assertThat(lost).isGreaterThan(shared.size());
    refused("--to-time", tail.toString(), "at that time the server was on timeline 1");
    refused("--to-name", "on-the-tail", "where the server left that timeline");
    refused("--to-lsn", end, "where the server left that timeline");

    // The new timeline has base backups of its own.
    lab.base();
    lab.execute("insert into journal values (1002)");
    lab.awaitCovered();
    String newest = lab.query("select pg_current_wal_flush_lsn()").get(0);
    lab.execute("insert into journal values (1003)");
    lab.awaitCovered();
    later.addAll(List.of("1001", "1002"));
    assertThat(lab.restored(ROWS, "--to-lsn", newest)).isEqualTo(later);
  }

  private void refused(String how, String what, String why) {
    Path directory = lab.newDirectory();
    Result result = lab.restore(directory, how, what);
    assertThat(result.code()).as("%s %s", how, what).isEqualTo(1);
    assertThat(result.err()).contains(why);
    assertThat(directory).doesNotExist();
  }

  private static List<String> rows(PostgresCopy standby) {
    return standby.query("orders", ROWS);
  }

  private void insert(int count) {
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
}
