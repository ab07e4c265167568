package io.keepset.app.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.access.Role;
import io.keepset.app.cli.CommandLineForTests;
import io.keepset.app.cli.CommandLineForTests.Result;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenManagementTest {
  @TempDir private Path home;

  @BeforeEach
  void write() throws Exception {
    Files.createDirectories(home.resolve("followed"));
  }

  @Test
  void aTokenIsGoodAndNoLongerGoodAtOnce() throws Exception {
    try (ServiceLab lab = new ServiceLab(home)) {
      Result made = lab.here().run("token", "add", "ci", "--role", "planner", "--expires", "90d");
      assertThat(made.code()).as(made.err()).isZero();
      String secret = made.out().strip();

      assertThat(lab.send(secret, "GET", "/api/v1/status", "").statusCode()).isEqualTo(200);
      assertThat(lab.send(secret, "GET", "/api/v1/tokens", "").statusCode()).isEqualTo(403);
      assertThat(lab.here().run("token", "list").out())
          .containsPattern("ci +planner")
          .contains("the-admin")
          .doesNotContain(secret);

      assertThat(lab.here().run("token", "remove", "ci").code()).isZero();
      assertThat(lab.send(secret, "GET", "/api/v1/status", "").statusCode()).isEqualTo(401);
      assertThat(lab.here().run("token", "remove", "ci").err()).contains("no token ci");
      assertThat(lab.send(Role.READER, "GET", "/api/v1/audit", "").body())
          .contains("token.add", "token.remove", "role planner")
          .doesNotContain(secret);
    }
  }

  @Test
  void aTokenMadeWithoutAServerIsGoodOnTheNext() throws Exception {
    CommandLineForTests alone = new CommandLineForTests(home.resolve("data")).at(Clock.systemUTC());
    Result made = alone.run("token", "add", "ci", "--role", "reader");
    assertThat(made.code()).as(made.err()).isZero();
    String secret = made.out().strip();

    try (ServiceLab lab = new ServiceLab(home)) {
      assertThat(lab.send(secret, "GET", "/api/v1/status", "").statusCode()).isEqualTo(200);
      lab.close();
      assertThat(contains(lab.data(), secret)).as("the secret lies about").isFalse();
    }
  }

  @Test
  void aTokenExpires() throws Exception {
    CommandLineForTests lastYear =
        new CommandLineForTests(home.resolve("data"))
            .at(Clock.offset(Clock.systemUTC(), Duration.ofDays(-365)));
    String secret =
        lastYear.run("token", "add", "old", "--role", "admin", "--expires", "90d").out().strip();

    try (ServiceLab lab = new ServiceLab(home)) {
      assertThat(lab.send(secret, "GET", "/api/v1/status", "").statusCode()).isEqualTo(401);
      assertThat(lab.here().run("token", "list").out()).contains("no longer good");
    }
  }

  @Test
  void onlyAdminsManageTokens() throws Exception {
    try (ServiceLab lab = new ServiceLab(home)) {
      for (Role role : List.of(Role.READER, Role.PLANNER, Role.OPERATOR)) {
        Result refused =
            lab.elsewhere(ServiceLab.token(role)).run("token", "add", "more", "--role", "admin");

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("role admin").contains("role " + role);
      }
      Result made =
          lab.elsewhere(ServiceLab.token(Role.ADMIN)).run("token", "add", "x", "--role", "reader");
      assertThat(made.code()).as(made.err()).isZero();
      assertThat(lab.send(Role.READER, "GET", "/api/v1/audit", "").body())
          .contains("\"by\": \"the-admin\"");
    }
  }

  @Test
  void whatIsNoTokenIsRefusedWithWhatIsAllowed() throws Exception {
    try (ServiceLab lab = new ServiceLab(home)) {
      assertThat(lab.here().run("token", "add", "x", "--role", "boss").err())
          .contains("reader, planner, operator or admin");
      assertThat(lab.here().run("token", "add", "x", "--role", "reader", "--expires", "soon").err())
          .contains("90d");
      for (String name : List.of("policies", "command", "a b", "../x", "x".repeat(65))) {
        assertThat(lab.here().run("token", "add", name, "--role", "reader").err())
            .as(name)
            .contains("letters, digits");
      }
      assertThat(lab.here().run("token", "add", "the-admin", "--role", "reader").err())
          .contains("already");
      assertThat(
              lab.send(
                      Role.ADMIN,
                      "POST",
                      "/api/v1/tokens",
                      "{\"name\": \"x\", \"role\": \"reader\", \"expires\": \"0s\"}")
                  .statusCode())
          .isEqualTo(400);
    }
  }

  private static boolean contains(Path directory, String text) throws Exception {
    try (var files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text)) {
          return true;
        }
      }
    }
    return false;
  }
}
