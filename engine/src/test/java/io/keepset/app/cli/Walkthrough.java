package io.keepset.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keepset.app.LocalState;
import io.keepset.app.terraform.ServedKeepset;
import io.keepset.app.terraform.TerraformBinary;
import io.keepset.policy.Protection;
import io.keepset.policy.Schedule;
import io.keepset.retention.BackupKind;
import io.keepset.runner.Expiry;
import io.keepset.spi.DriverException;
import io.keepset.spi.Progress;
import io.keepset.spi.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Plays a README: runs the commands in its {@code console} blocks and writes down what they really
 * say, so that what stands there can be compared. Comments of the page move the clock and prepare
 * what a reader has at home:
 *
 * <ul>
 *   <li>{@code <!-- at 2026-11-21T12:00:00Z -->} sets the clock;
 *   <li>{@code <!-- file policies/a.yaml -->} before a block writes it into that file;
 *   <li>{@code <!-- nightly documents until 2026-11-21T01:30:00Z -->} lets the schedule of a
 *       database run till then, each time with a little more in {@code /srv/<database>};
 *   <li>{@code <!-- copy main.tf -->} copies a file of the example;
 *   <li>{@code <!-- serve states -->} starts a server, which stands at 127.0.0.1:8080 on the page,
 *       and skips the test if there is no Terraform to talk to it;
 *   <li>{@code <!-- retention at 2026-11-21T12:00:00Z -->} sets the clock and lets expiry run.
 * </ul>
 *
 * <p>Paths below {@code /srv} and {@code /var/lib/keepset} are moved into a directory of the test
 * and back again; commits and the random ends of ids become stable ones.
 */
final class Walkthrough implements AutoCloseable {
  private static final Pattern DIRECTIVE = Pattern.compile("<!-- (\\w+) (.*) -->");
  private static final Pattern ID_END = Pattern.compile("(-\\d{8}T\\d{6}Z)-[a-z0-9]{4}\\b");
  private static final Pattern COMMIT = Pattern.compile("\\b(commit |\\[main )([0-9a-f]{7,40})\\b");

  /** The hash of a plan that creates covers paths, and ours lie elsewhere in each run. */
  private static final Pattern CREATING =
      Pattern.compile("(?<lead>Plan: [1-9][0-9]* to create[^\\n]*\\n+Plan hash )[0-9a-f]{12}");

  private static final String SERVED = "127.0.0.1:8080";

  private static final List<String> MOVED = List.of("/srv/", "/var/lib/keepset");

  private final Path root;
  private final Path work;
  private final CommandLineForTests commands;
  private final Map<String, String> commits = new TreeMap<>();
  private final Map<String, String> ids = new TreeMap<>();
  private final StringBuilder page = new StringBuilder();
  private Instant now = CommandLineForTests.NOW;
  private String nextFile = "";
  private final Path example;
  private final Map<String, String> variables = new TreeMap<>();
  private @Nullable ServedKeepset server;

  /**
   * @param root an empty directory
   * @param example where the page is
   */
  Walkthrough(Path root, Path example) throws IOException {
    this.root = root;
    this.example = example;
    this.work = Files.createDirectories(root.resolve("backups"));
    this.commands = new CommandLineForTests(data());
  }

  private Path data() {
    return root.resolve("var/lib/keepset");
  }

  /** The page as it would read if it were true. */
  String play(String readme) throws Exception {
    List<String> block = new ArrayList<>();
    String kind = "";
    for (String line : readme.split("\n", -1)) {
      if (line.startsWith("```") && kind.isEmpty()) {
        kind = line.length() > 3 ? line.substring(3) : "text";
        block.clear();
        say(line);
      } else if (line.equals("```")) {
        end(kind, block);
        kind = "";
        say(line);
      } else if (!kind.isEmpty()) {
        block.add(line);
      } else {
        say(line);
        direct(line);
      }
    }
    page.setLength(page.length() - 1);
    return page.toString();
  }

  private void serve() throws Exception {
    variables.putAll(TerraformBinary.in(root.resolve("terraform")).environment());
    variables.put("TF_HTTP_PASSWORD", ServedKeepset.TOKEN);
    Path policies = Files.createDirectories(root.resolve("policies"));
    server = ServedKeepset.start(data(), policies, new Moving(), Map.of());
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
  }

  private void say(String line) {
    page.append(line).append('\n');
  }

  private void direct(String line) throws Exception {
    Matcher directive = DIRECTIVE.matcher(line);
    if (!directive.matches()) {
      return;
    }
    String rest = directive.group(2);
    switch (directive.group(1)) {
      case "at" -> now = Instant.parse(rest);
      case "file" -> nextFile = rest;
      case "copy" ->
          Files.writeString(work.resolve(rest), moved(Files.readString(example.resolve(rest))));
      case "serve" -> serve();
      case "nightly" -> {
        String[] words = rest.split(" until ", 2);
        nightly(words[0], Instant.parse(words[1]));
      }
      case "retention" -> {
        now = Instant.parse(rest.substring("at ".length()));
        onState(state -> new Expiry(state.ports()).all());
      }
      default -> throw new IllegalArgumentException("an unknown directive: " + line);
    }
  }

