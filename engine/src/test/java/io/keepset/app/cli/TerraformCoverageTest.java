package io.keepset.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.terraform.HttpSchemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TerraformCoverageTest {
  private static final String BUCKET =
      """
      {"format_version":"1.2","resource_changes":[
        {"address":"aws_s3_bucket.uploads","mode":"managed","type":"aws_s3_bucket","name":"uploads",
         "change":{"actions":["create"],"before":null,"after":{"bucket":%s},
           "after_unknown":{%s},"before_sensitive":false,"after_sensitive":{}}}]}
      """;

  @TempDir private Path home;
  private Path policies;
  private Path plan;

  @BeforeEach
  void write() throws IOException {
    policies = Files.createDirectories(home.resolve("policies"));
    plan = home.resolve("plan.json");
    Files.writeString(
        policies.resolve("all.yaml"),
        """
        policy: {gold: {schedule: {nightly: {cron: "0 2 * * *", timezone: UTC}}}}
        database:
          files: {engine: volume, policy: gold, store: main, connection: {path: /srv}}
        store: {main: {type: directory, path: /backups}}
        """);
  }

  @Test
  void whatIsBareEndsWithThreeInTextAndInJson() throws IOException {
    Files.writeString(plan, BUCKET.formatted("\"uploads\"", ""));

    CommandLineForTests.Result text = run();
    assertThat(text.code()).isEqualTo(3);
    assertThat(text.out()).contains("BARE       aws_s3_bucket.uploads", "Backups: 1 bare.");

    CommandLineForTests.Result json = run("--json");
    assertThat(json.code()).isEqualTo(3);
    HttpSchemas.check("plan-coverage", json.out());
  }

  @Test
  void whatIsNotKnownYetIsRefusedOnlyIfAskedFor() throws IOException {
    Files.writeString(plan, BUCKET.formatted("null", "\"bucket\":true"));

    assertThat(run().code()).isZero();
    assertThat(run("--strict").code()).isEqualTo(3);
  }

  @Test
  void aPlanWithoutDataIsFine() throws IOException {
    Files.writeString(plan, "{\"format_version\":\"1.2\",\"resource_changes\":[]}");

    CommandLineForTests.Result result = run();

    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("no databases, buckets, volumes or file systems");
  }

  @Test
  void whatIsNoPlanIsExplained() throws IOException {
    Files.writeString(plan, "PK\u0003\u0004zip");
    assertThat(run().err()).contains("terraform show -json");
    Files.writeString(plan, "{\"password\": \"hunter2\",");
    assertThat(run().code()).isEqualTo(1);
    assertThat(run().err()).doesNotContain("hunter2");
    Files.writeString(plan, "{\"format_version\":\"1.0\",\"values\":{}}");
    assertThat(run().err()).contains("a state, not a plan");
    Files.delete(plan);
    assertThat(run().err()).contains("there is no file");
  }

  @Test
  void mistakesInThePoliciesAreShown() throws IOException {
    Files.writeString(plan, BUCKET.formatted("\"uploads\"", ""));
    Files.writeString(policies.resolve("all.yaml"), "polizy: {}");

    CommandLineForTests.Result result = run();

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("polizy");
  }

  private CommandLineForTests.Result run(String... more) {
    String[] all = new String[more.length + 5];
    all[0] = "terraform";
    all[1] = "coverage";
    all[2] = plan.toString();
    all[3] = "--policies";
    all[4] = policies.toString();
    System.arraycopy(more, 0, all, 5, more.length);
    return new CommandLineForTests(home.resolve("data")).run(all);
  }
}
