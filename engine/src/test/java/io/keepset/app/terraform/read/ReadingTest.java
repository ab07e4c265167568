package io.keepset.app.terraform.read;

import static io.keepset.app.terraform.ServedShim.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.terraform.HttpSchemas;
import io.keepset.app.terraform.ServedShim;
import io.keepset.source.ListNode;
import io.keepset.source.MapNode;
import io.keepset.source.ScalarNode;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code data "http"} asks for, of a whole server. */
@Timeout(300)
class ReadingTest {
  /** Which schema documents which answer. */
  private static final Map<String, String> ANSWERS =
      Map.of(
          "/terraform/outputs", "outputs",
          "/terraform/outputs/production", "outputs",
          "/terraform/v1/databases/files", "database",
          "/terraform/v1/databases/cache", "database",
          "/terraform/v1/databases/files/backups/latest", "latest-backup",
          "/terraform/v1/coverage", "coverage",
          "/terraform/v1/coverage?environment=production&require=files,cache", "coverage",
          "/terraform/v1/status", "status",
          "/terraform/v1/drift", "drift");

  @TempDir private Path home;
  private ServedShim shim;

  @BeforeEach
  void start() throws Exception {
    Path files = Files.createDirectories(home.resolve("files"));
    Files.writeString(files.resolve("one.txt"), "one");
    Path policies = Files.createDirectories(home.resolve("policies"));
    Files.writeString(
        policies.resolve("all.yaml"),
        """
        keepset: {defaults: {store: main}}
        environment:
          production: {policy: gold, labels: {tier: prod}}
          empty: {policy: gold}
        policy:
          gold:
            schedule:
              yearly: {cron: "0 0 1 1 *", timezone: UTC}
            retention: {daily: 7}
            objective: {rpo: 400d, rto: 1h}
        database:
          files:
            engine: volume
            environment: production
            connection: {path: %s}
          cache:
            engine: volume
            policy: gold
            connection: {path: %s}
            backups: {disabled: true, reason: "rebuilt from files"}
        store:
          main: {type: directory, path: %s}
        """
            .formatted(files, home.resolve("cache"), home.resolve("backups")));
    shim = ServedShim.on(home.resolve("data"), policies).applied("files");
  }

  @AfterEach
  void stop() {
    shim.close();
  }

  @Test
  void everyAnswerIsAsItsSchemaSaysBeforeAndAfterTheFirstBackup() {
    ANSWERS.forEach((path, schema) -> HttpSchemas.check(schema, found(path).body()));

    backUp();

    ANSWERS.forEach((path, schema) -> HttpSchemas.check(schema, found(path).body()));
  }

  @Test
  void aDatabaseIsToldWithItsPolicyAndItsNewestBackupAtOnce() {
    MapNode before = json(found("/terraform/v1/databases/files"));
    assertThat(before.text("environment")).hasValue("production");
    assertThat(before.text("policy")).hasValue("gold");
    assertThat(before.text("rpo_seconds")).hasValue("34560000");
    assertThat(before.text("rpo")).hasValue("not measured");
    assertThat(before.text("backups")).hasValue("0");
    MapNode none = json(found("/terraform/v1/databases/files/backups/latest"));
    assertThat(none.text("ok")).hasValue("false");
    assertThat(none.text("reason")).hasValue("it has no good backup");

    backUp();

    MapNode after = json(found("/terraform/v1/databases/files"));
    assertThat(after.text("backups")).hasValue("1");
    assertThat(after.text("rpo")).hasValue("met");
    MapNode latest = json(found("/terraform/v1/databases/files/backups/latest?max_age=1h"));
    assertThat(latest.text("ok")).hasValue("true");
    assertThat(latest.text("at")).isEqualTo(after.text("latest_backup_at"));
    assertThat(latest.text("stale_after")).isPresent();
    assertThat(latest.text("verified_at")).isPresent();
  }

  @Test
  void aBackupThatIsTooOldIsToldSo() {
    backUp();

    MapNode latest = json(found("/terraform/v1/databases/files/backups/latest?max_age=0s"));

    assertThat(latest.text("ok")).hasValue("false");
    assertThat(latest.text("found")).hasValue("true");
    assertThat(latest.text("reason").orElseThrow()).contains("more than 0s ago");
  }

  @Test
  void coverageSaysWhatIsMissingOfWhatMustBeThere() {
    assertThat(json(found("/terraform/v1/coverage")).text("ok")).hasValue("true");
    MapNode asked = json(found("/terraform/v1/coverage?require=files,cache,orders"));

    assertThat(asked.text("ok")).hasValue("false");
    assertThat(texts(asked, "missing")).containsExactly("cache", "orders");
    assertThat(texts(asked, "suspended")).containsExactly("cache");
  }

  @Test
  void whatIsNotThereIsAnHonest404AndAWrongRequestSaysWhatIsWrong() {
    Map.of(
            "/terraform/v1/databases/orders", 404,
            "/terraform/v1/databases/orders/backups/latest", 404,
            "/terraform/v1/databases", 404,
            "/terraform/v1/coverage?environment=prodution", 404,
            "/terraform/outputs/prodution", 404,
            "/terraform/v1/databases/files/backups/latest?max_age=yesterday", 400)
        .forEach(
            (path, status) -> {
              HttpResponse<String> reply = shim.get(path);
              assertThat(reply.statusCode()).as(path).isEqualTo(status);
              HttpSchemas.check("problem", reply.body());
            });
    HttpResponse<String> written = shim.send("POST", "/terraform/v1/status", "{}");
    assertThat(written.statusCode()).isEqualTo(405);
    HttpSchemas.check("problem", written.body());
  }

  @Test
  void whoHasAnAnswerAlreadyIsToldThatItStands() {
    for (String path : ANSWERS.keySet()) {
      HttpResponse<String> first = shim.get(path);
      String tag = first.headers().firstValue("ETag").orElseThrow();
      HttpResponse<String> again = shim.get(path, "If-None-Match", "\"other\", W/" + tag);
      assertThat(again.statusCode()).as(path).isEqualTo(304);
      assertThat(again.body()).isEmpty();
      assertThat(again.headers().firstValue("ETag")).hasValue(tag);
      assertThat(shim.get(path, "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
    }
    String tag =
        shim.get("/terraform/v1/databases/files").headers().firstValue("ETag").orElseThrow();

    backUp();

    HttpResponse<String> changed = shim.get("/terraform/v1/databases/files", "If-None-Match", tag);
    assertThat(changed.statusCode()).isEqualTo(200);
  }

  @Test
  void aHeadIsTheSameWithoutABody() {
    HttpResponse<String> head = shim.send("HEAD", "/terraform/v1/status", "");

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(head.headers().firstValue("ETag")).isPresent();
  }

  private static List<String> texts(MapNode map, String key) {
    return ((ListNode) map.get(key).orElseThrow())
        .items().stream().map(item -> ((ScalarNode) item).text()).toList();
  }

  private HttpResponse<String> found(String path) {
    HttpResponse<String> reply = shim.get(path);
    assertThat(reply.statusCode()).as("%s: %s", path, reply.body()).isEqualTo(200);
    assertThat(reply.headers().firstValue("Content-Type")).hasValue("application/json");
    return reply;
  }

  private void backUp() {
    var made = shim.commands().run("backup", "create", "files");
    assertThat(made.code()).as(made.err()).isZero();
  }
}
