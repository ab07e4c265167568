package io.keepset.app.terraform.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.terraform.ServedKeepset;
import io.keepset.app.terraform.TerraformBinary;
import io.keepset.app.terraform.TerraformBinary.Result;
import io.keepset.app.terraform.TerraformBinary.Running;
import io.keepset.testing.Await;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real terraform on a whole server. Every test has a state of its own. */
@Timeout(600)
class StateBackendTest {
  @TempDir private static Path home;
  private static ServedKeepset server;

  @TempDir private Path root;

  @BeforeAll
  static void start() throws Exception {
    server = ServedKeepset.start(home);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** A configuration whose only resource waits until the file {@code go} is there. */
  private static final String SLOW =
      """
      terraform {
        backend "http" {}
      }
      resource "terraform_data" "first" {
        input = "done before"
      }
      resource "terraform_data" "slow" {
        input      = "done at last"
        depends_on = [terraform_data.first]
        provisioner "local-exec" {
          command = "touch begun; while ! test -e go; do sleep 0.05; done"
        }
      }
      """;

  private static final String PLAIN =
      """
      terraform {
        backend "http" {}
      }
      variable "word" {
        default = "hello"
      }
      resource "terraform_data" "greeting" {
        input = var.word
      }
      output "greeting" {
        value = terraform_data.greeting.output
      }
      """;

  private TerraformBinary terraform(String folder, String state) throws Exception {
    return on(server.address(), folder, state);
  }

  private TerraformBinary on(URI address, String folder, String state) throws Exception {
    String url = address.resolve("/terraform/state/" + state).toString();
    return TerraformBinary.in(root.resolve(folder))
        .with("TF_HTTP_ADDRESS", url)
        .with("TF_HTTP_LOCK_ADDRESS", url)
        .with("TF_HTTP_UNLOCK_ADDRESS", url)
        .with("TF_HTTP_USERNAME", "ci")
        .with("TF_HTTP_PASSWORD", ServedKeepset.TOKEN);
  }

  @Test
  void initPlanApplyChangeAndDestroy() throws Exception {
    TerraformBinary terraform = terraform("a", "whole").write("main.tf", PLAIN);

    terraform.succeed("init");
    assertThat(terraform.run("plan", "-detailed-exitcode").code()).isEqualTo(2);
    terraform.succeed("apply", "-auto-approve");
    assertThat(terraform.run("plan", "-detailed-exitcode").code()).isZero();
    terraform.succeed("apply", "-auto-approve", "-var", "word=good evening");
    assertThat(terraform.succeed("output", "-raw", "greeting").out()).isEqualTo("good evening");
    terraform.succeed("destroy", "-auto-approve");

    assertThat(terraform.succeed("state", "list").out()).isEmpty();
  }

  @Test
  void oneOfTwoRunsWaitsForTheOther() throws Exception {
    TerraformBinary first = terraform("a", "two").write("main.tf", SLOW);
    TerraformBinary second = terraform("b", "two").write("main.tf", SLOW);
    first.succeed("init");
    second.succeed("init");
    try (Running apply = first.start("apply", "-auto-approve")) {
      apply.awaitFile("begun");
      Result refused = second.run("plan");

      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.said())
          .contains("Error acquiring the state lock")
          .contains("HTTP remote state already locked");
      try (Running waiting = second.start("plan", "-detailed-exitcode", "-lock-timeout=150s")) {
        Files.createFile(first.directory().resolve("go"));
        assertThat(apply.await().code()).as(apply.said()).isZero();
        assertThat(waiting.await().code()).as(waiting.said()).isZero();
      }
    }
  }

  @Test
  void whatIsPulledIsPushedBack() throws Exception {
    TerraformBinary terraform = terraform("a", "pushed").write("main.tf", PLAIN);
    terraform.succeed("init");
    terraform.succeed("apply", "-auto-approve");
    String pulled = terraform.succeed("state", "pull").out();
    assertThat(pulled.strip()).isEqualTo(get("pushed").strip());
    String next = withSerial(pulled, 7).replace("hello", "pushed by hand");
    terraform.write("next.tfstate", next).write("old.tfstate", pulled);

    terraform.succeed("state", "push", "next.tfstate");
    assertThat(terraform.succeed("output", "-raw", "greeting").out()).isEqualTo("pushed by hand");
    Result refused = terraform.run("state", "push", "old.tfstate");
    assertThat(refused.code()).as(refused.said()).isEqualTo(1);
    terraform.succeed("state", "push", "-force", "old.tfstate");

    assertThat(get("pushed")).contains("hello").doesNotContain("pushed by hand");
    assertThat(versions("pushed")).isEqualTo(3);
    assertThat(terraform.succeed("plan", "-detailed-exitcode").code()).isZero();
  }

