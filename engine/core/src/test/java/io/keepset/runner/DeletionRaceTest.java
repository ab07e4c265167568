package io.keepset.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.retention.Backup;
import io.keepset.retention.BackupState;
import io.keepset.spi.BackupOperations;
import io.keepset.spi.DriverException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class DeletionRaceTest {
  /** Each would leave the minimum of one, if the other were not there. */
  @Test
  void twoDeletionsAtOnceDoNotCrossTheMinimum() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int round = 0; round < 200; round++) {
        RunnerLab lab = new RunnerLab();
        lab.protect(Samples.protection("orders", Samples.keepLast(5), Duration.ofDays(3)));
        List<String> ids = List.of(lab.backup("orders").id(), lab.backup("orders").id());
        BackupOperations operations = new RunnerPlatform(lab.ports()).operations().orElseThrow();
        CyclicBarrier start = new CyclicBarrier(2);
        List<Future<Boolean>> ends = new ArrayList<>();
        for (String id : ids) {
          Callable<Boolean> deletion =
              () -> {
                start.await();
                try {
                  operations.delete(id);
                  return true;
                } catch (DriverException e) {
                  return false;
                }
              };
          ends.add(threads.submit(deletion));
        }
        boolean first = ends.get(0).get();
        boolean second = ends.get(1).get();
        long left =
            lab.catalogue.backups("orders").stream()
                .map(Backup::state)
                .filter(BackupState.CREATED::equals)
                .count();
        assertThat(left).as("round " + round).isEqualTo(1);
        assertThat(first).isNotEqualTo(second);
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
