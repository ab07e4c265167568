package io.keepset.diagnostic;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Diagnostics as workflow commands of GitHub Actions, one a line: they show up beside the lines of
 * a pull request.
 */
public final class DiagnosticGithub {
  private DiagnosticGithub() {}

  /**
   * @param folder where the policy root lies in the repository, without a slash at the end; empty
   *     if it is the repository
   */
  public static String print(List<Diagnostic> diagnostics, String folder) {
    StringBuilder out = new StringBuilder();
    for (Diagnostic diagnostic : diagnostics) {
      out.append("::").append(command(diagnostic.severity())).append(' ');
      Location at = diagnostic.at();
      if (at != null) {
        String file = folder.isEmpty() ? at.file() : folder + "/" + at.file();
        out.append("file=").append(property(file));
        out.append(",line=").append(at.line()).append(",col=").append(at.column()).append(',');
      }
      out.append("title=").append(property(diagnostic.code())).append("::");
      out.append(data(message(diagnostic.message(), diagnostic.hint()))).append('\n');
    }
    return out.toString();
  }

  private static String command(Severity severity) {
    return switch (severity) {
      case ERROR -> "error";
      case WARNING -> "warning";
      case NOTE -> "notice";
    };
  }

  private static String message(String message, @Nullable String hint) {
    return hint == null ? message : message + "\nhint: " + hint;
  }

  private static String data(String text) {
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
  }

  private static String property(String text) {
    return data(text).replace(":", "%3A").replace(",", "%2C");
  }
}
