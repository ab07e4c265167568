package io.keepset.source;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.reader.ReaderException;

/** What the YAML parser found wrong, said in our words where they are clearer than its own. */
final class YamlMistakes {
  private YamlMistakes() {}

  static Diagnostic explain(YAMLException e, SourceText text) {
    if (e instanceof ReaderException unprintable) {
      return Diagnostic.error(
              "source.control-character",
              "the character "
                  + Words.name(unprintable.getCodePoint())
                  + " can't stand in a YAML file",
              text.atCodePoint(Math.max(0, unprintable.getPosition())))
          .withHint("remove it; in double quotes write an escape such as \\uFFFE");
    }
    if (!(e instanceof MarkedYAMLException marked)) {
      return error("the file is not YAML: " + oneLine(String.valueOf(e.getMessage())), text.at(0));
    }
    String problem = String.valueOf(marked.getProblem());
    String context = String.valueOf(marked.getContext());
    Mark mark = marked.getProblemMark() != null ? marked.getProblemMark() : marked.getContextMark();
    Location at = text.atCodePoint(mark == null ? 0 : mark.getIndex());
    Mark beginning = marked.getContextMark() != null ? marked.getContextMark() : mark;
    Location begun = text.atCodePoint(beginning == null ? 0 : beginning.getIndex());
    if (problem.contains("\\t(TAB)") || context.contains("\\t(TAB)")) {
      return error("a tab can't indent YAML", at).withHint("indent with blanks");
    }
    if (context.contains("scanning an alias")) {
      return error("* begins an alias, and no name follows", begun)
          .withHint("text that begins with * must be in quotes: \"* * * * *\"");
    }
    if (context.contains("scanning an anchor")) {
      return error("& begins an anchor, and no name follows", begun)
          .withHint("text that begins with & must be in quotes");
    }
    if (problem.contains("cannot start any token")) {
      int c = at.column() > 0 ? codePoint(text, mark) : ' ';
      return error("a value can't begin with " + Words.character(c), at)
          .withHint("put the text in quotes");
    }
    if (problem.contains("mapping values are not allowed here")) {
      return error("a colon here would begin a second value on the same line", at)
          .withHint(
              "text that holds a colon and a blank must be in quotes; else check the indentation");
    }
    if (problem.contains("could not find expected ':'")) {
      return error("this line is neither a key with a colon nor the rest of a value", begun)
          .withHint("write key: value; check the indentation");
    }
    if (context.contains("scanning a quoted scalar") && problem.contains("unexpected end")) {
      return error("the quote that begins here is never closed", begun).withHint("close the quote");
    }
    if (problem.contains("unknown escape character") || problem.contains("escape sequence")) {
      return error("no such escape in double quotes", at)
          .withHint("write \\\\ for a backslash, or use single quotes");
    }
    if (context.contains("parsing a flow")) {
      char open = context.contains("sequence") ? '[' : '{';
      return error(
              "in the "
                  + open
                  + " that begins at "
                  + begun.line()
                  + ":"
                  + begun.column()
                  + ": "
                  + flow(problem),
              at)
          .withHint("separate by commas, and close every bracket");
    }
    if (context.contains("block mapping")) {
      return error("the indentation matches no key above", at)
          .withHint("keys of one map begin in the same column: here column " + begun.column());
    }
    if (context.contains("block collection")) {
      return error("the indentation matches no list item above", at)
          .withHint("items of one list begin in the same column: here column " + begun.column());
    }
    String words = context.equals("null") ? problem : context + ", " + problem;
    return error("the file is not YAML: " + oneLine(words), at);
  }

  private static String flow(String problem) {
    return problem.contains("<stream end>")
        ? "the file ends before it is closed"
        : oneLine(problem).replace("but got", "found");
  }

  private static int codePoint(SourceText text, Mark mark) {
    int offset = text.offset(mark.getIndex());
    return offset < text.text().length() ? text.text().codePointAt(offset) : ' ';
  }

  private static Diagnostic error(String message, Location at) {
    return Diagnostic.error("source.yaml.syntax", message, at);
  }

  /** The parser's words may hold pieces of the file. */
  private static String oneLine(String message) {
    StringBuilder out = new StringBuilder();
    message.codePoints().limit(200).forEach(c -> out.appendCodePoint(Words.visible(c) ? c : ' '));
    return out.toString().strip();
  }
}