  private void end(String kind, List<String> block) throws Exception {
    if (!nextFile.isEmpty()) {
      Path file = work.resolve(nextFile);
      Files.createDirectories(file.getParent());
      Files.writeString(file, moved(String.join("\n", block) + "\n"));
      nextFile = "";
      block.forEach(this::say);
    } else if (kind.equals("console")) {
      for (String line : block) {
        if (line.startsWith("$ ")) {
          say(line);
          page.append(stable(run(line.substring(2))));
        }
      }
    } else {
      block.forEach(this::say);
    }
  }

  private String run(String line) throws IOException, InterruptedException {
    if (!line.startsWith("keepset ")) {
      return shell(line);
    }
    int to = Math.max(line.indexOf(" > "), line.indexOf(" | "));
    List<String> words = words(moved(to < 0 ? line : line.substring(0, to)));
    List<String> arguments = new ArrayList<>(words.subList(1, words.size()));
    boolean placed = arguments.contains("--ref");
    arguments.addAll(0, List.of("--git", work.toString()));
    if (!placed) {
      arguments.addAll(0, List.of("--ref", "main"));
    }
    CommandLineForTests.Result result =
        commands.at(Clock.fixed(now, ZoneOffset.UTC)).run(arguments.toArray(new String[0]));
    String code = result.code() == 0 ? "" : "(exit code " + result.code() + ")\n";
    if (to < 0) {
      return result.out() + result.err() + code;
    }
    Path said = Files.writeString(root.resolve("said"), result.out());
    return shell("cat " + said + line.substring(to)) + result.err() + code;
  }

  private String shell(String line) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("bash", "-c", moved(line)).directory(work.toFile());
    builder.redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.putAll(variables);
    environment.put("HOME", root.toString());
    environment.put("GIT_CONFIG_NOSYSTEM", "1");
    for (String who : List.of("AUTHOR", "COMMITTER")) {
      environment.put("GIT_" + who + "_NAME", "You");
      environment.put("GIT_" + who + "_EMAIL", "you@example.com");
      environment.put("GIT_" + who + "_DATE", now.toString());
    }
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    int code = process.waitFor();
    return said + (code == 0 ? "" : "(exit code " + code + ")\n");
  }

  private void nightly(String database, Instant until) throws Exception {
    onState(
        state -> {
          Protection protection = state.catalogue().protection(database).orElseThrow();
          Schedule schedule =
              protection.schedules().values().stream()
                  .min(Comparator.comparing(Schedule::name))
                  .orElseThrow();
          Path growing = root.resolve("srv/" + database + "/journal.txt");
          Instant run = schedule.next(database, now);
          while (!run.isAfter(until)) {
            now = run;
            append(growing, "What was done before " + run + "\n");
            state
                .runner()
                .operations()
                .orElseThrow()
                .create(database, BackupKind.SCHEDULED, Progress.NONE);
            run = schedule.next(database, now);
          }
        });
    now = until;
  }

  private static void append(Path file, String line) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Work {
    void on(LocalState state) throws DriverException;
  }

  private void onState(Work what) throws DriverException {
    try (LocalState state =
        LocalState.open(
            data(),
            new Moving(),
            Secret::new,
            Map.of(),
            (severity, subject, message) -> {},
            note -> {})) {
      what.on(state);
    }
  }

  /** Reads {@link #now} as it is when it is asked. */
  private final class Moving extends Clock {
    @Override
    public java.time.ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  private String moved(String text) {
    String result = text;
    for (String path : MOVED) {
      result = result.replace(path, root + path);
    }
    for (Map.Entry<String, String> id : ids.entrySet()) {
      result = result.replace(id.getKey(), id.getValue());
    }
    if (server != null) {
      result = result.replace(SERVED, server.address().getAuthority());
    }
    return result;
  }

  private String stable(String said) {
    String text = said.replace(root + "/backups", ".").replace(root.toString(), "");
    if (server != null) {
      text = text.replace(server.address().getAuthority(), SERVED);
    }
    text = CREATING.matcher(text).replaceAll("${lead}165afdbd3fb7");
    text =
        ID_END
            .matcher(text)
            .replaceAll(
                id -> {
                  String stable = id.group(1) + "-" + letters(id.group(1));
                  ids.put(stable, id.group());
                  return stable;
                });
    Matcher commit = COMMIT.matcher(text);
    return commit.replaceAll(
        found -> {
          String brief = found.group(2).substring(0, 7);
          String stable = commits.computeIfAbsent(brief, unused -> commitName(commits.size()));
          return found.group(1) + stable;
        });
  }

  private static String letters(String time) {
    int hash = time.hashCode();
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      letters.append("abcdefghijklmnopqrstuvwxyz234567".charAt(hash >>> (5 * i) & 31));
    }
    return letters.toString();
  }

  private static String commitName(int n) {
    return HexFormat.of().toHexDigits(0x3fa9c1e5_7d20b846L * (2L * n + 1)).substring(0, 7);
  }

  /** As a shell would split it: quotes keep blanks. */
  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    Matcher word = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)").matcher(line);
    while (word.find()) {
      words.add(
          word.group(1) != null
              ? word.group(1)
              : word.group(2) != null ? word.group(2) : word.group(3));
    }
    return words;
  }

  static SortedMap<String, Path> pages(Path examples) throws IOException {
    SortedMap<String, Path> pages = new TreeMap<>();
    try (var folders = Files.list(examples)) {
      for (Path folder : folders.toList()) {
        Path readme = folder.resolve("README.md");
        if (Files.exists(readme) && Files.readString(readme).contains("<!-- at ")) {
          pages.put(folder.getFileName().toString(), readme);
        }
      }
    }
    return pages;
  }
}
