package io.keepset.app.terraform.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.cli.CommandLineForTests;
import io.keepset.app.cli.CommandLineForTests.Result;
import io.keepset.app.terraform.ServedKeepset;
import io.keepset.testing.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands say and do the same beside a server and without one. */
@Timeout(300)
class TerraformStateCommandTest {
  private static final String LOCK =
      """
      {"ID":"9ae4d9be","Operation":"OperationTypeApply","Info":"","Who":"me@here",\
      "Version":"1.11.4","Created":"2026-11-21T12:00:00.123456789Z","Path":""}""";

  @TempDir private Path home;

  private Result keepset(String... arguments) {
    return new CommandLineForTests(home.resolve("data")).at(Clock.systemUTC()).run(arguments);
  }

  private String done(String... arguments) {
    Result result = keepset(arguments);
    assertThat(result.code()).as(result.out() + result.err()).isZero();
    return result.out();
  }

  @Test
  void theCommandsWorkWithAndWithoutAServer() throws Exception {
    String list;
    try (ServedKeepset server = ServedKeepset.start(home)) {
      byte[] first = KeptStatesContract.state(1, "a");
      byte[] second = KeptStatesContract.state(2, "b");
      assertThat(send(server, "POST", "/terraform/state/prod", first)).isEqualTo(200);
      assertThat(send(server, "POST", "/terraform/state/prod", second)).isEqualTo(200);
      assertThat(send(server, "LOCK", "/terraform/state/prod", LOCK.getBytes(UTF_8)))
          .isEqualTo(200);

      list = done("terraform", "state", "list");
      assertThat(list).contains("prod").contains("9ae4d9be of me@here, OperationTypeApply, for 0");
      everything();
    }
    assertThat(done("terraform", "state", "list")).doesNotContain("9ae4d9be").contains("free");
    try (ServedKeepset server = ServedKeepset.start(home)) {
      assertThat(send(server, "LOCK", "/terraform/state/prod", LOCK.getBytes(UTF_8)))
          .isEqualTo(200);
    }
    everything();
  }

  /** From a locked state of at least two versions on. */
  private void everything() {
    Result refused = keepset("terraform", "state", "rollback", "prod", "--to", "1");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("state prod is locked by 9ae4d9be of me@here");
    Result wrong = keepset("terraform", "state", "unlock", "prod", "--id", "other");
    assertThat(wrong.err()).contains("state prod is not locked by other but by 9ae4d9be");
    done("terraform", "state", "unlock", "prod", "--id", "9ae4d9be");

    done("terraform", "state", "rollback", "prod", "--to", "2");
    assertThat(done("terraform", "state", "pull", "prod")).contains("\"value\": \"b\"");
    assertThat(done("terraform", "state", "rollback", "prod", "--to", "1"))
        .contains("is what version 1 was");
    assertThat(done("terraform", "state", "pull", "prod"))
        .isEqualTo(new String(KeptStatesContract.state(1, "a"), UTF_8));
    assertThat(done("terraform", "state", "history", "prod"))
        .contains("rollback to version 1")
        .contains("1.11.4");
    assertThat(done("--json", "terraform", "state", "history", "prod"))
        .contains("\"state\": \"prod\"")
        .contains("\"action\": \"rollback\"");
    assertThat(done("--json", "terraform", "state", "list")).contains("\"name\": \"prod\"");
    assertThat(done("audit")).contains("terraform.state.rollback").contains("broke the lock");
    assertThat(keepset("terraform", "state", "history", "prd").err())
        .contains("did you mean prod?");
    assertThat(keepset("terraform", "state", "pull", "prod", "--version", "99").code())
        .isEqualTo(1);
  }

  @Test
  void theSettingOfThePoliciesSaysWhatIsStale() throws Exception {
    Path policies = Files.createDirectories(home.resolve("policies"));
    Files.writeString(
        policies.resolve("all.yaml"),
        """
        keepset:
          terraform:
            state: {stale_lock: 1s, largest: 2KiB, versions: {last: 2}}
        database:
          files:
            engine: volume
            policy: compose
            store: main
            backups: {disabled: true, reason: "a test"}
            connection: {path: %s}
        store:
          main: {type: directory, path: %s}
        """
            .formatted(home.resolve("files"), home.resolve("backups")));
    try (ServedKeepset server = ServedKeepset.start(home)) {
      assertThat(send(server, "LOCK", "/terraform/state/prod", LOCK.getBytes(UTF_8)))
          .isEqualTo(200);

      Await.until(
          "the lock to be stale",
          () -> done("terraform", "state", "list").contains("STALE: 9ae4d9be of me@here"));

      String as = "/terraform/state/prod?ID=9ae4d9be";
      assertThat(send(server, "POST", as, new byte[2049])).isEqualTo(413);
      for (int i = 1; i <= 4; i++) {
        assertThat(send(server, "POST", as, KeptStatesContract.state(i, "x"))).isEqualTo(200);
      }
      assertThat(done("terraform", "state", "history", "prod").lines()).hasSize(3);
      assertThat(send(server, "LOCK", "/terraform/state/prod", "{\"ID\":\"2\"}".getBytes(UTF_8)))
          .isEqualTo(423);
    }
  }

  private static int send(ServedKeepset server, String method, String path, byte[] body)
      throws Exception {
    return server.send(method, path, body).statusCode();
  }
}
