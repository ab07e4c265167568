package io.keepset.app.terraform.read;

import static io.keepset.app.terraform.ServedShim.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.SamplePolicy;
import io.keepset.app.terraform.HttpSchemas;
import io.keepset.app.terraform.ServedShim;
import io.keepset.source.JsonText;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plans that Terraform asks for, with the requests that {@code data "http"} makes: no content type
 * unless somebody gives one, the text as it is.
 */
@Timeout(300)
class PlanningTest {
  @TempDir private Path home;
  private ServedShim shim;
  private String policies;

  @BeforeEach
  void start() throws Exception {
    SamplePolicy sample = SamplePolicy.of(home).withData();
    policies = sample.text();
    Path folder = home.resolve("policies");
    sample.write(folder);
    shim = ServedShim.on(home.resolve("data"), folder).applied("files");
  }

  @AfterEach
  void stop() {
    shim.close();
  }

  @Test
  void policyTextInAnySpellingIsPlannedWithoutAContentType() {
    MapNode same = planned("", policies);
    assertThat(same.text("ok")).hasValue("true");
    assertThat(same.text("none")).hasValue("1");

    MapNode shorter = planned("", policies.replace("daily: 7", "daily: 3"));
    assertThat(shorter.text("update")).hasValue("1");
    assertThat(shorter.text("weakening")).hasValue("1");
    assertThat(shorter.text("text").orElseThrow()).contains("retention.daily");

    MapNode hcl =
        planned(
            "",
            """
            # what HCL looks like
            policy "gold" {
              retention {
                daily = 3
              }
            }
            """);
    assertThat(hcl.text("valid")).hasValue("true");
    assertThat(hcl.text("delete")).hasValue("1");
    assertThat(hcl.text("refused")).hasValue("true");
    assertThat(hcl.text("reason").orElseThrow()).startsWith("refused: ");

    assertThat(
            planned("", "{\"policy\": {\"gold\": {\"retention\": {\"daily\": 3}}}}").text("valid"))
        .hasValue("true");
  }

  @Test
  void aFileCanBeLaidOverWhatIsFollowed() {
    String one = "policy: {gold: {retention: {daily: 3}}}";

    assertThat(planned("?base=followed&file=more.yaml", one).text("reason").orElseThrow())
        .contains("mistakes");
    MapNode replaced =
        planned("?base=followed&file=all.yaml", policies.replace("daily: 7", "daily: 9"));
    assertThat(replaced.text("ok")).hasValue("true");
    assertThat(replaced.text("update")).hasValue("1");
  }

  @Test
  void severalFilesComeAsOneObject() {
    String body =
        JsonText.writeCompact(
            new MapBuilder()
                .put(
                    "files",
                    new MapBuilder()
                        .put("all.yaml", policies)
                        .put("more.hcl", "policy \"silver\" {\n  retention { daily = 1 }\n}\n"))
                .build());

    assertThat(planned("", body).text("ok")).hasValue("true");
  }

  @Test
  void mistakesAreAnAnswerWithTheirPlaces() {
    HttpResponse<String> reply =
        shim.send("POST", "/terraform/v1/plan", policies.replace("daily: 7", "dayly: 7"));

    assertThat(reply.statusCode()).isEqualTo(200);
    HttpSchemas.check("plan", reply.body());
    assertThat(json(reply).text("ok")).hasValue("false");
    assertThat(reply.body()).contains("request.yaml", "dayly", "\"line\":5");
  }

  @Test
  void aPlanOfTerraformsIsToldByItsCoverage() {
    String plan =
        """
        {"format_version":"1.2","terraform_version":"1.11.4","resource_changes":[
          {"address":"aws_ebs_volume.files","mode":"managed","type":"aws_ebs_volume","name":"files",
           "provider_name":"registry.terraform.io/hashicorp/aws",
           "change":{"actions":["create"],"before":null,
             "after":{"tags":{"keepset:database":"files"}},"after_unknown":{"id":true},
             "before_sensitive":false,"after_sensitive":{"tags":{}}}},
          {"address":"aws_s3_bucket.bare","mode":"managed","type":"aws_s3_bucket","name":"bare",
           "provider_name":"registry.terraform.io/hashicorp/aws",
           "change":{"actions":["create"],"before":null,"after":{"bucket":"bare"},
             "after_unknown":{"id":true},"before_sensitive":false,"after_sensitive":{}}}]}
        """;

    HttpResponse<String> reply = shim.send("POST", "/terraform/v1/plan", plan);

    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    HttpSchemas.check("plan-coverage", reply.body());
    assertThat(json(reply).text("ok")).hasValue("false");
    assertThat(json(reply).text("covered")).hasValue("1");
    assertThat(json(reply).text("reason").orElseThrow()).startsWith("aws_s3_bucket.bare: ");
  }

  @Test
  void whatCannotBeReadIsARefusalThatSaysWhy() {
    refused(400, "/terraform/v1/plan", " ");
    refused(400, "/terraform/v1/plan?file=policies.txt", policies);
    refused(400, "/terraform/v1/plan?base=everything", policies);
    refused(400, "/terraform/v1/plan", "{\"files\": {\"a.yaml\": 1}}");
    refused(422, "/terraform/v1/plan", "{\"format_version\": \"9.0\", \"resource_changes\": []}");
    HttpResponse<String> commit = shim.get("/terraform/v1/plan/0123456789abcdef");
    assertThat(commit.statusCode()).isEqualTo(404);
    HttpSchemas.check("problem", commit.body());
    assertThat(shim.get("/terraform/v1/plan").statusCode()).isEqualTo(405);
  }

  private void refused(int status, String path, String body) {
    HttpResponse<String> reply = shim.send("POST", path, body);
    assertThat(reply.statusCode()).as("%s: %s", path, reply.body()).isEqualTo(status);
    HttpSchemas.check("problem", reply.body());
  }

  private MapNode planned(String query, String body) {
    HttpResponse<String> reply = shim.send("POST", "/terraform/v1/plan" + query, body);
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    HttpSchemas.check("plan", reply.body());
    return json(reply);
  }
}
