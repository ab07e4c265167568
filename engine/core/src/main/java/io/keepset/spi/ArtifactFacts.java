package io.keepset.spi;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an engine says about an artifact it made; kept in the manifest beside it.
 *
 * @param format {@code pg_dump-custom}, {@code tar.gz}, …
 * @param values engine's own: {@code server_version}, {@code tool_version}, {@code tables}, …
 */
public record ArtifactFacts(String format, SortedMap<String, String> values) {
  public ArtifactFacts {
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }
}
