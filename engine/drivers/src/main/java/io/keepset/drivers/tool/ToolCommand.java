package io.keepset.drivers.tool;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A program to run: never through a shell, never with a secret among its arguments.
 *
 * @param program file to execute
 * @param environment beside the few variables of ours that every tool gets
 * @param scrubber cleans what the tool prints on stderr
 * @param silence how long the tool may keep us waiting for output, or for its end, before it counts
 *     as hung
 */
public record ToolCommand(
    Path program,
    List<String> arguments,
    SortedMap<String, String> environment,
    Scrubber scrubber,
    Duration silence) {
  /** Long enough for the slowest catalogue query; a dump that says nothing for longer is hung. */
  public static final Duration PATIENCE = Duration.ofMinutes(15);

  public ToolCommand {
    arguments = List.copyOf(arguments);
    environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
  }

  public static ToolCommand of(Path program, String... arguments) {
    return new ToolCommand(
        program, List.of(arguments), new TreeMap<>(), Scrubber.NONE, Duration.ofSeconds(30));
  }

  public String name() {
    return String.valueOf(program.getFileName());
  }
}
