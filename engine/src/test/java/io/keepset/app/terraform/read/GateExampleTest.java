package io.keepset.app.terraform.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.terraform.ServedShim;
import io.keepset.app.terraform.TerraformBinary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the page of {@code examples/terraform-gate} shows is what happens, line by line. */
@Timeout(600)
class GateExampleTest {
  private static final Path EXAMPLE = Path.of("..", "examples", "terraform-gate");

  @TempDir private Path home;
  private ServedShim shim;
  private TerraformBinary terraform;
  private int played;

  @Test
  void thePageShowsWhatHappens() throws Exception {
    try (ServedShim served = serve()) {
      shim = served;
      terraform =
          TerraformBinary.in(home.resolve("terraform"))
              .write("main.tf", Files.readString(EXAMPLE.resolve("gate/main.tf")))
              .with("TF_VAR_keepset", shim.address().toString())
              .with("TF_VAR_token", ServedShim.TOKEN);
      play(Files.readString(EXAMPLE.resolve("README.md")));
      assertThat(played).isEqualTo(6);

      terraform.with("TF_VAR_max_age", "-1h");
      assertThat(terraform.succeed("plan").said())
          .contains("the newest backup is older than -1h: files");
    }
  }

  @Test
  void theConfigurationsAreInTheUsualForm() throws Exception {
    TerraformBinary binary = TerraformBinary.in(home);
    for (String folder : List.of("gate", "http")) {
      binary.write(folder + ".tf", Files.readString(EXAMPLE.resolve(folder).resolve("main.tf")));
    }

    assertThat(binary.run("fmt", "-check", "-diff").said()).isEmpty();
  }

  private ServedShim serve() throws Exception {
    Path files = Files.createDirectories(home.resolve("files"));
    Files.writeString(files.resolve("one.txt"), "one");
    Path policies = Files.createDirectories(home.resolve("policies"));
    Files.writeString(
        policies.resolve("policies.yaml"),
        Files.readString(EXAMPLE.resolve("policies/policies.yaml"))
            .replace("/srv/files", files.toString())
            .replace("/var/lib/keepset/backups", home.resolve("backups").toString()));
    return ServedShim.on(home.resolve("data"), policies).applied("files");
  }

  private void play(String page) throws Exception {
    boolean console = false;
    String said = "";
    for (String line : page.lines().toList()) {
      if (line.startsWith("```")) {
        console = line.equals("```console");
      } else if (console && line.startsWith("$ ")) {
        said = run(line.substring(2));
        played++;
      } else if (console) {
        assertThat(said.replaceAll("[│╷╵]", "")).contains(line.strip());
      }
    }
  }

  private String run(String line) throws Exception {
    List<String> words = new ArrayList<>(Arrays.asList(line.split(" ")));
    String program = words.remove(0);
    if (program.equals("terraform")) {
      TerraformBinary.Result result = terraform.run(words.toArray(String[]::new));
      return result.said() + "(exit code " + result.code() + ")";
    }
    words.replaceAll(word -> word.equals("tfplan.json") ? path("tfplan.json") : word);
    words.replaceAll(word -> word.equals("policies") ? path("policies") : word);
    var result = shim.commands().run(words.toArray(String[]::new));
    return result.out() + result.err() + "(exit code " + result.code() + ")";
  }

  private static String path(String name) {
    return EXAMPLE.resolve(name).toString();
  }
}
