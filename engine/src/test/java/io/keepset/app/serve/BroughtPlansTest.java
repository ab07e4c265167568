package io.keepset.app.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.access.Role;
import io.keepset.app.SamplePolicy;
import io.keepset.app.cli.CommandLineForTests;
import io.keepset.app.cli.CommandLineForTests.Result;
import io.keepset.source.JsonText;
import io.keepset.source.ListNode;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.SourceFile;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody with a token can do to a server's policies from elsewhere, and what not. */
class BroughtPlansTest {
  private static final String ADMIN = ServiceLab.token(Role.ADMIN);
  private static final String OPERATOR = ServiceLab.token(Role.OPERATOR);

  @TempDir private Path home;
  private Path followed;
  private Path own;
  private ServiceLab lab;

  @BeforeEach
  void start() throws Exception {
    followed = Files.createDirectories(home.resolve("followed"));
    own = Files.createDirectories(home.resolve("own"));
    Files.createDirectories(home.resolve("files"));
    write(followed, 7, "backups", true);
    lab = new ServiceLab(home).applied("files");
  }

  @AfterEach
  void stop() {
    lab.close();
  }

  @Test
  void whatStrengthensIsAppliedWithTheNameOfTheToken() throws Exception {
    write(own, 9, "backups", true);

    Result result = as(OPERATOR).run("apply", "--yes", "--policies", own.toString());

    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("files");
    assertThat(protection()).contains("\"daily\": 9");
    assertThat(get("/api/v1/audit").body()).contains("\"by\": \"the-operator\"");
    assertThat(as(OPERATOR).run("drift").out()).doesNotContain("is not as applied");
    Result again = as(OPERATOR).run("apply", "--yes", "--policies", own.toString());
    assertThat(again.code()).as(again.err()).isZero();
  }

  @Test
  void whatWeakensIsRefusedThereThoughNobodyRefusedItHere() throws Exception {
    write(own, 1, "backups", true);

    HttpResponse<String> reply = send(OPERATOR, plan(3));

    assertThat(reply.statusCode()).isEqualTo(409);
    assertThat(reply.body()).contains("guard.weakening", "files.retention.daily");
    assertThat(protection()).contains("\"daily\": 7");
    assertThat(get("/api/v1/audit").body()).contains("apply.refused");
  }

  @Test
  void anApprovalOfOnesOwnIsNoneUnlessAnAdminBringsIt() throws Exception {
    write(own, 1, "backups", true);
    approve(own, hash(plan(3)));
    String approved = plan(0);

    HttpResponse<String> refused = send(OPERATOR, approved);

    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.body()).contains("guard.approval", "role operator");
    assertThat(protection()).contains("\"daily\": 7");

    HttpResponse<String> granted = send(ADMIN, approved);

