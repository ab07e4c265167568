package io.keepset.terraform.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.terraform.TerraformBinary;
import io.keepset.source.JsonText;
import io.keepset.source.SourceFile;
import io.keepset.terraform.coverage.Resource.Action;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The plans of the real terraform are read as they are; types that need no download stand for all
 * others.
 */
@Timeout(300)
class RealPlanTest {
  private static final String RESOURCES =
      """
      variable "secret" {
        default   = "hunter2"
        sensitive = true
      }
      resource "terraform_data" "counted" {
        count = 2
        input = { name = "orders-${count.index}", nested = [{ on = true }] }
      }
      resource "terraform_data" "each" {
        for_each = toset(["eu", "us"])
        input    = { name = terraform_data.counted[0].id, tags = { "keepset:database" = each.key } }
      }
      resource "terraform_data" "secret" {
        input = { name = var.secret, open = "yes" }
      }
      module "shop" {
        source = "./shop"
      }
      """;

  @TempDir private Path root;
  private TerraformBinary terraform;

  @Test
  void addressesActionsAndWhatIsUnknownOrSensitiveAreUnderstood() throws Exception {
    terraform = TerraformBinary.in(root).write("main.tf", RESOURCES);
    Path shop = Files.createDirectories(terraform.directory().resolve("shop"));
    Files.writeString(
        shop.resolve("main.tf"),
        "resource \"terraform_data\" \"inner\" {\n  input = { name = \"crm\" }\n}\n");
    terraform.succeed("init");

    TerraformPlan first = plan();
    assertThat(first.resources())
        .extracting(Resource::address)
        .containsExactly(
            "module.shop.terraform_data.inner",
            "terraform_data.counted[0]",
            "terraform_data.counted[1]",
            "terraform_data.each[\"eu\"]",
            "terraform_data.each[\"us\"]",
            "terraform_data.secret");
    assertThat(first.resources()).allMatch(one -> one.action() == Action.CREATE);
    Attributes counted = of(first, "terraform_data.counted[1]");
    assertThat(counted.at("input.name")).isEqualTo(Value.known("orders-1"));
    assertThat(counted.at("input.nested.0.on")).isEqualTo(Value.known("true"));
    assertThat(counted.at("input.nested.1.on")).isEqualTo(Value.ABSENT);
    assertThat(counted.at("id")).isEqualTo(Value.UNKNOWN);
    assertThat(counted.at("triggers_replace")).isEqualTo(Value.ABSENT);
    Attributes each = of(first, "terraform_data.each[\"eu\"]");
    assertThat(each.at("input.name")).isEqualTo(Value.UNKNOWN);
    assertThat(each.tag("input.tags", "keepset:database")).isEqualTo(Value.known("eu"));
    assertThat(of(first, "terraform_data.secret").at("input.name")).isEqualTo(Value.HIDDEN);

    terraform.succeed("apply", "-auto-approve");
    terraform.write("main.tf", RESOURCES.replace("count = 2", "count = 1").replace("yes", "no"));
    TerraformPlan second = plan();

    assertThat(action(second, "terraform_data.counted[0]")).isEqualTo(Action.KEEP);
    assertThat(action(second, "terraform_data.counted[1]")).isEqualTo(Action.DESTROY);
    assertThat(of(second, "terraform_data.counted[1]").at("input.name"))
        .isEqualTo(Value.known("orders-1"));
    assertThat(action(second, "terraform_data.secret")).isEqualTo(Action.UPDATE);
    assertThat(of(second, "terraform_data.secret").at("input.name")).isEqualTo(Value.HIDDEN);

    terraform.succeed("taint", "module.shop.terraform_data.inner");
    assertThat(action(plan(), "module.shop.terraform_data.inner")).isEqualTo(Action.REPLACE);
    terraform.succeed("plan", "-destroy", "-out=tfplan");
    assertThat(shown().resources()).allMatch(one -> one.action() == Action.DESTROY);
  }

  private TerraformPlan plan() throws Exception {
    terraform.succeed("plan", "-out=tfplan");
    return shown();
  }

  private TerraformPlan shown() throws Exception {
    String json = terraform.succeed("show", "-json", "tfplan").out();
    return TerraformPlan.read(
            JsonText.read(new SourceFile("plan.json", json.getBytes(StandardCharsets.UTF_8)))
                .valid()
                .orElseThrow())
        .valid()
        .orElseThrow();
  }

  private static Resource resource(TerraformPlan plan, String address) {
    return plan.resources().stream()
        .filter(one -> one.address().equals(address))
        .findFirst()
        .orElseThrow();
  }

  private static Attributes of(TerraformPlan plan, String address) {
    return resource(plan, address).attributes();
  }

  private static Action action(TerraformPlan plan, String address) {
    return resource(plan, address).action();
  }
}
