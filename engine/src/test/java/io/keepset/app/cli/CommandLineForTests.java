package io.keepset.app.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;

/** Runs commands in this process and keeps what they print. */
public final class CommandLineForTests {
  public static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  private final Map<String, String> environment = new HashMap<>();
  private Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
  private String input = "";
  private Terminal terminal = Terminal.NONE;

  /** What a command left behind. */
  public record Result(int code, String out, String err) {}

  public CommandLineForTests(Path data) {
    environment.put("KEEPSET_DATA", data.toString());
  }

  public CommandLineForTests with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  public CommandLineForTests at(Clock newClock) {
    clock = newClock;
    return this;
  }

  /** As if somebody sat at a terminal and typed this. */
  public CommandLineForTests typing(String lines) {
    input = lines;
    terminal = new Terminal(true, true, true, false);
    return this;
  }

  public CommandLineForTests on(Terminal newTerminal) {
    terminal = newTerminal;
    return this;
  }

  public Result run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), out, err, terminal);
    int code;
    try (Shell shell = new Shell(console, new GlobalOptions(environment), clock, environment)) {
      code = new CommandRunner(shell).run(args);
    }
    return new Result(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
