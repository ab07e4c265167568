package io.keepset.source;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;

/**
 * YAML into the tree, from the parser's events: nothing is ever constructed from a tag. What plain
 * text means is said by {@link YamlScalar}. Aliases are followed as long as they add few nodes;
 * merge keys and tags are refused, since the other spellings have nothing like them. The first
 * mistake in syntax ends the reading.
 */
final class YamlReader {
  /** Nodes that all aliases of a file together may add. */
  static final int MOST_ALIASED = 10_000;

  /** What an anchor names, with what an alias to it costs. */
  private record Anchored(Node node, int size, int depth) {}

  /** Thrown after the reason was added to the problems. */
  private static final class Unreadable extends RuntimeException {
    Unreadable() {
      super(null, null, false, false);
    }
  }

  private final SourceText text;
  private final Limits limits;
  private final Problems problems;
  private final YamlEvents events;
  private final YamlComments comments;

  /** An anchor whose node is still being read has no value yet. */
  private final Map<String, @Nullable Anchored> anchors = new HashMap<>();

  /** Nodes read so far, those behind aliases counted each time; and the share of the aliases. */
  private int nodes;

  private int aliased;
  private int deepest;

  YamlReader(SourceText text, Limits limits, Problems problems) {
    this.text = text;
    this.limits = limits;
    this.problems = problems;
    this.events = new YamlEvents(text.text(), limits);
    this.comments = new YamlComments(text);
  }

  /** The tree, or null after a problem or in a file without any content. */
  @Nullable Node read() {
    try {
      events.take(); // the start of the stream
      if (events.comes(Event.ID.StreamEnd)) {
        return null;
      }
      events.take(); // the start of the document
      boolean empty = events.peek() instanceof ScalarEvent s && isNothing(s);
      Node root = node(1);
      events.take(); // the end of the document
      if (!events.comes(Event.ID.StreamEnd)) {
        throw fail(
            error("documents", "a second YAML document begins here", at(events.peek()))
                .withHint("put it into a file of its own"));
      }
      if (empty) {
        return null;
      }
      return root instanceof MapNode map ? Comments.attach(map, comments.found()) : root;
    } catch (YAMLException e) {
      problems.addBreaking(YamlMistakes.explain(e, text));
      return null;
    } catch (Unreadable e) {
      return null;
    }
  }

  private static boolean isNothing(ScalarEvent scalar) {
    return scalar.isPlain() && scalar.getValue().isEmpty();
  }

  private Node node(int depth) {
    Event event = events.take();
    if (event instanceof AliasEvent alias) {
      return alias(alias, depth);
    }
    String anchor = ((NodeEvent) event).getAnchor();
    if (anchor != null) {
      anchors.put(anchor, null);
    }
    int nodesBefore = nodes++;
    int deepestBefore = deepest;
    deepest = depth;
    Node node;
    if (event instanceof ScalarEvent scalar) {
      checkTag(scalar.getTag(), event);
      node = scalar(scalar);
    } else if (event instanceof MappingStartEvent map) {
      checkTag(map.getTag(), event);
      node = map(at(event), deeper(event, depth));
    } else if (event instanceof SequenceStartEvent list) {
      checkTag(list.getTag(), event);
      node = list(at(event), deeper(event, depth));
    } else {
      throw new IllegalStateException("no node begins with " + event);
    }
    if (anchor != null) {
      anchors.put(anchor, new Anchored(node, nodes - nodesBefore, deepest - depth));
    }
    deepest = Math.max(deepest, deepestBefore);
    return node;
  }

  private int deeper(Event event, int depth) {
    if (depth > limits.depth()) {
      throw fail(Mistakes.tooDeep(at(event), limits));
    }
    return depth + 1;
  }

