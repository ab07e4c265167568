package io.keepset.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Free-form settings of an engine, a platform or a store, checked by its own schema before they get
 * here. Nested maps are flattened with dots ({@code tls.ca}), lists with indices ({@code
 * exclude[0]}). Secrets are references ({@code env:NAME}), never values.
 */
public record Options(SortedMap<String, String> values) {
  public static final Options NONE = new Options(new TreeMap<>());

  public Options {
    values = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }

  public static Options of(Map<String, String> values) {
    return new Options(new TreeMap<>(values));
  }

  public Optional<String> get(String key) {
    return Optional.ofNullable(values.get(key));
  }

  public String get(String key, String otherwise) {
    return values.getOrDefault(key, otherwise);
  }

  public boolean flag(String key, boolean otherwise) {
    return get(key).map(Boolean::parseBoolean).orElse(otherwise);
  }

  /** The items of a list, in order; empty if there is none. */
  public List<String> list(String key) {
    List<String> items = new ArrayList<>();
    for (int i = 0; values.containsKey(key + "[" + i + "]"); i++) {
      items.add(values.get(key + "[" + i + "]"));
    }
    return List.copyOf(items);
  }

  public Options with(String key, String value) {
    TreeMap<String, String> copy = new TreeMap<>(values);
    copy.put(key, value);
    return new Options(copy);
  }
}
