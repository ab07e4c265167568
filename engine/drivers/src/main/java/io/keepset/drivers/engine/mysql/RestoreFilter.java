package io.keepset.drivers.engine.mysql;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A dump on its way into a database of another name. Three things change, by whole lines that only
 * the dump tools write: {@code ALTER DATABASE}, which names the database that was dumped and would
 * change that one; who views and routines run as, if that is not wanted; and events, which are kept
 * for the end so that none runs in half a database, and made disabled if another database still
 * runs them.
 */
final class RestoreFilter implements DumpLines.Listener {
  /** What can't be moved with the tables is held in memory; a dump with more of it is strange. */
  private static final int LIMIT = 64 << 20;

  private static final Pattern ALTER =
      Pattern.compile(
          "^ALTER DATABASE `(?:[^`]|``)*`( CHARACTER SET \\w+ COLLATE \\w+ ;;?)$", Pattern.DOTALL);

  /** As SHOW CREATE EVENT writes it; before it stands nothing that people wrote but the name. */
  private static final Pattern ENABLED =
      Pattern.compile("^ ON SCHEDULE .*? ON COMPLETION (?:NOT )?PRESERVE (?<en>EN)ABLE\\b");

  private final String into;
  private final String finallyIn;
  private final boolean definers;
  private final boolean disableEvents;
  private OutputStream out = OutputStream.nullOutputStream();
  private final DumpLines lines = new DumpLines(this);
  private final DumpState state = new DumpState();
  private final DumpScan scan = new DumpScan();
  private final ByteArrayOutputStream code = new ByteArrayOutputStream();
  private final ByteArrayOutputStream events = new ByteArrayOutputStream();

  /**
   * @param into database that is filled now
   * @param finallyIn database that what is kept goes into
   * @param definers whether they stay
   * @param disableEvents whether events are made so that they do not run
   */
  RestoreFilter(String into, String finallyIn, boolean definers, boolean disableEvents) {
    this.into = into;
    this.finallyIn = finallyIn;
    this.definers = definers;
    this.disableEvents = disableEvents;
  }

  /** Passes all of it on, once. What is no whole dump fails at its end. */
  void pass(InputStream artifact, OutputStream to) throws IOException {
    out = to;
    byte[] buffer = new byte[1 << 17];
    try {
      for (int n = artifact.read(buffer); n >= 0; n = artifact.read(buffer)) {
        scan.accept(buffer, 0, n);
        lines.accept(buffer, 0, n);
      }
      lines.end();
      scan.end();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    if (scan.problem().isPresent()) {
      throw new IOException(scan.problem().get());
    }
  }

  DumpScan scan() {
    return scan;
  }

  /** Views, triggers and routines, for the database of the final name. */
  byte[] code() {
    return code.toByteArray();
  }

  /** Events, which were not passed on. */
  byte[] events() {
    return events.toByteArray();
  }

  @Override
  public void piece(byte[] bytes, int offset, int length, boolean first, boolean last) {
    try {
      if (!first || bytes[offset] == '(' || bytes[offset] == 'I') {
        write(bytes, offset, length);
        return;
      }
      String text = DumpLines.text(bytes, offset, length);
      state.next(text);
      Matcher alter = ALTER.matcher(text);
      if (alter.matches()) {
        split(
            utf8(alter.replaceFirst(alter(into)) + "\n"),
            utf8(alter.replaceFirst(alter(finallyIn)) + "\n"));
      } else {
        rewrite(bytes, offset, length, text);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Byte for byte but for what changes: a line may be longer than its text here, or no UTF-8. */
  private void rewrite(byte[] bytes, int offset, int length, String text) throws IOException {
    Optional<Matcher> creates = state.creates(text);
    Optional<Matcher> definer =
        creates
            .or(() -> state.viewDefiner(text))
            .filter(matcher -> !definers && matcher.group("by") != null);
    int done = 0;
    if (definer.isPresent()) {
      write(bytes, offset, utf8(text.substring(0, definer.get().start("by"))).length);
      done = utf8(text.substring(0, definer.get().end("by"))).length;
    }
    Optional<Integer> enabled =
        creates.filter(made -> disableEvents).flatMap(made -> enabled(made, text));
    if (enabled.isPresent()) {
      int at = utf8(text.substring(0, enabled.get())).length;
      byte[] instead = utf8("DIS");
      write(bytes, offset + done, at - done);
      write(instead, 0, instead.length);
      done = at + "EN".length();
    }
    write(bytes, offset + done, length - done);
  }

  /** Where in the line that makes an event its ENABLE begins, if it has one. */
  private static Optional<Integer> enabled(Matcher creates, String text) {
    int name = creates.end("name");
    Matcher enabled = ENABLED.matcher(text.substring(name));
    return creates.group("kind").equalsIgnoreCase("EVENT") && enabled.find()
        ? Optional.of(name + enabled.start("en"))
        : Optional.empty();
  }

  private static String alter(String database) {
    return Matcher.quoteReplacement("ALTER DATABASE " + Sql.identifier(database)) + "$1";
  }

  private void write(byte[] bytes, int offset, int length) throws IOException {
    switch (state.part()) {
      case EVENTS -> keep(events, bytes, offset, length);
      case CODE -> {
        out.write(bytes, offset, length);
        keep(code, bytes, offset, length);
      }
      case HEAD, TABLE, ROWS, TAIL -> out.write(bytes, offset, length);
    }
  }

  private void split(byte[] now, byte[] later) throws IOException {
    switch (state.part()) {
      case EVENTS -> keep(events, later, 0, later.length);
      case CODE -> {
        out.write(now);
        keep(code, later, 0, later.length);
      }
      case HEAD, TABLE, ROWS, TAIL -> out.write(now);
    }
  }

  private static void keep(ByteArrayOutputStream kept, byte[] bytes, int offset, int length)
      throws IOException {
    if (kept.size() + length > LIMIT) {
      throw new IOException(
          "its views, triggers, routines or events take more than " + (LIMIT >> 20) + " MiB");
    }
    kept.write(bytes, offset, length);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
