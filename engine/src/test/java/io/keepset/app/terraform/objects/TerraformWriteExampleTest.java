package io.keepset.app.terraform.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.git.RealGit;
import io.keepset.app.terraform.TerraformBinary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plays the page of {@code examples/terraform-write} with the real terraform, git and curl: each
 * command ends as the page says, and each line that the page shows is said, in that order. An
 * ellipsis on the page stands for anything in a line.
 */
@Timeout(600)
class TerraformWriteExampleTest {
  private static final Path EXAMPLE = Path.of("..", "examples", "terraform-write");
  private static final Pattern FILE = Pattern.compile("<!-- file (.*) -->");

  @TempDir private Path temp;
  private Path root;
  private Path work;
  private WritingLab lab;
  private String address = "http://127.0.0.1:8080";
  private int played;

  @BeforeEach
  void prepare() throws Exception {
    TerraformBinary.in(temp.resolve("probe"));
    RealGit.needs("git", "--version");
    RealGit.needs("curl", "--version");
    root = temp.toRealPath();
    work = Files.createDirectories(root.resolve("work"));
    Files.createDirectories(root.resolve("srv/orders"));
    Files.createDirectories(root.resolve("srv/documents"));
    Files.writeString(root.resolve("terraform.rc"), "disable_checkpoint = true\n");
    lab = WritingLab.over(root, root.resolve("srv/policies.git"));
  }

  @AfterEach
  void stop() {
    lab.close();
  }

  @Test
  void saysWhatHappens() throws Exception {
    play(Files.readAllLines(EXAMPLE.resolve("README.md")));

    assertThat(played).isGreaterThan(20);
  }

  @Test
  void theConfigurationsAreFormattedAsTerraformDoes() throws Exception {
    TerraformBinary terraform = TerraformBinary.in(root.resolve("format"));
    for (String one : List.of("curl", "restapi")) {
      terraform.write(one + ".tf", Files.readString(EXAMPLE.resolve(one).resolve("main.tf")));
    }

    assertThat(terraform.run("fmt", "-check", "-diff").said()).isEmpty();
  }

  private void play(List<String> page) throws Exception {
    String file = "";
    String kind = "";
    List<String> block = new ArrayList<>();
    for (String line : page) {
      if (line.startsWith("```")) {
        if (kind.isEmpty()) {
          kind = line.length() > 3 ? line.substring(3) : "text";
          block.clear();
        } else {
          end(kind, file, block);
          kind = "";
          file = "";
        }
      } else if (!kind.isEmpty()) {
        block.add(line);
      } else if (FILE.matcher(line).matches()) {
        file = FILE.matcher(line).replaceFirst("$1");
      }
    }
  }

  private void end(String kind, String file, List<String> block) throws Exception {
    if (!file.isEmpty()) {
      Path target = work.resolve(file);
      Files.createDirectories(target.getParent());
      Files.writeString(target, moved(String.join("\n", block) + "\n"));
    } else if (kind.equals("console")) {
      for (int i = 0; i < block.size(); i++) {
        if (block.get(i).startsWith("$ ")) {
          int end = i + 1;
          while (end < block.size() && !block.get(end).startsWith("$ ")) {
            end++;
          }
          command(block.get(i).substring(2), block.subList(i + 1, end));
        }
      }
    }
  }

  private void command(String command, List<String> expected) throws Exception {
    played++;
    if (command.startsWith("keepset serve ")) {
      lab.serve();
      address = lab.address().toString();
      configurations();
      return;
    }
    Said said = shell(command);
    List<String> shown = new ArrayList<>(expected);
    int code = 0;
    if (!shown.isEmpty() && shown.get(shown.size() - 1).startsWith("(exit code ")) {
      code = Integer.parseInt(shown.remove(shown.size() - 1).replaceAll("\\D", ""));
    }
    assertThat(said.code()).as("%s\n%s", command, said.text()).isEqualTo(code);
    int from = 0;
    List<String> lines = said.text().lines().toList();
    for (String line : shown) {
      Pattern pattern = pattern(line);
      while (from < lines.size() && !pattern.matcher(lines.get(from)).find()) {
        from++;
      }
      assertThat(from)
          .as("%s\nshows no line '%s' in\n%s", command, line, said.text())
          .isLessThan(lines.size());
      from++;
    }
  }

  private static Pattern pattern(String line) {
    return Pattern.compile(
        Arrays.stream(line.stripTrailing().split("…", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*")));
  }

  /** The example's own, for where the server really is. */
  private void configurations() throws IOException {
    for (String one : List.of("curl", "restapi")) {
      Path folder = Files.createDirectories(work.resolve(one));
      try (Stream<Path> files = Files.list(EXAMPLE.resolve(one))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".tf")).toList()) {
          Files.writeString(folder.resolve(file.getFileName()), moved(Files.readString(file)));
        }
      }
    }
  }

  private String moved(String text) {
    return text.replace("/srv/", root + "/srv/").replace("http://127.0.0.1:8080", address);
  }

  /** What a command said, in the words of the page. */
  private record Said(int code, String text) {}

  private Said shell(String line) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", "set -o pipefail; " + moved(line))
            .directory(work.toFile())
            .redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    String path = environment.get("PATH");
    environment.clear();
    environment.put("PATH", path);
    environment.put("HOME", root.toString());
    environment.put("KEEPSET_TOKEN", WritingLab.TOKEN);
    environment.put("TF_CLI_CONFIG_FILE", root.resolve("terraform.rc").toString());
    environment.put("TF_CLI_ARGS", "-no-color");
    environment.put("TF_INPUT", "0");
    environment.put("CHECKPOINT_DISABLE", "1");
    environment.put("GIT_CONFIG_NOSYSTEM", "1");
    for (String who : List.of("AUTHOR", "COMMITTER")) {
      environment.put("GIT_" + who + "_NAME", "You");
      environment.put("GIT_" + who + "_EMAIL", "you@example.com");
    }
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Said(
        process.waitFor(),
        said.replace(root.toString(), "").replace(address, "http://127.0.0.1:8080"));
  }
}
