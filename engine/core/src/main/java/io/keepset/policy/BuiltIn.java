package io.keepset.policy;

import io.keepset.source.MapNode;
import io.keepset.source.Readers;
import io.keepset.source.SourceFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Policies that can be named without being written. */
public final class BuiltIn {
  private static final List<String> NAMES =
      List.of("aptible-non-production", "aptible-production", "compose");

  private BuiltIn() {}

  /** In alphabetical order. */
  public static List<String> names() {
    return NAMES;
  }

  /** A policy file with this one policy, commented, as YAML to start from. */
  public static Optional<String> yaml(String name) {
    return NAMES.contains(name) ? Optional.of(text(name)) : Optional.empty();
  }

  static Optional<Declared> policy(String name) {
    return yaml(name).map(text -> read(name, text));
  }

  private static Declared read(String name, String text) {
    MapNode file =
        Readers.read(
                new SourceFile("built-in/" + name + ".yaml", text.getBytes(StandardCharsets.UTF_8)))
            .valid()
            .orElseThrow(() -> new IllegalStateException("built-in policy is broken: " + name));
    MapNode.Entry entry = file.map("policy").flatMap(map -> map.entry(name)).orElseThrow();
    return new Declared("policy", name, (MapNode) entry.value(), entry.keyAt());
  }

  private static String text(String name) {
    try (InputStream in = BuiltIn.class.getResourceAsStream("built-in/" + name + ".yaml")) {
      if (in == null) {
        throw new IllegalStateException("built-in policy is not packed: " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
