package io.keepset.app.terraform.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.cli.CommandLineForTests;
import io.keepset.source.ListNode;
import io.keepset.source.MapNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
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
  void mistakesPointIntoWhatWasSubmitted() throws Exception {
    String body = lab.database("orders", 9).replace("{\"daily\":9}", "{\"daily\":-1,\"dayly\":3}");

    HttpResponse<String> wrong = lab.put("database/orders", body);

    assertThat(wrong.statusCode()).isEqualTo(422);
    assertThat(pointers(wrong))
        .containsExactlyInAnyOrder("/override/retention/daily", "/override/retention/dayly");
    assertThat(wrong.body()).contains("value.range", "key.unknown").doesNotContain("keepset.d");
    HttpResponse<String> text = lab.put("database/orders", "{\"engine\": ");
    assertThat(text.statusCode()).isEqualTo(400);
    assertThat(lab.put("database/orders", "[1]").statusCode()).isEqualTo(422);
    assertThat(lab.commits("main")).isEqualTo(1);
  }

  @Test
  void aLiteralSecretIsRefusedAndNotShown() {
    String before = objects();
    HttpResponse<String> refused =
        lab.put(
            "database/orders",
            "{\"connection\":{\"host\":\"db1\",\"password\":\"hunter2-hunter2\"},"
                + "\"engine\":\"postgresql\",\"policy\":\"gold\",\"store\":\"main\"}");

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(pointers(refused)).contains("/connection/password");
    assertThat(refused.body()).doesNotContain("hunter2");
    assertThat(lab.commits("main")).isEqualTo(1);
    assertThat(objects())
        .as("nothing was made of it, not even an object that nobody refers to")
        .isEqualTo(before);
  }

  private String objects() {
    return lab.people.run("--git-dir", lab.bare.toString(), "count-objects");
  }

  @Test
  void whatPeopleDeclaredIsTheirs() throws Exception {
    HttpResponse<String> put = lab.put("database/files", lab.database("files", 9));
    HttpResponse<String> policy = lab.put("policy/gold", "{\"retention\":{\"daily\":1}}");

    assertThat(put.statusCode()).isEqualTo(409);
    assertThat(put.body()).contains("all.yaml, line 8", "object.elsewhere", "\"line\": 8");
    assertThat(policy.statusCode()).isEqualTo(409);
    assertThat(policy.body()).contains("all.yaml, line 3");
    assertThat(lab.delete("database/files").statusCode()).isEqualTo(409);
    assertThat(lab.get("database/files").statusCode()).isEqualTo(404);
    assertThat(lab.commits("main")).isEqualTo(1);
  }

  @Test
  void whatGuardsRefuseIsNotWrittenAndReadsAsTheCommandSaysIt() throws Exception {
    lab.put("database/orders", lab.database("orders", 9));
    int commits = lab.commits("main");

    HttpResponse<String> refused = lab.put("database/orders", lab.database("orders", 2));

    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(lab.commits("main")).isEqualTo(commits);
    assertThat(lab.get("database/orders").body()).isEqualTo(lab.database("orders", 9));
    MapNode problem = WritingLab.json(refused);
    assertThat(problem.text("detail")).get().asString().contains("guard.weakening");
    // The same change by hand, not committed, planned by the command.
    lab.pull();
    Path file = lab.people.directory().resolve("keepset.d/terraform/database/orders.json");
    Files.writeString(file, Files.readString(file).replace("\"daily\": 9", "\"daily\": 2"));
    CommandLineForTests.Result command =
        new CommandLineForTests(lab.root.resolve("data"))
            .at(Clock.systemUTC())
            .run("plan", lab.people.directory().toString());
    assertThat(command.code()).as(command.err()).isEqualTo(3);
    assertThat(problem.text("text")).contains(command.out());
    assertThat(command.out()).contains("approve-orders");
  }

  @Test
  void whatPeopleAgreeToPasses() throws Exception {
    lab.put("database/orders", lab.database("orders", 9));
    HttpResponse<String> refused = lab.delete("database/orders");
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(409);
    agree(refused);

    HttpResponse<String> removed = lab.delete("database/orders");

    assertThat(removed.statusCode()).as(removed.body()).isEqualTo(204);
    assertThat(lab.get("database/orders").statusCode()).isEqualTo(404);
    assertThat(lab.people.run("--git-dir", lab.bare.toString(), "ls-tree", "-r", "main"))
        .doesNotContain("orders.json");
  }

  @Test
  void whoeverAgreesMustBeSomebodyElseWhereThatIsDemanded() throws Exception {
    lab.people.write("rules.yaml", "keepset: {approvals: {other_author: true}}\n");
    lab.people.commit("Four eyes");
    lab.push();
    lab.put("database/orders", lab.database("orders", 9));
    HttpResponse<String> refused = lab.put("database/orders", lab.database("orders", 2));
    agree(refused);
    HttpResponse<String> nobody = lab.put("database/orders", lab.database("orders", 2));
    lab.callAs("ana@example.org");

    HttpResponse<String> passed = lab.put("database/orders", lab.database("orders", 2));

    assertThat(nobody.statusCode()).as("a token that is nobody's").isEqualTo(409);
    assertThat(nobody.body()).contains("no person is known", "--person");
    assertThat(passed.statusCode()).as(passed.body()).isEqualTo(200);
    assertThat(lab.show("-s", "--format=%an <%ae>", "main")).contains("a-person <ana@example.org>");
    assertThat(passed.headers().firstValue("Keepset-State")).contains("in-force");
    HttpResponse<String> second = lab.put("database/orders", lab.database("orders", 1));
    lab.pull();
    MapNode approval = WritingLab.json(second).map("approval").orElseThrow();
    lab.people.write(approval.text("file").orElseThrow(), approval.text("text").orElseThrow());
    lab.people.run("add", "-A");
    lab.people.run(
        "commit", "-q", "-m", "Agree with oneself", "--author", "Anybody <Ana@example.org>");
    lab.push();
    int commits = lab.commits("main");
    HttpResponse<String> same = lab.put("database/orders", lab.database("orders", 1));
    assertThat(same.statusCode()).isEqualTo(409);
    assertThat(same.body()).contains("somebody else must agree");
    assertThat(lab.commits("main")).isEqualTo(commits);
  }

  private void agree(HttpResponse<String> refused) throws Exception {
    MapNode approval = WritingLab.json(refused).map("approval").orElseThrow();
    lab.pull();
    lab.people.write(approval.text("file").orElseThrow(), approval.text("text").orElseThrow());
    lab.people.commit("Agree");
    lab.push();
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
  void whatOthersNeedIsNotRemovedBeneathThem() throws Exception {
    lab.put(
        "policy/silver",
        "{\"retention\":{\"daily\":3},\"schedule\":{\"yearly\":{\"cron\":\"@yearly\",\"timezone\":\"UTC\"}}}");
    String body = lab.database("orders", 9).replace("\"gold\"", "\"silver\"");
    assertThat(lab.put("database/orders", body).statusCode()).isEqualTo(201);

    HttpResponse<String> refused = lab.delete("policy/silver");

    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.body()).contains("elsewhere", "database/orders.json");
    assertThat(lab.get("policy/silver").statusCode()).isEqualTo(200);
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
  void mistakesOfPeopleAreNotPaintedOver() throws Exception {
    lab.people.write("more.yaml", "polcy: {}\n");
    lab.people.commit("A mistake");
    lab.push();

    HttpResponse<String> put = lab.put("database/orders", lab.database("orders", 9));

    assertThat(put.statusCode()).isEqualTo(409);
    assertThat(put.body()).contains("more.yaml:1");
    assertThat(lab.commits("main")).isEqualTo(2);
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

  private static List<String> pointers(HttpResponse<String> problem) {
    return WritingLab.json(problem)
        .get("diagnostics")
        .map(node -> ((ListNode) node).items())
        .orElse(List.of())
        .stream()
        .map(node -> ((MapNode) node).text("pointer").orElse("none"))
        .toList();
  }
}
