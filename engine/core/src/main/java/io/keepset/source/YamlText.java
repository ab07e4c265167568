package io.keepset.source;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a tree as YAML as people write it: two blanks a level, short lists of plain values in one
 * line, text in quotes where some reader could take it for something else. Comments are written
 * where they stood.
 */
public final class YamlText extends CommentedText {
  private static final int WIDTH = 80;

  private YamlText() {}

  public static String write(MapNode tree) {
    YamlText text = new YamlText();
    text.body(tree, 0);
    return tree.isEmpty() ? text.out + "{}\n" : text.out.toString();
  }

  private void body(MapNode map, int level) {
    for (MapNode.Entry entry : map.entries()) {
      entry(entry, level, true);
    }
    comments(map.closingComments(), level);
  }

  /**
   * @param indented false for the first entry of a map in a list, which stands beside the dash
   */
  private void entry(MapNode.Entry entry, int level, boolean indented) {
    if (indented) {
      comments(entry.commentsBefore(), level);
      indent(level);
    }
    String key = YamlQuotes.quote(entry.key());
    if (key.length() > YamlQuotes.LONGEST_KEY) {
      out.append("? ").append(key).append('\n');
      indent(level);
      key = "";
    }
    out.append(key).append(':');
    value(entry.value(), level, entry.commentAfter());
  }

  /** Everything after the colon or the dash, up to and with the line end. */
  private void value(Node value, int level, @Nullable String comment) {
    String inline = inline(value, level);
    if (inline != null) {
      out.append(' ').append(inline);
      lineEnd(comment);
    } else if (value instanceof MapNode map) {
      lineEnd(comment);
      body(map, level + 1);
    } else if (value instanceof ListNode list) {
      lineEnd(comment);
      items(list, level + 1);
    } else {
      block(((ScalarNode) value).text(), level + 1, comment);
    }
  }

  private void items(ListNode list, int level) {
    for (Node item : list.items()) {
      boolean map = item instanceof MapNode m && !m.isEmpty();
      if (map) {
        comments(((MapNode) item).entries().get(0).commentsBefore(), level);
      }
      indent(level);
      out.append('-');
      if (map) {
        mapItem((MapNode) item, level + 1);
      } else {
        value(item, level, null);
      }
    }
  }

  private void mapItem(MapNode map, int level) {
    out.append(' ');
    boolean first = true;
    for (MapNode.Entry entry : map.entries()) {
      entry(entry, level, !first);
      first = false;
    }
    comments(map.closingComments(), level);
  }

  /** The value as it stands in one line, or null if it needs several. */
  private @Nullable String inline(Node value, int level) {
    if (value instanceof MapNode map) {
      return map.isEmpty() && map.closingComments().isEmpty() ? "{}" : null;
    }
    if (value instanceof ListNode list) {
      return inline(list, WIDTH - 2 * level - 20);
    }
    ScalarNode scalar = (ScalarNode) value;
    if (!(scalar.value() instanceof String text)) {
      return scalar.text();
    }
    return YamlQuotes.fitsBlock(text) ? null : YamlQuotes.quote(text);
  }

  private static @Nullable String inline(ListNode list, int room) {
    StringBuilder line = new StringBuilder("[");
    List<Node> items = list.items();
    for (Node item : items) {
      if (!(item instanceof ScalarNode scalar) || line.length() > room) {
        return null;
      }
      line.append(line.length() > 1 ? ", " : "");
      line.append(scalar.value() instanceof String text ? YamlQuotes.quote(text) : scalar.text());
    }
    return line.length() > room && items.size() > 1 ? null : line.append(']').toString();
  }

  private void block(String text, int level, @Nullable String comment) {
    out.append(" |");
    lineEnd(comment);
    for (String line : text.substring(0, text.length() - 1).split("\n", -1)) {
      if (!line.isEmpty()) {
        indent(level);
        out.append(line);
      }
      out.append('\n');
    }
  }
}
