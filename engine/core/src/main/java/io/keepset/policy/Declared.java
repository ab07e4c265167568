package io.keepset.policy;

import io.keepset.diagnostic.Location;
import io.keepset.source.MapNode;

/**
 * A named block as it was written, checked against the schema.
 *
 * @param kind {@code policy}, {@code hold}, …
 * @param at where its name stands
 */
public record Declared(String kind, String name, MapNode body, Location at) {}
