package io.keepset.app.terraform;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class TerraformBinaryTest {
  @TempDir private Path root;

  @Test
  void runsInADirectoryOfItsOwnAndTellsHowItEnded() throws Exception {
    TerraformBinary terraform =
        TerraformBinary.in(root)
            .write(
                "main.tf",
                """
                resource "terraform_data" "greeting" {
                  input = "hello"
                }
                output "greeting" {
                  value = terraform_data.greeting.output
                }
                """);

    terraform.succeed("init");
    assertThat(terraform.run("plan", "-detailed-exitcode").code()).isEqualTo(2);
    terraform.succeed("apply", "-auto-approve");

    assertThat(terraform.succeed("output", "-raw", "greeting").out()).isEqualTo("hello");
    assertThat(terraform.run("plan", "-nonsense").code()).isEqualTo(1);
  }

  @Test
  void endsARunWithWhatItStarted() throws Exception {
    TerraformBinary terraform =
        TerraformBinary.in(root)
            .write(
                "main.tf",
                """
                resource "terraform_data" "slow" {
                  provisioner "local-exec" {
                    command = "touch begun; exec sleep 600"
                  }
                }
                """);
    terraform.succeed("init");
    ProcessHandle sleep;
    try (TerraformBinary.Running apply = terraform.start("apply", "-auto-approve")) {
      apply.awaitFile("begun");
      sleep = apply.handle().descendants().reduce((first, last) -> last).orElseThrow();
    }

    sleep.onExit().join();
    assertThat(sleep.isAlive()).isFalse();
  }
}
