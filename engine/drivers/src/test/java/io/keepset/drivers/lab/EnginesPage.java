package io.keepset.drivers.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code docs/ENGINES.md}, so that what it says is what is tried. */
public final class EnginesPage {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```\\w*\n(.*?)^```$");

  private EnginesPage() {}

  /**
   * Blocks of code in an engine's section.
   *
   * @param beginning of those that are wanted
   */
  public static List<String> blocks(String engine, String beginning) throws IOException {
    String page = Files.readString(Path.of("../../docs/ENGINES.md"));
    String section = page.split("(?m)^## " + engine + "$", 2)[1].split("(?m)^## ", 2)[0];
    List<String> found = new ArrayList<>();
    for (Matcher block = BLOCK.matcher(section); block.find(); ) {
      if (block.group(1).startsWith(beginning)) {
        found.add(block.group(1).strip());
      }
    }
    if (found.isEmpty()) {
      throw new IllegalStateException("the page says nothing of " + beginning + " for " + engine);
    }
    return found;
  }

  /** The same, line by line; comments are left out. */
  public static List<String> lines(String engine, String beginning) throws IOException {
    return blocks(engine, beginning).stream()
        .flatMap(String::lines)
        .map(line -> line.replaceFirst("\\s*-- .*$", "").strip())
        .filter(line -> !line.isEmpty())
        .toList();
  }

  /** The words of a command line, as a shell takes them. */
  public static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    for (String word : line.split(" +", -1)) {
      words.add(word.replaceAll("^'|'$", ""));
    }
    return words;
  }
}