    assertThat(granted.statusCode()).as(granted.body()).isEqualTo(200);
    assertThat(protection()).contains("\"daily\": 1");
    assertThat(get("/api/v1/approvals/spent").body()).contains("\"own\"");
  }

  @Test
  void anApprovalInTheFollowedPoliciesCountsFromWhoever() throws Exception {
    write(own, 1, "backups", true);
    String hash = hash(plan(3));
    approve(own, hash);
    approve(followed, hash); // the server looks again in an hour

    Result result = as(OPERATOR).run("apply", "--yes", "--policies", own.toString());

    assertThat(result.code()).as(result.err()).isZero();
    assertThat(protection()).contains("\"daily\": 1");
  }

  @Test
  void aPlanThatHidesWhatItDoesIsNotWhatItSays() throws Exception {
    write(own, 7, "backups", true);
    String harmless = plan(0);
    write(own, 7, "elsewhere", true);
    MapNode moved = content(plan(3));
    List<String> forged =
        List.of(
            forge(harmless, content -> with(content, "holds", new ListNode(moved.at(), List.of()))),
            forge(harmless, content -> with(content, "stores", node(moved, "stores"))));
    // Databases say in which store they are, and nothing about it that is believed.
    String renamed =
        forge(harmless, content -> with(content, "databases", node(moved, "databases")));

    for (String plan : forged) {
      HttpResponse<String> reply = send(OPERATOR, plan);

      assertThat(reply.statusCode()).as(reply.body()).isEqualTo(409);
      HttpResponse<String> admins = send(ADMIN, plan);
      assertThat(admins.statusCode()).as(admins.body()).isEqualTo(409);
    }
    assertThat(send(OPERATOR, renamed).statusCode()).isEqualTo(200);
    assertThat(get("/api/v1/holds").body()).contains("case-1");
    assertThat(get("/api/v1/stores").body()).contains("/backups").doesNotContain("/elsewhere");
    assertThat(protection()).doesNotContain("/elsewhere");
    assertThat(send(OPERATOR, harmless).statusCode()).isEqualTo(200);
  }

  @Test
  void aHoldAndAStoreAreNotGivenUpEither() throws Exception {
    write(own, 7, "backups", false);
    assertThat(send(OPERATOR, plan(3)).body()).contains("guard.hold", "files.hold.case-1");
    write(own, 7, "elsewhere", true);
    assertThat(send(OPERATOR, plan(3)).statusCode()).isEqualTo(409);
    Files.writeString(own.resolve("all.yaml"), "policy: {none: {}}\n");
    assertThat(send(OPERATOR, plan(3)).statusCode()).isEqualTo(409);

    assertThat(get("/api/v1/holds").body()).contains("case-1");
    assertThat(get("/api/v1/stores").body()).doesNotContain("/elsewhere");
    assertThat(protection()).contains("hold.case-1");
  }

  @Test
  void thereIsNoOtherWay() throws Exception {
    for (String operation :
        List.of(
            "PUT /api/v1/databases/files/protection",
            "DELETE /api/v1/databases/files/protection",
            "PUT /api/v1/stores/main",
            "PUT /api/v1/holds",
            "PUT /api/v1/applied",
            "PUT /api/v1/approvals/spent",
            "DELETE /api/v1/holds/case-1?reason=x",
            "DELETE /api/v1/backups/files-1")) {
      String[] words = operation.split(" ");
      assertThat(lab.send(OPERATOR, words[0], words[1], "{}").statusCode())
          .as(operation)
          .isIn(403, 404, 405);
    }
    assertThat(protection()).contains("\"daily\": 7");
  }

  private CommandLineForTests as(String token) {
    return lab.elsewhere(token);
  }

  /** A plan of {@link #own}, as {@code plan --out} saves it even if it is refused here. */
  private String plan(int code) throws Exception {
    Path file = home.resolve("saved.plan");
    Result result =
        as(OPERATOR).run("plan", "--policies", own.toString(), "--out", file.toString());
    assertThat(result.code()).as(result.err()).isEqualTo(code);
    return Files.readString(file);
  }

  private HttpResponse<String> send(String token, String plan) throws Exception {
    return lab.send(token, "POST", "/api/v1/apply", plan);
  }

  private HttpResponse<String> get(String path) throws Exception {
    return lab.send(OPERATOR, "GET", path, "");
  }

  private String protection() throws Exception {
    return get("/api/v1/databases/files").body();
  }

  private static String hash(String plan) {
    return content(plan).text("hash").orElseThrow();
  }

  private static MapNode content(String plan) {
    return tree(plan).map("content").orElseThrow();
  }

  private static MapNode tree(String text) {
    return (MapNode)
        JsonText.read(new SourceFile("plan", text.getBytes(StandardCharsets.UTF_8)))
            .valid()
            .orElseThrow();
  }

  private static Node node(MapNode map, String key) {
    return map.get(key).orElseThrow();
  }

  private static MapNode with(MapNode map, String key, Node value) {
    MapBuilder changed = new MapBuilder();
    for (MapNode.Entry entry : map.entries()) {
      changed.put(entry.key(), entry.key().equals(key) ? value : entry.value());
    }
    return changed.build();
  }

  /** With a checksum that fits, as an attacker would. */
  private static String forge(String plan, UnaryOperator<MapNode> change) throws Exception {
    MapNode content = change.apply(content(plan));
    String sum =
        HexFormat.of()
            .formatHex(
                MessageDigest.getInstance("SHA-256")
                    .digest(JsonText.writeCompact(content).getBytes(StandardCharsets.UTF_8)));
    return JsonText.write(
        new MapBuilder()
            .put("format", "keepset plan")
            .put("version", 1)
            .put("checksum", sum)
            .put("content", content)
            .build());
  }

  private static void approve(Path policies, String hash) throws Exception {
    Files.writeString(
        policies.resolve("approval.yaml"),
        """
        approval:
          own:
            plan: %s
            changes: [files.retention.daily]
            backups_deleted: 5
            reason: because
            expires: %s
        """
            .formatted(hash, java.time.LocalDate.now(Clock.systemUTC()).plusDays(5)));
  }

  private void write(Path policies, int daily, String store, boolean held) throws Exception {
    Path file = SamplePolicy.of(home).daily(daily).into(home.resolve(store)).write(policies);
    if (held) {
      String hold =
          """
          hold:
            case-1: {databases: [files], reason: "litigation", review_by: %s}
          """
              .formatted(LocalDate.now(Clock.systemUTC()).plusDays(90));
      Files.writeString(file, hold, StandardOpenOption.APPEND);
    }
  }
}
