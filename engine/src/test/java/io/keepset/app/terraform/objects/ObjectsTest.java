package io.keepset.app.terraform.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.source.MapNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.everit.json.schema.loader.SchemaLoader;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Objects over HTTP, on a server that follows a bare repository on this machine. */
@Timeout(300)
class ObjectsTest {
  @TempDir private Path root;
  private WritingLab lab;

  @BeforeEach
  void serve() throws Exception {
    lab = WritingLab.in(root.toRealPath()).serve();
  }

  @AfterEach
  void stop() {
    lab.close();
  }

  @Test
  void whatIsWrittenIsInForceAndReadsBackByteForByte() throws Exception {
    String body = lab.database("orders", 9);

    HttpResponse<String> created = lab.put("database/orders", body);

    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    assertThat(created.body()).isEqualTo(body);
    assertThat(created.headers().firstValue("Keepset-State")).contains("in-force");
    HttpResponse<String> read = lab.get("database/orders");
    assertThat(read.statusCode()).isEqualTo(200);
    assertThat(read.body()).isEqualTo(body);
    assertThat(read.headers().firstValue("ETag")).isEqualTo(created.headers().firstValue("ETag"));
    HttpResponse<String> live = lab.send("GET", "/api/v1/databases/orders", "");
    assertThat(live.statusCode()).isEqualTo(200);
    assertThat(live.body()).contains("\"daily\": 9");
  }

  @Test
  void aWriteIsOneCommitThatTouchesNothingElse() throws Exception {
    String before = lab.show("main:all.yaml");

    HttpResponse<String> created =
        lab.put("database/orders?message=Orders%20wants%20backups", lab.database("orders", 9));

    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    assertThat(lab.commits("main")).isEqualTo(2);
    assertThat(lab.show("--format=%an|%s", "--name-status", "main"))
        .isEqualTo("admin|Orders wants backups\n\nA\tkeepset.d/terraform/database/orders.json\n");
    assertThat(lab.show("main:all.yaml")).isEqualTo(before);
    assertThat(created.headers().firstValue("Keepset-Commit"))
        .contains(lab.show("-s", "--format=%H", "main").strip());
  }

  @Test
  void equalContentIsEqualHoweverItWasWritten() throws Exception {
    String body = lab.database("orders", 9);
    HttpResponse<String> created = lab.put("database/orders", body);
    String loose =
        "{\n \"store\": \"main\", "
            + body.substring(1).replace(",\"store\":\"main\"", "").replace(":9}", ": 9.0}");

    HttpResponse<String> same = lab.put("database/orders", loose);

    assertThat(same.statusCode()).as(same.body()).isEqualTo(200);
    assertThat(same.body()).isEqualTo(body);
    assertThat(same.headers().firstValue("ETag")).isEqualTo(created.headers().firstValue("ETag"));
    assertThat(lab.commits("main")).isEqualTo(2);
  }

  @Test
  void conditionsAreKept() throws Exception {
    String body = lab.database("orders", 9);
    assertThat(lab.put("database/orders", body, "If-Match", "*").statusCode()).isEqualTo(412);
    String etag =
        lab.put("database/orders", body, "If-None-Match", "*").headers().firstValue("ETag").get();

    assertThat(lab.put("database/orders", body, "If-None-Match", "*").statusCode()).isEqualTo(412);
    assertThat(lab.get("database/orders", "If-None-Match", etag).statusCode()).isEqualTo(304);
    HttpResponse<String> stale =
        lab.put("database/orders", lab.database("orders", 10), "If-Match", "\"other\"");
    assertThat(stale.statusCode()).isEqualTo(412);
    assertThat(stale.body()).contains(etag.replace("\"", "\\\""));
    assertThat(
            lab.put("database/orders", lab.database("orders", 10), "If-Match", etag).statusCode())
        .isEqualTo(200);
    assertThat(lab.delete("database/orders", "If-Match", etag).statusCode()).isEqualTo(412);
    assertThat(lab.commits("main")).isEqualTo(3);
  }

  @Test
  void aKeyMakesAWriteHappenOnce() throws Exception {
    String[] key = {"Idempotency-Key", "run-42/orders"};
    HttpResponse<String> first = lab.put("database/orders", lab.database("orders", 9), key);
    assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
    lab.stop();
    lab.serve();

    HttpResponse<String> second = lab.put("database/orders", lab.database("orders", 9), key);
    HttpResponse<String> other = lab.put("database/orders", lab.database("orders", 10), key);

    assertThat(second.statusCode()).isEqualTo(201);
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(second.headers().firstValue("Keepset-Commit"))
        .isEqualTo(first.headers().firstValue("Keepset-Commit"));
    assertThat(second.headers().firstValue("Idempotency-Replayed")).contains("true");
    assertThat(other.statusCode()).isEqualTo(409);
    assertThat(other.body()).contains("another request");
    assertThat(lab.commits("main")).isEqualTo(2);
  }

  @Test
  void whatIsNotThereIsSaidToBeAbsent() {
    assertThat(lab.get("database/orders").statusCode()).isEqualTo(404);
    assertThat(lab.get("database/orders/status").statusCode()).isEqualTo(404);
    assertThat(lab.delete("database/orders").statusCode()).isEqualTo(404);
    HttpResponse<String> kind = lab.get("approval/mine");
    assertThat(kind.statusCode()).isEqualTo(404);
    assertThat(kind.body()).contains("/terraform/v1/objects/policy/NAME");
    assertThat(lab.put("database/..all", "{}").statusCode()).isEqualTo(422);
    assertThat(lab.send("POST", WritingLab.OBJECTS + "database/orders", "{}").statusCode())
        .isEqualTo(405);
    assertThat(lab.commits("main")).isEqualTo(1);
  }

