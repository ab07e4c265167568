package io.keepset.app.schedule;

import io.keepset.app.state.StateDatabase;
import io.keepset.app.state.StateSettings;
import io.keepset.runner.Journal;
import io.keepset.spi.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A node in a process of its own, whose runs say that they began and never end. */
final class SchedulerNode {
  private SchedulerNode() {}

  static Process launch(String data, Map<String, String> environment) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    SchedulerNode.class.getName(),
                    data))
            .redirectErrorStream(true);
    builder.environment().putAll(environment);
    return builder.start();
  }

  public static void main(String[] args) throws Exception {
    StateDatabase state =
        StateDatabase.open(
            StateSettings.of(Path.of(args[0]), System.getenv()),
            reference -> new Secret(System.getenv(reference.substring("env:".length()))));
    RunTrigger endless =
        (database, schedule, due, recovering) -> {
          System.out.println("run " + database);
          System.out.flush();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return RunTrigger.Outcome.ENDED;
        };
    new BackupScheduler(
            state,
            endless,
            List.of(),
            new RunLimits(() -> 4, store -> 0),
            SchedulerLab.at(SchedulerLab.TWO.plusSeconds(60)),
            Journal.NONE,
            SchedulerLab.settings())
        .start();
    new CountDownLatch(1).await();
  }
}
