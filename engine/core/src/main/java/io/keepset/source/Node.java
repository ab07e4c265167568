package io.keepset.source;

import io.keepset.diagnostic.Location;

/**
 * A node of the one tree that YAML, HCL and JSON end in. Immutable. Two nodes are equal when they
 * say the same, wherever they stand: places and comments take no part in {@code equals}.
 */
public sealed interface Node permits MapNode, ListNode, ScalarNode {
  /** Where the node begins. */
  Location at();

  /**
   * What people call this kind of node in messages: {@code a map}, {@code a list}, {@code text}.
   */
  String kind();
}
