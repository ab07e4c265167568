package io.keepset.source;

import io.keepset.diagnostic.Location;
import java.util.ArrayList;
import java.util.List;

/**
 * One comment of a file.
 *
 * @param at where its mark stands
 * @param text without the mark and one blank after it
 * @param alone true if nothing stands before it on its line
 */
record Comment(Location at, String text, boolean alone) {

  /** The text behind a mark, without the one blank that people put there. */
  static String body(String raw) {
    String body = raw.startsWith(" ") ? raw.substring(1) : raw;
    return body.stripTrailing();
  }

  /** A comment's text as it may stand in a file: what can't be seen there is left out. */
  static String safe(String line) {
    StringBuilder safe = new StringBuilder();
    line.codePoints()
        .map(
            c -> c == '\t' || (Words.visible(c) && c != 0xFEFF && (c & 0xFFFE) != 0xFFFE) ? c : ' ')
        .forEach(safe::appendCodePoint);
    return safe.toString().stripTrailing();
  }

  /** The lines of a text that is to become comments. */
  static List<String> lines(List<String> comments) {
    List<String> lines = new ArrayList<>();
    comments.forEach(comment -> lines.addAll(comment.lines().toList()));
    return lines;
  }
}
