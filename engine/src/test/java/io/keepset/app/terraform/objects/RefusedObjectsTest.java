package io.keepset.app.terraform.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.cli.CommandLineForTests;
import io.keepset.source.ListNode;
import io.keepset.source.MapNode;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Objects over HTTP that are refused, and what people then agree to. */
@Timeout(300)
class RefusedObjectsTest {
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
  void mistakesOfPeopleAreNotPaintedOver() throws Exception {
    lab.people.write("more.yaml", "polcy: {}\n");
    lab.people.commit("A mistake");
    lab.push();

    HttpResponse<String> put = lab.put("database/orders", lab.database("orders", 9));

    assertThat(put.statusCode()).isEqualTo(409);
    assertThat(put.body()).contains("more.yaml:1");
    assertThat(lab.commits("main")).isEqualTo(2);
  }

  private String objects() {
    return lab.people.run("--git-dir", lab.bare.toString(), "count-objects");
  }

  private void agree(HttpResponse<String> refused) throws Exception {
    MapNode approval = WritingLab.json(refused).map("approval").orElseThrow();
    lab.pull();
    lab.people.write(approval.text("file").orElseThrow(), approval.text("text").orElseThrow());
    lab.people.commit("Agree");
    lab.push();
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