  @Test
  void aDryRunWritesNothingAndSaysWhatTheWriteWould() throws Exception {
    HttpResponse<String> good = lab.put("database/orders?dry_run=true", lab.database("orders", 9));
    assertThat(good.statusCode()).isEqualTo(200);
    assertThat(WritingLab.json(good).text("ok")).contains("true");
    assertThat(good.body()).contains("1 to create");
    assertThat(lab.commits("main")).isEqualTo(1);
    lab.put("database/orders", lab.database("orders", 9));

    HttpResponse<String> bad = lab.delete("database/orders?dry_run=true");

    assertThat(bad.statusCode()).isEqualTo(200);
    assertThat(WritingLab.json(bad).text("ok")).contains("false");
    assertThat(WritingLab.json(bad).text("text"))
        .isEqualTo(WritingLab.json(lab.delete("database/orders")).text("text"));
    assertThat(lab.commits("main")).isEqualTo(2);
    assertThat(lab.put("database/orders?dry_run=maybe", "{}").statusCode()).isEqualTo(400);
  }

  @Test
  void everyKindIsWritten() throws Exception {
    List<String> objects =
        List.of(
            "policy/silver {\"retention\":{\"daily\":3},\"schedule\":{\"yearly\":{\"cron\":\"@yearly\",\"timezone\":\"UTC\"}}}",
            "store/second {\"path\":\"" + lab.root.resolve("second") + "\",\"type\":\"directory\"}",
            "environment/test {\"labels\":{\"tier\":\"test\"},\"policy\":\"silver\"}",
            "hold/case-1 {\"databases\":[\"files\"],\"reason\":\"litigation\","
                + "\"review_by\":\"2099-01-01\"}");
    for (String object : objects) {
      String[] words = object.split(" ", 2);
      HttpResponse<String> put = lab.put(words[0], words[1]);
      assertThat(put.statusCode()).as(put.body()).isEqualTo(201);
      assertThat(lab.get(words[0]).body()).isEqualTo(words[1]);
      MapNode status = WritingLab.json(lab.get(words[0] + "/status"));
      assertThat(status.text("state")).contains("in-force");
      assertThat(status.text("file")).contains("keepset.d/terraform/" + words[0] + ".json");
    }
  }

  @Test
  void aBranchCollectsWhatPeopleAreToReview() throws Exception {
    String branch = "?branch=tf/run-42";
    HttpResponse<String> first = lab.put("database/orders" + branch, lab.database("orders", 9));
    HttpResponse<String> second = lab.put("database/users" + branch, lab.database("users", 9));

    assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
    assertThat(first.headers().firstValue("Keepset-State")).contains("on-branch");
    assertThat(second.statusCode()).isEqualTo(201);
    assertThat(lab.commits("tf/run-42")).isEqualTo(3);
    assertThat(lab.commits("main")).isEqualTo(1);
    assertThat(lab.get("database/orders").statusCode()).isEqualTo(404);
    assertThat(lab.get("database/orders", "Keepset-Branch", "tf/run-42").statusCode())
        .isEqualTo(200);
    MapNode plan =
        WritingLab.json(
            lab.put("database/third" + branch + "&dry_run=true", lab.database("third", 9)));
    assertThat(plan.text("text")).get().asString().contains("3 to create");
    HttpResponse<String> other = lab.put("database/orders?branch=main", "{}");
    assertThat(other.statusCode()).isEqualTo(409);
    assertThat(other.body()).contains("tf/");
  }

  @Test
  void whatWeakensIsOnTheBranchForPeopleToAgreeTo() throws Exception {
    lab.put("database/orders", lab.database("orders", 9));

    HttpResponse<String> weaker =
        lab.put("database/orders?branch=tf/run-43", lab.database("orders", 2));

    assertThat(weaker.statusCode()).as(weaker.body()).isEqualTo(200);
    MapNode status = WritingLab.json(lab.get("database/orders/status?branch=tf/run-43"));
    assertThat(status.text("state")).contains("on-branch");
    assertThat(lab.get("database/orders").body()).isEqualTo(lab.database("orders", 9));
  }

  @Test
  void writesAreWrittenDown() throws Exception {
    lab.put("database/orders", lab.database("orders", 9));

    assertThat(lab.send("GET", "/api/v1/audit", "").body())
        .contains("object.write", "database/orders", "commit ");
  }

  @Test
  void writersAtTheSameTimeAllGetIn() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String name = "db" + i;
      String body = lab.database(name, 9);
      answers.add(CompletableFuture.supplyAsync(() -> lab.put("database/" + name, body)));
    }

    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      assertThat(answer.get().statusCode()).as(answer.get().body()).isIn(201, 202);
    }
    assertThat(lab.commits("main")).isEqualTo(9);
  }

  @Test
  void answersKeepToTheirSchemas() throws Exception {
    lab.put("database/orders", lab.database("orders", 9));

    valid("object-status", lab.get("database/orders/status"));
    valid("object-plan", lab.delete("database/orders?dry_run=true"));
  }

  private static void valid(String schema, HttpResponse<String> answer) throws IOException {
    Path file = Path.of("..", "schemas", "http", schema + ".schema.json");
    SchemaLoader.load(new JSONObject(Files.readString(file)))
        .validate(new JSONObject(answer.body()));
  }
}
