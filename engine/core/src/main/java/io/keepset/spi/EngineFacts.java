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
 * @param tried servers that it was tried against, each with its version, and what it was not tried
 *     against although it is meant for it: {@code Redis 7.0; no Valkey}
 * @param tools programs it calls
 * @param restore modes that it knows
 * @param others what it backs up in another way if a policy asks for that
 */
public record EngineFacts(
    String name,
    String format,
    String extension,
    String consistency,
    String tried,
    List<String> tools,
    Set<RestoreRequest.Mode> restore,
    List<Other> others) {
  public EngineFacts {
    tools = List.copyOf(tools);
    others = List.copyOf(others);
  }

  /** Of an engine that knows one way. */
  public EngineFacts(
      String name,
      String format,
      String extension,
      String consistency,
      String tried,
      List<String> tools,
      Set<RestoreRequest.Mode> restore) {
    this(name, format, extension, consistency, tried, tools, restore, List.of());
  }

  /**
   * Another way, with what is different in it.
   *
   * @param artifacts format that the facts of such an artifact have: {@link ArtifactFacts#format}
   * @param wanted what a policy asks for it by: {@code point_in_time}
   */
  public record Other(
      String artifacts,
      String wanted,
      String format,
      String extension,
      String consistency,
      String tried,
      List<String> tools,
      Set<RestoreRequest.Mode> restore) {
    public Other {
      tools = List.copyOf(tools);
    }
  }

  /** Of a downloaded file whose facts are these, with the dot. */
  public String extension(ArtifactFacts artifact) {
    return others.stream()
        .filter(other -> other.artifacts().equals(artifact.format()))
        .map(Other::extension)
        .findFirst()
        .orElse(extension);
  }
}
