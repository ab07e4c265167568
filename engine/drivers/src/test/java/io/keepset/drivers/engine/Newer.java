package io.keepset.drivers.engine;

import io.keepset.spi.ArtifactFacts;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An artifact that is too new for the lab's server.
 *
 * @param refused its facts
 * @param artifact its version, as a message names it
 * @param server the server's version, likewise
 * @param allowed facts of an artifact of the oldest or newest version that still may go there
 */
public record Newer(ArtifactFacts refused, String artifact, String server, ArtifactFacts allowed) {
  /** The same facts with another value. */
  public static ArtifactFacts with(ArtifactFacts facts, String key, String value) {
    SortedMap<String, String> values = new TreeMap<>(facts.values());
    values.put(key, value);
    return new ArtifactFacts(facts.format(), values);
  }
}
