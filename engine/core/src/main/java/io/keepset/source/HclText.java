package io.keepset.source;

import java.util.List;
import java.util.Set;

/**
 * Writes a tree as HCL: maps as blocks where their keys allow it, as values in braces otherwise.
 * Comments are written where they stood, those of a value in braces before it.
 */
public final class HclText extends CommentedText {
  /** Kinds of block that carry a name. It is a matter of looks: any choice reads back the same. */
  private static final Set<String> LABELLED =
      Set.of(
          "environment",
          "policy",
          "instance",
          "database",
          "store",
          "hold",
          "compliance",
          "approval",
          "excluded",
          "schedule",
          "copy");

  private static final int WIDTH = 80;

  private HclText() {}

  /**
   * @throws IllegalArgumentException if {@link #unsayable} finds something
   */
  public static String write(MapNode tree) {
    List<MapNode.Entry> unsayable = unsayable(tree);
    if (!unsayable.isEmpty()) {
      throw new IllegalArgumentException("no name in HCL: " + unsayable.get(0).key());
    }
    HclText text = new HclText();
    text.body(tree, 0);
    return text.out.toString();
  }

  /** Entries at the top whose key can't be the name of a block or attribute; no policy has one. */
  static List<MapNode.Entry> unsayable(MapNode tree) {
    return tree.entries().stream().filter(e -> !HclLexer.isIdentifier(e.key())).toList();
  }

  private void body(MapNode map, int level) {
    List<MapNode.Entry> entries = map.entries();
    int width = 0;
    for (int i = 0; i < entries.size(); i++) {
      MapNode.Entry entry = entries.get(i);
      if (i > 0 && (isBlock(entry) || isBlock(entries.get(i - 1)))) {
        out.append('\n');
      }
      if (isLabelled(entry)) {
        labelledBlocks(entry, level);
      } else if (isBlock(entry)) {
        comments(entry.commentsBefore(), level);
        block(entry.key(), entry, level);
      } else {
        width = i == 0 || isBlock(entries.get(i - 1)) ? widest(entries, i) : width;
        attribute(entry, level, width);
      }
    }
    comments(map.closingComments(), level);
  }

  /** The longest key of the attributes that follow each other, so that their values line up. */
  private static int widest(List<MapNode.Entry> entries, int from) {
    int widest = 0;
    for (int i = from; i < entries.size() && !isBlock(entries.get(i)); i++) {
      widest = Math.max(widest, entries.get(i).key().length());
    }
    return Math.min(widest, 30);
  }

  private static boolean isBlock(MapNode.Entry entry) {
    return isLabelled(entry) || isBody(entry.value());
  }

  private static boolean isBody(Node node) {
    return node instanceof MapNode map && map.keys().stream().allMatch(HclLexer::isIdentifier);
  }

  private static boolean isLabelled(MapNode.Entry entry) {
    return LABELLED.contains(entry.key())
        && entry.value() instanceof MapNode map
        && !map.isEmpty()
        && map.entries().stream().allMatch(e -> isBody(e.value()));
  }

  private void labelledBlocks(MapNode.Entry kind, int level) {
    comments(kind.commentsBefore(), level);
    if (kind.commentAfter() != null) {
      comments(List.of(kind.commentAfter()), level);
    }
    MapNode labels = (MapNode) kind.value();
    boolean first = true;
    for (MapNode.Entry label : labels.entries()) {
      if (!first) {
        out.append('\n');
      }
      first = false;
      comments(label.commentsBefore(), level);
      block(kind.key() + " " + HclQuotes.quote(label.key()), label, level);
    }
    comments(labels.closingComments(), level);
  }

  private void block(String head, MapNode.Entry entry, int level) {
    MapNode body = (MapNode) entry.value();
    indent(level);
    out.append(head).append(" {");
    if (body.isEmpty() && body.closingComments().isEmpty()) {
      out.append('}');
      lineEnd(entry.commentAfter());
      return;
    }
    lineEnd(entry.commentAfter());
    body(body, level + 1);
    indent(level);
    out.append("}\n");
  }

  private void attribute(MapNode.Entry entry, int level, int width) {
    comments(entry.commentsBefore(), level);
    comments(Writers.comments(entry.value()), level);
    String heredoc =
        entry.value() instanceof ScalarNode scalar
                && scalar.value() instanceof String text
                && HclQuotes.fitsHeredoc(text)
            ? text
            : null;
    if (heredoc != null && entry.commentAfter() != null) { // no place for it after the marker
      comments(List.of(entry.commentAfter()), level);
    }
    indent(level);
    out.append(entry.key());
    out.append(" ".repeat(Math.max(0, width - entry.key().length()))).append(" = ");
    if (heredoc != null) {
      heredoc(heredoc, level);
    } else {
      value(entry.value(), level);
      lineEnd(entry.commentAfter());
    }
  }

  private void heredoc(String text, int level) {
    String marker = HclQuotes.marker(text);
    out.append("<<-").append(marker).append('\n');
    for (String line : text.lines().toList()) {
      if (!line.isEmpty()) {
        indent(level + 1);
        out.append(HclQuotes.templateSafe(line));
      }
      out.append('\n');
    }
    indent(level);
    out.append(marker).append('\n');
  }

  private void value(Node node, int level) {
    String inline = inline(node);
    if (inline.length() + 2 * level <= WIDTH || node instanceof ScalarNode) {
      out.append(inline);
    } else if (node instanceof ListNode list) {
      out.append("[\n");
      for (Node item : list.items()) {
        indent(level + 1);
        value(item, level + 1);
        out.append(",\n");
      }
      indent(level);
      out.append(']');
    } else if (node instanceof MapNode map) {
      out.append("{\n");
      for (MapNode.Entry entry : map.entries()) {
        indent(level + 1);
        out.append(HclQuotes.key(entry.key())).append(" = ");
        value(entry.value(), level + 1);
        out.append('\n');
      }
      indent(level);
      out.append('}');
    }
  }

  /** In one line, however long; a map or list is given up as too long once it is. */
  private static String inline(Node node) {
    if (node instanceof ScalarNode scalar) {
      return scalar(scalar);
    }
    StringBuilder line = new StringBuilder();
    if (node instanceof ListNode list) {
      line.append('[');
      for (Node item : list.items()) {
        line.append(line.length() > 1 ? ", " : "").append(inline(item));
        if (line.length() > WIDTH) {
          return line.toString();
        }
      }
      return line.append(']').toString();
    }
    line.append('{');
    for (MapNode.Entry entry : ((MapNode) node).entries()) {
      line.append(line.length() > 1 ? ", " : " ").append(HclQuotes.key(entry.key()));
      line.append(" = ").append(inline(entry.value()));
      if (line.length() > WIDTH) {
        return line.toString();
      }
    }
    return line.append(line.length() > 1 ? " }" : "}").toString();
  }

  private static String scalar(ScalarNode scalar) {
    if (!(scalar.value() instanceof String text)) {
      return scalar.text();
    }
    String kind = scalar.reference();
    return kind != null && HclLexer.isIdentifier(kind) && HclLexer.isIdentifier(text)
        ? kind + "." + text
        : HclQuotes.quote(text);
  }
}
