package io.keepset.source;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * HCL native syntax into the tree: blocks and attributes, whose values are read by {@link
 * HclValues}. {@code policy "gold" { }} is {@code {policy: {gold: {}}}}. After a mistake reading
 * goes on at the next line, so that one run tells all of them.
 */
final class HclReader {
  private final SourceText source;
  private final Limits limits;
  private final Problems problems;
  private final HclTokens tokens;
  private final HclValues values;

  HclReader(SourceText source, Limits limits, Problems problems) {
    this.source = source;
    this.limits = limits;
    this.problems = problems;
    this.tokens = new HclTokens(source, problems);
    this.values = new HclValues(tokens, limits, problems);
  }

  /** The tree; null if the nesting is so deep that reading ends. */
  @Nullable Node read() {
    try {
      MapNode root = body(source.at(0), 1);
      return Comments.attach(root, tokens.comments());
    } catch (HclTokens.TooDeep e) {
      return null;
    }
  }

  /** Up to the brace that closes the body, which is not taken, or the end of the file. */
  private MapNode body(Location at, int depth) {
    if (depth > limits.depth()) {
      problems.addBreaking(Mistakes.tooDeep(at, limits));
      throw new HclTokens.TooDeep();
    }
    HclDraft draft = new HclDraft(at);
    while (true) {
      tokens.skipNewlines();
      HclToken token = tokens.peek();
      if (token.kind() == HclToken.Kind.END || (token.is("}") && depth > 1)) {
        return draft.finish();
      }
      int open = tokens.open();
      try {
        statement(draft, depth);
      } catch (HclTokens.Mistake mistake) {
        problems.addBreaking(mistake.diagnostic());
        tokens.skipStatement(open);
      }
    }
  }

  private void statement(HclDraft draft, int depth) {
    HclToken first = tokens.take();
    if (first.kind() != HclToken.Kind.IDENTIFIER) {
      throw tokens.mistake(notAName(first));
    }
    HclDraft.Name name = new HclDraft.Name(first.text(), tokens.at(first));
    if (tokens.peek().is("=")) {
      tokens.take();
      draft.put(name, values.value(depth + 1), problems);
    } else {
      block(name, draft, depth);
    }
    HclToken behind = tokens.peek();
    if (!behind.endsStatement() && !behind.is("}")) {
      throw tokens.mistake(
          HclMistakes.syntax(
                  "the line must end here, found " + behind.describe(), tokens.at(behind))
              .withHint(
                  behind.is(",") || behind.is(";")
                      ? "put each attribute on a line of its own"
                      : "put each attribute and block on a line of its own"));
    }
  }

  private Diagnostic notAName(HclToken token) {
    Location at = tokens.at(token);
    if (token.kind() == HclToken.Kind.STRING) {
      return HclMistakes.syntax("the name of an attribute stands without quotes", at)
          .withHint("write name = value; keys in quotes stand only inside of { } values");
    }
    if (token.is("}")) {
      return HclMistakes.syntax("this brace closes nothing", at).withHint("remove it");
    }
    return HclMistakes.syntax(
            "an attribute or a block begins with its name, found " + token.describe(), at)
        .withHint("write name = value, or kind \"name\" { }");
  }

  private void block(HclDraft.Name kind, HclDraft draft, int depth) {
    List<HclDraft.Name> path = new ArrayList<>(List.of(kind));
    HclToken token = tokens.peek();
    while (token.kind() == HclToken.Kind.STRING || token.kind() == HclToken.Kind.IDENTIFIER) {
      tokens.take();
      path.add(new HclDraft.Name(token.text(), tokens.at(token)));
      token = tokens.peek();
    }
    if (!token.is("{")) {
      String expected = path.size() == 1 ? "= or {" : "{";
      throw tokens.mistake(
          HclMistakes.syntax(
                  Words.quote(path.get(path.size() - 1).text())
                      + " must be followed by "
                      + expected
                      + ", found "
                      + token.describe(),
                  tokens.at(token))
              .withHint(HclMistakes.hintBehindKey(token, kind.text())));
    }
    tokens.take();
    MapNode body = body(tokens.at(token), depth + path.size());
    if (!tokens.peek().is("}")) {
      throw tokens.mistake(
          HclMistakes.syntax("the brace that begins here is never closed", tokens.at(token))
              .withHint("close it with }"));
    }
    tokens.take();
    draft.putBlock(path, body, problems);
  }
}