  private static String withSerial(String state, int serial) {
    return state.replaceFirst("\"serial\": \\d+", "\"serial\": " + serial);
  }

  private static String get(String state) throws Exception {
    HttpResponse<byte[]> answer = server.send("GET", "/terraform/state/" + state, new byte[0]);
    return answer.statusCode() == 200 ? new String(answer.body(), UTF_8) : "";
  }

  private static int versions(String state) throws Exception {
    HttpResponse<byte[]> answer =
        server.send("GET", "/api/v1/terraform/states/" + state + "/versions", new byte[0]);
    return new String(answer.body(), UTF_8).split("\"version\":", -1).length - 1;
  }

  @Test
  void forceUnlockFreesAStateWhoseHolderIsDead() throws Exception {
    TerraformBinary terraform = terraform("a", "forced").write("main.tf", PLAIN);
    terraform.succeed("init");
    String id = "9ae4d9be-94f0-64ec-f3c3-7e3bb71eb959";
    String lock = "{\"ID\":\"" + id + "\",\"Who\":\"dead@elsewhere\"}";
    assertThat(server.send("LOCK", "/terraform/state/forced", lock.getBytes(UTF_8)).statusCode())
        .isEqualTo(200);
    Result refused = terraform.run("apply", "-auto-approve");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.said()).contains(id);

    terraform.succeed("force-unlock", "-force", id);

    terraform.succeed("apply", "-auto-approve");
    HttpResponse<byte[]> audit = server.send("GET", "/api/v1/audit", new byte[0]);
    assertThat(new String(audit.body(), UTF_8)).contains("broke the lock " + id);
  }

  @Test
  void aKilledRunLosesNothingThatItHadWrittenAndKeepsItsLock() throws Exception {
    // Terraform writes in the middle of a run when something is done and 20 seconds have gone by.
    String twentySeconds =
        """
        resource "terraform_data" "long" {
          provisioner "local-exec" {
            command = "sleep 21"
          }
        }
        """;
    TerraformBinary terraform =
        terraform("a", "killed")
            .write("main.tf", SLOW)
            .write("long.tf", twentySeconds)
            .with("TF_STATE_PERSIST_INTERVAL", "20");
    terraform.succeed("init");
    try (Running apply = terraform.start("apply", "-auto-approve")) {
      apply.awaitFile("begun");
      Await.until(
          "a state in the middle of the run",
          () -> {
            assertThat(apply.handle().isAlive()).as(apply.said()).isTrue();
            return !get("killed").isEmpty();
          });
      apply.kill();
    }
    assertThat(get("killed")).contains("done before");
    Result refused = terraform.run("plan");
    assertThat(refused.code()).isEqualTo(1);
    Matcher id = Pattern.compile("ID=([0-9a-f-]{36})").matcher(refused.said());
    assertThat(id.find()).as(refused.said()).isTrue();

    terraform.succeed("force-unlock", "-force", id.group(1));
    Files.createFile(terraform.directory().resolve("go"));
    terraform.succeed("apply", "-auto-approve");

    assertThat(terraform.succeed("state", "list").out())
        .contains("terraform_data.first", "terraform_data.slow");
  }

  @Test
  void lostAnswersAreHarmless() throws Exception {
    try (LossyProxy proxy = new LossyProxy(server.address(), "LOCK", "POST", "UNLOCK")) {
      TerraformBinary terraform = on(proxy.address(), "a", "lossy").write("main.tf", PLAIN);
      terraform.succeed("init");

      terraform.succeed("apply", "-auto-approve");

      assertThat(proxy.lost()).containsExactlyInAnyOrder("LOCK", "POST", "UNLOCK");
      assertThat(versions("lossy")).isEqualTo(1);
      assertThat(terraform.run("plan", "-detailed-exitcode").code()).isZero();
    }
  }

  @Test
  void anUnknownTokenIsToldSo() throws Exception {
    TerraformBinary terraform =
        terraform("a", "denied").write("main.tf", PLAIN).with("TF_HTTP_PASSWORD", "wrong");

    Result refused = terraform.run("init");

    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.said()).contains("HTTP remote state endpoint requires auth");
  }
}
