package io.keepset.terraform.objects;

import io.keepset.source.ListNode;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.ScalarNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * One text for equal values: keys in the order of their bytes, no blanks, and the escapes of
 * Terraform's {@code jsonencode}, so that an answer is byte for byte what {@code jsonencode} gives
 * for what was submitted.
 */
public final class CanonicalJson {
  private static final Comparator<MapNode.Entry> BY_KEY =
      Comparator.comparing(
          entry -> entry.key().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

  private final StringBuilder out = new StringBuilder();

  private CanonicalJson() {}

  /** In UTF-8, without a line end. */
  public static byte[] write(Node node) {
    CanonicalJson json = new CanonicalJson();
    json.node(node);
    return json.out.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The same value with its keys in order. */
  public static Node sorted(Node node) {
    if (node instanceof MapNode map) {
      List<MapNode.Entry> entries = new ArrayList<>();
      for (MapNode.Entry entry : inOrder(map)) {
        entries.add(new MapNode.Entry(entry.key(), entry.keyAt(), sorted(entry.value())));
      }
      return new MapNode(map.at(), entries);
    }
    if (node instanceof ListNode list) {
      return new ListNode(list.at(), list.items().stream().map(CanonicalJson::sorted).toList());
    }
    return node;
  }

  /** A strong validator (RFC 9110): equal for equal values, with its quotes. */
  public static String etag(Node node) {
    return "\"" + HexFormat.of().formatHex(sha256(write(node)), 0, 16) + "\"";
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static List<MapNode.Entry> inOrder(MapNode map) {
    return map.entries().stream().sorted(BY_KEY).toList();
  }

  private void node(Node node) {
    if (node instanceof MapNode map) {
      char before = '{';
      for (MapNode.Entry entry : inOrder(map)) {
        out.append(before);
        text(entry.key());
        out.append(':');
        node(entry.value());
        before = ',';
      }
      out.append(map.isEmpty() ? "{}" : "}");
    } else if (node instanceof ListNode list) {
      char before = '[';
      for (Node item : list.items()) {
        out.append(before);
        node(item);
        before = ',';
      }
      out.append(list.items().isEmpty() ? "[]" : "]");
    } else if (node instanceof ScalarNode scalar) {
      if (scalar.value() instanceof String string) {
        text(string);
      } else {
        out.append(scalar.text());
      }
    }
  }

  private void text(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default -> {
          boolean escaped =
              c < ' ' || c == '<' || c == '>' || c == '&' || c == '\u2028' || c == '\u2029';
          if (escaped) {
            out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
