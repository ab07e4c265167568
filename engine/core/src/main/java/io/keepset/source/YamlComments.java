package io.keepset.source;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.yaml.snakeyaml.events.ScalarEvent;

/**
 * Finds the comments of a YAML file: every {@code #} at the start of a line or after a blank that
 * is not inside of a value. The parser can report comments itself, but refuses some files when it
 * does.
 */
final class YamlComments {
  private final SourceText text;

  /** Char offsets: start and end of each value that holds a {@code #}. */
  private int[] skipped = new int[8];

  private int count;

  YamlComments(SourceText text) {
    this.text = text;
  }

  /** Values must be told in the order in which they stand. */
  void skip(ScalarEvent scalar) {
    if (scalar.getValue().indexOf('#') < 0) {
      return;
    }
    int start = text.offset(scalar.getStartMark().getIndex());
    int end = text.offset(scalar.getEndMark().getIndex());
    if (scalar.isLiteral() || scalar.isFolded()) {
      int firstLineEnd = text.text().indexOf('\n', start);
      start = firstLineEnd < 0 ? end : firstLineEnd; // a comment may follow the mark | or >
    }
    if (count + 2 > skipped.length) {
      skipped = Arrays.copyOf(skipped, skipped.length * 2);
    }
    skipped[count++] = start;
    skipped[count++] = end;
  }

  List<Comment> found() {
    List<Comment> found = new ArrayList<>();
    String s = text.text();
    int next = 0;
    for (int i = s.indexOf('#'); i >= 0; i = s.indexOf('#', i)) {
      while (next < count && skipped[next + 1] <= i) {
        next += 2;
      }
      if (next < count && skipped[next] <= i) {
        i = skipped[next + 1];
      } else if (i > 0 && " \t\r\n".indexOf(s.charAt(i - 1)) < 0) {
        i++;
      } else {
        int end = lineEnd(s, i);
        found.add(new Comment(text.at(i), Comment.body(s.substring(i + 1, end)), isAlone(s, i)));
        i = end;
      }
    }
    return found;
  }

  private static int lineEnd(String s, int from) {
    int i = from;
    while (i < s.length() && s.charAt(i) != '\n' && s.charAt(i) != '\r') {
      i++;
    }
    return i;
  }

  private static boolean isAlone(String s, int at) {
    int i = at - 1;
    while (i >= 0 && (s.charAt(i) == ' ' || s.charAt(i) == '\t')) {
      i--;
    }
    return i < 0 || s.charAt(i) == '\n' || s.charAt(i) == '\r';
  }
}
