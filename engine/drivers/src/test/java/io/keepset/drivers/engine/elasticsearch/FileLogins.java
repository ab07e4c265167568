package io.keepset.drivers.engine.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.drivers.lab.EnginesPage;
import io.keepset.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/**
 * Users and roles of Elasticsearch in files, which the server reads again every few seconds: this
 * distribution has no place of its own for them.
 */
record FileLogins(Path config) implements LabLogins {
  @Override
  public List<String> configure() throws IOException {
    String hash = FileRealm.hash(ElasticLab.PASSWORD);
    Files.writeString(config.resolve("users"), "lab:" + hash + "\nnobody:" + hash + "\n");
    Files.writeString(config.resolve("users_roles"), "superuser:lab\n");
    return FileRealm.SETTINGS.lines().toList();
  }

  @Override
  public Map<String, String> connection() {
    return Map.of();
  }

  @Override
  public void make(ElasticLab server) {
    // They are in the files.
  }

  @Override
  public void makeThoseOfThePage(ElasticLab server) throws IOException, InterruptedException {
    for (String statement : EnginesPage.blocks("elasticsearch", "PUT _security/role/")) {
      String[] lines = statement.split("\n", 2);
      add(lines[0].replaceFirst("^.*/", ""), lines[1], server);
    }
    // Their logins have these roles and no other; here files make them.
    assertThat(EnginesPage.blocks("elasticsearch", "PUT _security/user/"))
        .allSatisfy(
            statement ->
                assertThat(statement)
                    .contains(
                        "\"roles\": [\""
                            + statement.lines().findFirst().orElseThrow().replaceFirst("^.*/", "")
                            + "\"]"))
        .hasSize(2);
  }

  private void add(String name, String role, ElasticLab server)
      throws IOException, InterruptedException {
    append("roles.yml", name + ": " + role);
    append("users", name + ":" + FileRealm.hash(ElasticLab.PASSWORD));
    append("users_roles", name + ":" + name);
    Await.until(
        "the login " + name,
        () -> {
          server.as(Map.of("user", name)).get("_cluster/health");
          return true;
        });
  }

  private void append(String file, String line) throws IOException {
    Files.writeString(
        config.resolve(file), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
