package io.keepset.source;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.diagnostic.Validated;
import java.util.List;

/**
 * The one way in which Keepset writes and reads JSON, be it a policy file, a manifest, a plan file
 * or an answer over HTTP. Keys keep their order. Comments are not written.
 */
public final class JsonText {
  private final StringBuilder out = new StringBuilder();
  private final boolean pretty;

  private JsonText(boolean pretty) {
    this.pretty = pretty;
  }

  /** Over several lines, two blanks a level, with a line end at the end. */
  public static String write(Node node) {
    JsonText text = new JsonText(true);
    text.node(node, 0);
    return text.out.append('\n').toString();
  }

  /** In one line without any blank between tokens and without a line end. */
  public static String writeCompact(Node node) {
    JsonText text = new JsonText(false);
    text.node(node, 0);
    return text.out.toString();
  }

  /**
   * Reads a JSON document of any shape, up to 64 MiB, 200 levels and 1.5 million values. The path
   * is for messages only.
   */
  public static Validated<Node> read(SourceFile file) {
    Problems problems = new Problems();
    SourceText text = SourceText.decode(file, Limits.DOCUMENT, problems);
    Node root = text == null ? null : new JsonReader(text, Limits.DOCUMENT, problems).read();
    if (root == null && !problems.broken()) {
      problems.addBreaking(
          Diagnostic.error(
              "source.json.syntax",
              "the file holds no JSON value",
              new Location(file.path(), 1, 1)));
    }
    return new Validated<>(problems.broken() ? null : root, problems.all());
  }

  private void node(Node node, int level) {
    if (node instanceof MapNode map) {
      map(map, level);
    } else if (node instanceof ListNode list) {
      list(list, level);
    } else if (node instanceof ScalarNode scalar) {
      if (scalar.value() instanceof String string) {
        quote(out, string);
      } else {
        out.append(scalar.text());
      }
    }
  }

  private void map(MapNode map, int level) {
    out.append('{');
    List<MapNode.Entry> entries = map.entries();
    for (int i = 0; i < entries.size(); i++) {
      separate(i, level + 1);
      quote(out, entries.get(i).key());
      out.append(pretty ? ": " : ":");
      node(entries.get(i).value(), level + 1);
    }
    close(entries.isEmpty(), level, '}');
  }

  private void list(ListNode list, int level) {
    out.append('[');
    for (int i = 0; i < list.items().size(); i++) {
      separate(i, level + 1);
      node(list.items().get(i), level + 1);
    }
    close(list.items().isEmpty(), level, ']');
  }

  private void separate(int index, int level) {
    if (index > 0) {
      out.append(',');
    }
    indent(level);
  }

  private void close(boolean empty, int level, char bracket) {
    if (!empty) {
      indent(level);
    }
    out.append(bracket);
  }

  private void indent(int level) {
    if (pretty) {
      out.append('\n').append("  ".repeat(level));
    }
  }

  private static void quote(StringBuilder out, String string) {
    out.append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (isHalfPair(string, i) || (!Character.isSurrogate(c) && !Words.visible(c))) {
            out.append("\\u").append(Words.name(c), 2, 6);
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private static boolean isHalfPair(String string, int i) {
    char c = string.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == string.length() || !Character.isLowSurrogate(string.charAt(i + 1));
    }
    return Character.isLowSurrogate(c)
        && (i == 0 || !Character.isHighSurrogate(string.charAt(i - 1)));
  }
}
