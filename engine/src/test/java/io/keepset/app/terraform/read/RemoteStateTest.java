package io.keepset.app.terraform.read;

import static io.keepset.app.terraform.ServedShim.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.SamplePolicy;
import io.keepset.app.terraform.ServedShim;
import io.keepset.app.terraform.TerraformBinary;
import io.keepset.app.terraform.TerraformBinary.Result;
import io.keepset.source.MapNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code terraform_remote_state} of the real terraform, with postconditions and check blocks. */
@Timeout(300)
class RemoteStateTest {
  private static final String CONFIGURATION =
      """
      data "terraform_remote_state" "backups" {
        backend = "http"
        config = {
          address  = "%s"
          username = "terraform"
          password = "%s"
        }
        lifecycle {
          postcondition {
            condition     = self.outputs.coverage.complete
            error_message = "not protected: ${join(", ", self.outputs.coverage.uncovered)}"
          }
        }
      }

      locals {
        latest = data.terraform_remote_state.backups.outputs.latest_backups
      }

      check "files_are_backed_up" {
        assert {
          condition     = contains(keys(local.latest), "files")
          error_message = "files has no good backup"
        }
        assert {
          condition = try(
            timecmp(local.latest["files"].stale_after, plantimestamp()) > 0, false)
          error_message = "the newest backup of files is too old"
        }
      }

      output "rpo_hours" {
        value = {
          for name, one in data.terraform_remote_state.backups.outputs.databases :
          name => one.rpo_seconds == null ? null : one.rpo_seconds / 3600
        }
      }
      output "stored" {
        value = sum(concat([0],
          [for store in data.terraform_remote_state.backups.outputs.stores : store.stored_bytes]))
      }
      """;

  @TempDir private Path home;
  private Path policies;

  @BeforeEach
  void files() throws Exception {
    SamplePolicy.of(home).withData();
    policies = Files.createDirectories(home.resolve("policies"));
  }

  @Test
  void aPlanSeesWhetherBackupsAreThere() throws Exception {
    declare();
    try (ServedShim shim = ServedShim.on(home.resolve("data"), policies).applied("files")) {
      TerraformBinary terraform = terraform(shim, "/terraform/outputs");
      terraform.succeed("init");

      Result before = terraform.succeed("plan");
      assertThat(before.said()).contains("files has no good backup", "too old");

      assertThat(shim.commands().run("backup", "create", "files").code()).isZero();
      Result after = terraform.succeed("apply", "-auto-approve");
      assertThat(after.said()).doesNotContain("Check block assertion failed");
      assertThat(terraform.succeed("output", "-json", "rpo_hours").out())
          .isEqualToIgnoringWhitespace("{\"files\":9600}");
      assertThat(Long.parseLong(terraform.succeed("output", "-raw", "stored").out().strip()))
          .isPositive();
      // What has not changed is no change for Terraform either.
      assertThat(terraform.run("plan", "-detailed-exitcode").code()).isZero();
    }
  }

  @Test
  void aPostconditionRefusesAPlanWhenSomethingIsWithoutProtection() throws Exception {
    declare();
    try (ServedShim shim = ServedShim.on(home.resolve("data"), policies).applied("files")) {
      TerraformBinary terraform = terraform(shim, "/terraform/outputs");
      terraform.succeed("init");
      assertThat(shim.commands().run("backup", "create", "files").code()).isZero();
      terraform.succeed("plan");
      terraform.write(
          "orders.tf",
          """
          data "terraform_remote_state" "orders" {
            backend = "http"
            config  = { address = "%s", username = "terraform", password = "%s" }
            lifecycle {
              postcondition {
                condition     = contains(keys(self.outputs.databases), "orders")
                error_message = "not protected: orders"
              }
            }
          }
          """
              .formatted(shim.address() + "/terraform/outputs", ServedShim.TOKEN));

      Result refused = terraform.run("plan");

      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.said()).contains("not protected: orders");
    }
  }

  @Test
  void typesAreTheSameWhenThereIsNothingToTell() throws Exception {
    try (ServedShim shim = ServedShim.on(home.resolve("data"), policies)) {
      MapNode empty = json(shim.get("/terraform/outputs"));
      TerraformBinary terraform = terraform(shim, "/terraform/outputs");
      terraform.succeed("init");
      Result plan = terraform.succeed("apply", "-auto-approve");
      assertThat(plan.said()).contains("files has no good backup");
      assertThat(terraform.succeed("output", "-json", "rpo_hours").out())
          .isEqualToIgnoringWhitespace("{}");
      declare();
      shim.applied("files");
      assertThat(shim.commands().run("backup", "create", "files").code()).isZero();
      MapNode full = json(shim.get("/terraform/outputs"));

      for (String output : full.map("outputs").orElseThrow().keys()) {
        assertThat(type(full, output)).as(output).isEqualTo(type(empty, output));
      }
      assertThat(full.text("lineage")).isEqualTo(empty.text("lineage"));
      assertThat(serial(full)).isGreaterThan(serial(empty));
      assertThat(json(shim.get("/terraform/outputs"))).isEqualTo(full);
    }
  }

  @Test
  void eachEnvironmentHasADocumentOfItsOwn() throws Exception {
    declare();
    try (ServedShim shim = ServedShim.on(home.resolve("data"), policies).applied("files")) {
      MapNode all = json(shim.get("/terraform/outputs"));
      MapNode production = json(shim.get("/terraform/outputs/production"));
      MapNode empty = json(shim.get("/terraform/outputs/empty"));

      assertThat(databases(all)).contains("files");
      assertThat(databases(production)).contains("files");
      assertThat(databases(empty)).isEmpty();
      assertThat(type(empty, "databases")).isEqualTo(type(all, "databases"));
      assertThat(all.text("lineage")).isNotEqualTo(production.text("lineage"));

      TerraformBinary terraform = terraform(shim, "/terraform/outputs/prodution");
      terraform.succeed("init");
      Result mistaken = terraform.run("plan");
      assertThat(mistaken.code()).isEqualTo(1);
      assertThat(mistaken.said()).contains("Unable to find remote state");
    }
  }

  private static java.util.List<String> databases(MapNode document) {
    return document
        .map("outputs")
        .flatMap(outputs -> outputs.map("databases"))
        .flatMap(output -> output.map("value"))
        .orElseThrow()
        .keys();
  }

  private static Object type(MapNode document, String output) {
    return document
        .map("outputs")
        .flatMap(outputs -> outputs.map(output))
        .flatMap(found -> found.get("type"))
        .orElseThrow();
  }

  private static long serial(MapNode document) {
    return Long.parseLong(document.text("serial").orElseThrow());
  }

  private TerraformBinary terraform(ServedShim shim, String path) throws Exception {
    return TerraformBinary.in(home.resolve("terraform" + path.hashCode()))
        .write("main.tf", CONFIGURATION.formatted(shim.address() + path, ServedShim.TOKEN));
  }

  private void declare() throws Exception {
    SamplePolicy.of(home)
        .environments("production", "empty")
        .objective("rpo: 400d")
        .write(policies);
  }
}
