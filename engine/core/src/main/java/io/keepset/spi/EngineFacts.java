package io.keepset.spi;

import java.util.List;
import java.util.Set;

/**
 * What an engine can do; the docs' matrix is made from it.
 *
 * @param name as in policy files: {@code postgresql}
 * @param format of the artifact: {@code pg_dump custom}
 * @param extension of a downloaded file, with the dot: {@code .dump}
 * @param consistency what a backup shows, in one sentence
 * @param tools programs it calls
 * @param restore modes that it knows
 */
public record EngineFacts(
    String name,
    String format,
    String extension,
    String consistency,
    List<String> tools,
    Set<RestoreRequest.Mode> restore) {
  public EngineFacts {
    tools = List.copyOf(tools);
  }
}
