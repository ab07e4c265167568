package io.keepset.app.cli;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.DiagnosticText;
import io.keepset.source.JsonText;
import io.keepset.source.Node;
import io.keepset.spi.Progress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where commands print and ask. Results go to {@link #out}, everything about the work itself to
 * {@link #err}, so that output can be piped.
 */
public final class Console {
  /** Colours that commands use; the meaning, not the taste, decides which. */
  public enum Colour {
    BOLD("1"),
    FAINT("2"),
    RED("31"),
    GREEN("32"),
    YELLOW("33"),
    CYAN("36");

    private final String sgr;

    Colour(String sgr) {
      this.sgr = sgr;
    }
  }

  private final InputStream in;
  private final PrintStream out;
  private final PrintStream err;
  private final Terminal terminal;
  private boolean colourAllowed = true;
  private @Nullable BufferedReader answers;

  public Console(InputStream in, OutputStream out, OutputStream err, Terminal terminal) {
    this.in = in;
    this.out = new PrintStream(out, true, StandardCharsets.UTF_8);
    this.err = new PrintStream(err, true, StandardCharsets.UTF_8);
    this.terminal = terminal;
  }

  public PrintStream out() {
    return out;
  }

  public PrintStream err() {
    return err;
  }

  /** The bytes that were piped in. */
  public InputStream in() {
    return in;
  }

  public Terminal terminal() {
    return terminal;
  }

  void allowColour(boolean allowed) {
    colourAllowed = allowed;
  }

  /** True if {@link #out} shows colours. */
  public boolean colours() {
    return colourAllowed && terminal.out() && terminal.colours();
  }

  /** Text for {@link #out} in a colour, or unchanged where there are no colours. */
  public String paint(Colour colour, String text) {
    return colours() ? "\033[" + colour.sgr + "m" + text + "\033[0m" : text;
  }

  /** Machine output: the tree as JSON, indented, with a line end. */
  public void json(Node node) {
    out.print(JsonText.write(node));
  }

  /** All of them, on stderr, without excerpts. */
  public void diagnostics(List<Diagnostic> diagnostics) {
    diagnostics(diagnostics, file -> Optional.empty());
  }

  /**
   * All of them, on stderr.
   *
   * @param textOf the text of a file by its path, for excerpts
   */
  public void diagnostics(List<Diagnostic> diagnostics, Function<String, Optional<String>> textOf) {
    boolean colour = colourAllowed && terminal.err() && terminal.colours();
    err.print(new DiagnosticText(textOf, colour).print(diagnostics));
    err.flush();
  }

  public void error(@Nullable String message) {
    err.println("error: " + message);
  }

  /** A remark about the work under way; stderr. */
  public void note(String message) {
    err.println(message);
  }

  /** True if there is somebody who can answer. */
  public boolean interactive() {
    return terminal.in() && terminal.err();
  }

  /** Asks on stderr and waits for a line; empty if nobody is there to answer. */
  public Optional<String> ask(String question) {
    if (!interactive()) {
      return Optional.empty();
    }
    err.print(question + " ");
    err.flush();
    try {
      if (answers == null) {
        answers = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      }
      return Optional.ofNullable(answers.readLine()).map(String::strip);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** True only if somebody typed {@code yes} (or {@code y}). */
  public boolean confirm(String question) {
    String answer = ask(question + " [yes/no]").orElse("no");
    return answer.equalsIgnoreCase("yes") || answer.equalsIgnoreCase("y");
  }

  /** A bar on stderr while a long transfer runs; silent where stderr is no terminal. */
  public Bar progress(String label) {
    return new Bar(terminal.err() ? err : null, label);
  }

  /** A progress bar; close it to clear the line. */
  public static final class Bar implements Progress, AutoCloseable {
    private static final long REDRAW_NANOS = 100_000_000L;

    private final @Nullable PrintStream err;
    private final String label;
    private final ByteRate rate = new ByteRate(System.nanoTime());
    private long drawnAt;
    private boolean drawn;

    private Bar(@Nullable PrintStream err, String label) {
      this.err = err;
      this.label = label;
    }

    @Override
    public synchronized void at(long done, long total) {
      long now = System.nanoTime();
      if (err == null || (drawn && now - drawnAt < REDRAW_NANOS)) {
        return;
      }
      drawn = true;
      drawnAt = now;
      err.print("\r\033[K" + label + "  " + rate.describe(done, total, now));
      err.flush();
    }

    @Override
    public synchronized void expect(long bytes) {
      rate.expect(bytes);
    }

    @Override
    public synchronized void close() {
      if (err != null && drawn) {
        err.print("\r\033[K");
        err.flush();
        drawn = false;
      }
    }
  }
}
