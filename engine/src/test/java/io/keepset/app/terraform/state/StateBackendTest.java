package io.keepset.app.terraform.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.terraform.ServedKeepset;
import io.keepset.app.terraform.TerraformBinary;
import io.keepset.app.terraform.TerraformBinary.Result;
import io.keepset.app.terraform.TerraformBinary.Running;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
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
      await(first, apply);
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

  private static void await(TerraformBinary terraform, Running run) throws Exception {
    while (!Files.exists(terraform.directory().resolve("begun"))) {
      assertThat(run.handle().isAlive()).as(run.said()).isTrue();
      Thread.sleep(20);
    }
  }
}