  private ScalarNode scalar(ScalarEvent event) {
    comments.skip(event);
    Location at = at(event);
    if (!event.isPlain()) {
      return new ScalarNode(at, event.getValue());
    }
    YamlScalar read = YamlScalar.of(event.getValue());
    if (read.mistake() != null) {
      problems.addBreaking(
          Diagnostic.error("source.number", read.mistake(), at)
              .withHint("put it in quotes if it is text"));
    }
    return new ScalarNode(at, read.value());
  }

  private ListNode list(Location at, int depth) {
    List<Node> items = new ArrayList<>();
    while (!events.comes(Event.ID.SequenceEnd)) {
      items.add(node(depth));
    }
    events.take();
    return new ListNode(at, items);
  }

  private MapNode map(Location at, int depth) {
    List<MapNode.Entry> entries = new ArrayList<>();
    Map<String, Location> seen = new HashMap<>();
    while (!events.comes(Event.ID.MappingEnd)) {
      Event keyEvent = events.peek();
      Location keyAt = at(keyEvent);
      boolean plain = keyEvent instanceof ScalarEvent scalar && scalar.isPlain();
      Node keyNode = node(depth);
      Node value = node(depth);
      String key = key(keyNode, plain, keyAt);
      if (key == null) {
        continue; // reported; the value was read to get past it
      }
      Location first = seen.putIfAbsent(key, keyAt);
      if (first != null) {
        problems.addDuplicate(key, keyAt, first);
      } else {
        entries.add(new MapNode.Entry(key, keyAt, value));
      }
    }
    events.take();
    return new MapNode(at, entries);
  }

  /** The key's text, or null after the reason was added to the problems. */
  private @Nullable String key(Node node, boolean plain, Location at) {
    if (!(node instanceof ScalarNode scalar)) {
      problems.addBreaking(
          error("key", "a key must be text, found " + node.kind(), at)
              .withHint("write key: value; to nest, put the value on the lines below the key"));
      return null;
    }
    if (!(scalar.value() instanceof String key)) {
      String found = scalar.value() == null ? "nothing" : scalar.kind();
      problems.addBreaking(
          error("key", "a key must be text, found " + found, at)
              .withHint("put the key in quotes: \"" + scalar.text() + "\""));
      return null;
    }
    if (plain && key.equals("<<")) {
      problems.addBreaking(
          error("merge", "Keepset has no merge keys (<<)", at)
              .withHint("share settings by a policy, an environment or keepset.defaults"));
      return null;
    }
    return key;
  }

  private Node alias(AliasEvent event, int depth) {
    String name = event.getAnchor();
    if (!anchors.containsKey(name)) {
      throw fail(
          error("alias", "no anchor &" + name + " stands before the alias *" + name, at(event))
              .withHint("text that begins with * must be in quotes"));
    }
    Anchored anchored = anchors.get(name);
    if (anchored == null) {
      throw fail(
          error("alias", "the alias *" + name + " stands inside of what it names", at(event)));
    }
    aliased += anchored.size();
    nodes += anchored.size();
    deepest = Math.max(deepest, depth + anchored.depth());
    if (aliased > MOST_ALIASED) {
      throw fail(
          error(
                  "alias",
                  "the aliases of this file repeat more than " + MOST_ALIASED + " values",
                  at(event))
              .withHint("share settings by a policy or an environment instead of aliases"));
    }
    if (depth + anchored.depth() > limits.depth() + 1) {
      throw fail(Mistakes.tooDeep(at(event), limits));
    }
    return anchored.node();
  }

  private void checkTag(@Nullable String tag, Event event) {
    if (tag != null) {
      problems.addBreaking(
          error("tag", "Keepset has no YAML tags", at(event))
              .withHint("remove the tag; put a value in quotes to make it text"));
    }
  }

  private Location at(Event event) {
    Mark mark = event.getStartMark();
    return text.atCodePoint(mark.getIndex());
  }

  private static Diagnostic error(String code, String message, Location at) {
    return Diagnostic.error("source.yaml." + code, message, at);
  }

  private Unreadable fail(Diagnostic diagnostic) {
    problems.addBreaking(diagnostic);
    return new Unreadable();
  }
}
