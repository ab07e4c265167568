package io.keepset.source;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/** The parser's events. All that is wrong with the text comes as a {@link YAMLException}. */
final class YamlEvents {
  /** What the parser lets slip for escapes without digits and for characters that are none. */
  private static final class Slipped extends MarkedYAMLException {
    Slipped(Mark near, RuntimeException cause) {
      super("while reading text in quotes", near, "found a broken escape sequence", near, cause);
    }
  }

  private final StreamReader reader;
  private final ParserImpl parser;

  YamlEvents(String text, Limits limits) {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(limits.bytes());
    options.setProcessComments(false); // found by YamlComments, wherever they stand
    reader = new StreamReader(text);
    parser = new ParserImpl(reader, options);
  }

  Event peek() {
    try {
      return parser.peekEvent();
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new Slipped(reader.getMark(), e);
    }
  }

  Event take() {
    Event event = peek();
    parser.getEvent();
    return event;
  }

  boolean comes(Event.ID id) {
    return peek().is(id);
  }
}
