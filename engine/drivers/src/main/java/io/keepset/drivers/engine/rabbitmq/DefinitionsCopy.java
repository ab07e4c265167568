package io.keepset.drivers.engine.rabbitmq;

import io.keepset.source.JsonMembers;
import io.keepset.source.JsonText;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/**
 * Copies a file of definitions, item by item, without what only locks: nobody shall import that.
 */
final class DefinitionsCopy implements JsonMembers.Visitor {
  private final Writer out;
  private String before = "{";
  private String between = "";
  private boolean inList;

  private DefinitionsCopy(Writer out) {
    this.out = out;
  }

  /**
   * @param to is not closed
   * @throws DriverException DAMAGED if these are no whole definitions
   */
  static void write(InputStream from, OutputStream to) throws IOException, DriverException {
    Writer out = new BufferedWriter(new OutputStreamWriter(to, StandardCharsets.UTF_8));
    DefinitionsCopy copy = new DefinitionsCopy(out);
    try {
      JsonMembers.read(from, copy);
      copy.put(copy.end() + (copy.before.equals("{") ? "{}\n" : "}\n"));
    } catch (JsonMembers.Malformed e) {
      throw new DriverException(
          Kind.DAMAGED, "the server exports no whole definitions: " + e.getMessage(), e);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    out.flush();
  }

  @Override
  public void value(String key, Node value) {
    member(key);
    put(JsonText.writeCompact(value));
  }

  @Override
  public void list(String key) {
    member(key);
    put("[");
    between = "\n";
    inList = true;
  }

  @Override
  public void item(String key, Node item) {
    boolean locks =
        item instanceof MapNode map
            && Section.of(key).map(section -> RestoreLock.holds(section, map)).orElse(false);
    if (!locks) {
      put(between + JsonText.writeCompact(item));
      between = ",\n";
    }
  }

  private void member(String key) {
    put(end() + before + Canonical.quoted(key) + ":");
    before = ",\n";
  }

  private String end() {
    boolean open = inList;
    inList = false;
    return open ? "]" : "";
  }

  private void put(String text) {
    try {
      out.write(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
