package io.keepset.diagnostic;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Lines of source files by place; each file is split once. */
final class Excerpts {
  private final Function<String, Optional<String>> textOf;
  private final Map<String, List<String>> lines = new HashMap<>();

  Excerpts(Function<String, Optional<String>> textOf) {
    this.textOf = textOf;
  }

  Optional<String> line(Location at) {
    List<String> all = lines.computeIfAbsent(at.file(), this::split);
    return at.line() <= all.size() ? Optional.of(all.get(at.line() - 1)) : Optional.empty();
  }

  private List<String> split(String file) {
    return textOf
        .apply(file)
        .map(text -> text.startsWith("\ufeff") ? text.substring(1) : text)
        .map(text -> List.of(text.split("\r\n|\r|\n", -1)))
        .orElse(List.of());
  }
}
