package io.keepset.source;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the value of an attribute: a literal or a reference, anything else is refused by name. */
final class HclValues {
  private final HclTokens tokens;
  private final Limits limits;
  private final Problems problems;

  HclValues(HclTokens tokens, Limits limits, Problems problems) {
    this.tokens = tokens;
    this.limits = limits;
    this.problems = problems;
  }

  /** A whole value, with nothing after it that would compute another from it. */
  Node value(int depth) {
    HclToken token = tokens.take();
    Location at = tokens.at(token);
    Node value =
        switch (token.kind()) {
          case STRING -> new ScalarNode(at, token.text());
          case NUMBER -> number(token, "", at);
          case IDENTIFIER -> word(token, at);
          case SYMBOL -> symbol(token, at, depth);
          case NEWLINE, END -> throw tokens.mistake(HclMistakes.noValue(token, at));
        };
    HclToken behind = tokens.peek();
    String operation = behind.operation();
    if (operation != null) {
      throw tokens.mistake(HclMistakes.expression(operation, tokens.at(behind)));
    }
    return value;
  }

  private Node symbol(HclToken token, Location at, int depth) {
    return switch (token.text()) {
      case "[" -> list(at, deeper(at, depth));
      case "{" -> map(at, deeper(at, depth));
      case "(" -> throw tokens.mistake(HclMistakes.expression("an expression in parentheses", at));
      case "!" -> throw tokens.mistake(HclMistakes.expression("the operator !", at));
      case "-" -> negative(token, at);
      default -> throw tokens.mistake(HclMistakes.noValue(token, at));
    };
  }

  private ScalarNode negative(HclToken sign, Location at) {
    HclToken digits = tokens.peek();
    if (digits.kind() == HclToken.Kind.NUMBER && digits.start() == sign.end()) {
      return number(tokens.take(), "-", at);
    }
    throw tokens.mistake(HclMistakes.expression("the operator -", at));
  }

  private int deeper(Location at, int depth) {
    if (depth > limits.depth()) {
      problems.addBreaking(Mistakes.tooDeep(at, limits));
      throw new HclTokens.TooDeep();
    }
    return depth + 1;
  }

  private ScalarNode number(HclToken token, String sign, Location at) {
    HclToken behind = tokens.peek();
    if (behind.kind() == HclToken.Kind.IDENTIFIER && behind.start() == token.end()) {
      String text = sign + token.text() + behind.text();
      throw tokens.mistake(
          HclMistakes.syntax(Words.quote(text) + " is neither a number nor text", at)
              .withHint("put it in quotes, as in \"30d\""));
    }
    Object value = Numbers.parse(sign + token.text());
    if (value == null) {
      throw tokens.mistake(Mistakes.number(at));
    }
    return new ScalarNode(at, value);
  }

  private Node word(HclToken token, Location at) {
    HclToken behind = tokens.peek();
    if (behind.is("(")) {
      throw tokens.mistake(
          HclMistakes.expression("a call of the function " + Words.quote(token.text()), at));
    }
    if (behind.is(".")) {
      return reference(token, at);
    }
    return switch (token.text()) {
      case "true" -> new ScalarNode(at, true);
      case "false" -> new ScalarNode(at, false);
      case "null" -> new ScalarNode(at, null);
      default -> throw tokens.mistake(bareWord(token, behind, at));
    };
  }

  private Diagnostic bareWord(HclToken token, HclToken behind, Location at) {
    String operation = behind.operation();
    return operation == null
        ? HclMistakes.bareWord(token.text(), at)
        : HclMistakes.expression(operation, tokens.at(behind));
  }

  private ScalarNode reference(HclToken kind, Location at) {
    HclToken dot = tokens.take();
    HclToken name = tokens.take();
    if (name.is("*")) {
      throw tokens.mistake(HclMistakes.expression("a splat (.*)", tokens.at(dot)));
    }
    if (name.kind() != HclToken.Kind.IDENTIFIER) {
      throw tokens.mistake(
          HclMistakes.syntax(
                  "a reference is a kind and a name, as in policy.gold, found "
                      + name.describe()
                      + " after the point",
                  tokens.at(name))
              .withHint("write the name alone, in quotes"));
    }
    return new ScalarNode(at, name.text(), kind.text());
  }

  private ListNode list(Location at, int depth) {
    refuseFor();
    List<Node> items = new ArrayList<>();
    while (true) {
      tokens.skipNewlines();
      if (tokens.peek().is("]")) {
        tokens.take();
        return new ListNode(at, items);
      }
      items.add(value(depth));
      tokens.skipNewlines();
      separator("]", "[", at, false);
    }
  }

  private MapNode map(Location at, int depth) {
    refuseFor();
    HclDraft draft = new HclDraft(at);
    while (true) {
      tokens.skipNewlines();
      if (tokens.peek().is("}")) {
        tokens.take();
        return draft.finish();
      }
      HclDraft.Name key = key();
      tokens.skipNewlines();
      HclToken between = tokens.take();
      if (!between.is("=") && !between.is(":")) {
        throw tokens.mistake(
            HclMistakes.syntax(
                    "the key "
                        + Words.quote(key.text())
                        + " must be followed by = or :, found "
                        + between.describe(),
                    tokens.at(between))
                .withHint("write { key = value }"));
      }
      tokens.skipNewlines();
      draft.put(key, value(depth), problems);
      boolean newline = tokens.peek().kind() == HclToken.Kind.NEWLINE;
      tokens.skipNewlines();
      separator("}", "{", at, newline);
    }
  }

  private HclDraft.Name key() {
    HclToken token = tokens.take();
    Location at = tokens.at(token);
    if (token.is("(")) {
      throw tokens.mistake(HclMistakes.expression("an expression in parentheses", at));
    }
    if (token.kind() == HclToken.Kind.SYMBOL || token.kind() == HclToken.Kind.END) {
      throw tokens.mistake(
          HclMistakes.syntax("a key or } must stand here, found " + token.describe(), at)
              .withHint("write { key = value }"));
    }
    return new HclDraft.Name(token.text(), at);
  }

  /**
   * Takes a comma; a closing bracket, and where a line end is enough also that, may stand instead.
   */
  private void separator(String close, String open, Location opened, boolean lineEnd) {
    HclToken token = tokens.peek();
    if (token.is(",")) {
      tokens.take();
    } else if (!token.is(close) && !(lineEnd && token.kind() != HclToken.Kind.END)) {
      throw tokens.mistake(unclosed(token, close, open, opened));
    }
  }

  private Diagnostic unclosed(HclToken token, String close, String open, Location opened) {
    return token.kind() == HclToken.Kind.END
        ? HclMistakes.syntax("the " + open + " that begins here is never closed", opened)
            .withHint("close it with " + close)
        : HclMistakes.syntax(
                "a comma or " + close + " must stand here, found " + token.describe(),
                tokens.at(token))
            .withHint(hintInside(token));
  }

  private static @Nullable String hintInside(HclToken token) {
    return token.isWord("for") ? "Keepset has no for expressions" : "separate values by commas";
  }

  private void refuseFor() {
    tokens.skipNewlines();
    HclToken token = tokens.peek();
    if (token.isWord("for")) {
      throw tokens.mistake(HclMistakes.expression("a for expression", tokens.at(token)));
    }
  }
}
