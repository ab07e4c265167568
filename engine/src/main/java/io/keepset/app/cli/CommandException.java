package io.keepset.app.cli;

import io.keepset.diagnostic.Diagnostic;
import java.util.List;

/** A command can't go on, and whoever called it has to act: printed without a stack trace. */
public final class CommandException extends Exception {
  private static final long serialVersionUID = 1L;

  private final ExitCode code;
  private final transient List<Diagnostic> diagnostics;
  private final transient String text;

  public CommandException(ExitCode code, String message) {
    super(message);
    this.code = code;
    this.diagnostics = List.of();
    this.text = "";
  }

  /** The author's mistakes, which are printed one by one instead of a message. */
  public CommandException(ExitCode code, List<Diagnostic> diagnostics) {
    this(code, diagnostics, "");
  }

  /**
   * @param text what they are about, for excerpts
   */
  public CommandException(ExitCode code, List<Diagnostic> diagnostics, String text) {
    super(diagnostics.size() + " diagnostics");
    this.code = code;
    this.diagnostics = List.copyOf(diagnostics);
    this.text = text;
  }

  public ExitCode code() {
    return code;
  }

  public List<Diagnostic> diagnostics() {
    return diagnostics;
  }

  /** Empty if there is none. */
  public String text() {
    return text;
  }
}
