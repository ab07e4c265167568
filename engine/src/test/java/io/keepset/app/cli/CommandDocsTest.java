package io.keepset.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code docs/commands.md} is what the commands say about themselves. */
class CommandDocsTest {
  private static final Path DOCS = Path.of("..", "docs", "commands.md");

  @Test
  void theDocsSayWhatHelpSays() throws IOException {
    String now = text();
    if (Boolean.getBoolean("keepset.rewrite")) {
      Files.writeString(DOCS, now);
    }
    assertThat(Files.readString(DOCS))
        .as("write it anew with -Dkeepset.rewrite=true")
        .isEqualTo(now);
  }

  @Test
  void everyCommandSaysWhatItDoes() {
    everyCommand(tree());
  }

  private static void everyCommand(CommandLine line) {
    assertThat(line.getCommandSpec().usageMessage().description())
        .as(line.getCommandSpec().qualifiedName())
        .isNotEmpty();
    line.getSubcommands().values().forEach(CommandDocsTest::everyCommand);
  }

  private static String text() {
    StringBuilder text = new StringBuilder("# Commands\n\nWhat `--help` says, in one place.\n\n");
    append(tree(), text, 2);
    return text.toString();
  }

  private static void append(CommandLine line, StringBuilder text, int level) {
    text.append("#".repeat(Math.min(level, 4)))
        .append(' ')
        .append(line.getCommandSpec().qualifiedName())
        .append("\n\n```\n");
    line.getUsageMessage().lines().forEach(l -> text.append(l.stripTrailing()).append('\n'));
    text.append("```\n\n");
    line.getSubcommands().values().forEach(sub -> append(sub, text, level + 1));
  }

  private static CommandLine tree() {
    Console console =
        new Console(
            java.io.InputStream.nullInputStream(),
            OutputStream.nullOutputStream(),
            OutputStream.nullOutputStream(),
            Terminal.NONE);
    CommandLine line =
        Commands.tree(new Shell(console, new GlobalOptions(Map.of()), Clock.systemUTC(), Map.of()));
    CommandSettings.apply(line);
    return line;
  }
}
