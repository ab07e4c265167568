package io.keepset.source;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Text of lines with comments that begin with a hash, two blanks a level. */
abstract class CommentedText {
  final StringBuilder out = new StringBuilder();

  final void comments(List<String> comments, int level) {
    for (String line : Comment.lines(comments)) {
      indent(level);
      out.append(line.isEmpty() ? "#" : "# ").append(Comment.safe(line)).append('\n');
    }
  }

  final void lineEnd(@Nullable String comment) {
    if (comment != null) {
      out.append(" # ").append(Comment.safe(comment));
    }
    out.append('\n');
  }

  final void indent(int level) {
    out.append("  ".repeat(level));
  }
}
