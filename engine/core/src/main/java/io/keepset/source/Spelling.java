package io.keepset.source;

import java.util.Locale;
import java.util.Optional;

/** The three ways to write down the same policy tree. */
public enum Spelling {
  YAML,
  HCL,
  JSON;

  /** By the extension of a path: {@code .yaml}, {@code .yml}, {@code .hcl} or {@code .json}. */
  public static Optional<Spelling> of(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    String extension = name.substring(Math.max(0, name.lastIndexOf('.')));
    return switch (extension.toLowerCase(Locale.ROOT)) {
      case ".yaml", ".yml" -> Optional.of(YAML);
      case ".hcl" -> Optional.of(HCL);
      case ".json" -> Optional.of(JSON);
      default -> Optional.empty();
    };
  }

  /** The word as it stands in a command: {@code yaml}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
