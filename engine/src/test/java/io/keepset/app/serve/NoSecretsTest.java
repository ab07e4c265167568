package io.keepset.app.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.access.Role;
import io.keepset.app.SamplePolicy;
import io.keepset.app.security.TokenSecret;
import io.keepset.source.JsonText;
import io.keepset.source.MapNode;
import io.keepset.source.SourceFile;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing that lets anybody in stands in an answer or a log. */
class NoSecretsTest {
  @TempDir private Path home;

  @Test
  void noAnswerAndNoLogHoldsWhatLetsAnybodyIn() throws Exception {
    SamplePolicy.of(home).withData().write(home.resolve("followed"));
    List<String> secrets = new ArrayList<>();
    List<String> hashes = new ArrayList<>();
    try (ServiceLab lab = new ServiceLab(home).applied("files")) {
      String made = lab.here().run("token", "add", "ci", "--role", "reader").out().strip();
      secrets.add(made);
      secrets.add(lab.commandSecret());
      for (Role role : Role.values()) {
        secrets.add(ServiceLab.token(role));
      }
      secrets.forEach(secret -> hashes.add(TokenSecret.hash(secret)));
      assertThat(
              lab.send(Role.OPERATOR, "POST", "/api/v1/databases/files/backups", "").statusCode())
          .isEqualTo(201);
      int answers = 0;
      for (String path : paths()) {
        HttpResponse<String> answer = lab.send(Role.ADMIN, "GET", path, "");
        assertThat(answer.body()).as(path).doesNotContain(secrets).doesNotContain(hashes);
        assertThat(answer.headers().map().toString()).as(path).doesNotContain(secrets);
        answers += answer.statusCode() == 200 ? 1 : 0;
      }
      assertThat(answers).as("answers worth looking at").isGreaterThan(12);
      for (String wrong : List.of("/api/v1/nowhere", "/terraform/nowhere", "/api/v1/holds/nope")) {
        assertThat(lab.send(made, "DELETE", wrong, made).body()).doesNotContain(secrets);
      }
      String audit = lab.send(Role.READER, "GET", "/api/v1/audit", "").body();
      assertThat(audit).contains("token.add", "backup.create", "the-operator");
    }
    // Its log and its state.
    try (var files = Files.walk(home.resolve("data"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(secrets);
      }
    }
  }

  /** Every path that the API describes and takes a GET, and those of the shim. */
  private static List<String> paths() throws Exception {
    List<String> paths =
        new ArrayList<>(
            List.of(
                "/terraform/outputs",
                "/terraform/v1/databases",
                "/terraform/v1/databases/files",
                "/terraform/v1/databases/files/backups/latest",
                "/terraform/v1/coverage",
                "/terraform/v1/status",
                "/terraform/v1/drift",
                "/terraform/state/prod",
                "/actuator/prometheus"));
    try (InputStream in =
        Objects.requireNonNull(
            NoSecretsTest.class.getResourceAsStream("/schemas/http/openapi.json"))) {
      MapNode document =
          (MapNode)
              JsonText.read(new SourceFile("openapi.json", in.readAllBytes()))
                  .valid()
                  .orElseThrow();
      for (MapNode.Entry path : document.map("paths").orElseThrow().entries()) {
        if (((MapNode) path.value()).get("get").isPresent()) {
          paths.add(path.key().replaceAll("\\{[a-z]+}", "files"));
        }
      }
    }
    assertThat(paths).contains("/api/v1/tokens");
    return paths;
  }
}
