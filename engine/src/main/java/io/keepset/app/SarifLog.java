package io.keepset.app;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.diagnostic.Severity;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import java.util.List;
import java.util.TreeSet;

/** Diagnostics as a SARIF 2.1.0 log, for code scanning. */
public final class SarifLog {
  private SarifLog() {}

  /**
   * @param folder where the policy root lies in the repository; empty if it is the repository
   */
  public static MapNode of(List<Diagnostic> diagnostics, String folder) {
    TreeSet<String> codes = new TreeSet<>();
    diagnostics.forEach(diagnostic -> codes.add(diagnostic.code()));
    MapBuilder driver =
        new MapBuilder()
            .put("name", "keepset")
            .put("version", Version.current())
            .put(
                "rules",
                codes.stream().map(code -> new MapBuilder().put("id", code).build()).toList());
    MapNode run =
        new MapBuilder()
            .put("tool", new MapBuilder().put("driver", driver))
            .put("columnKind", "unicodeCodePoints")
            .put("results", diagnostics.stream().map(one -> result(one, folder)).toList())
            .build();
    return new MapBuilder()
        .put("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
        .put("version", "2.1.0")
        .put("runs", List.of(run))
        .build();
  }

  private static MapNode result(Diagnostic diagnostic, String folder) {
    String text =
        diagnostic.hint() == null
            ? diagnostic.message()
            : diagnostic.message() + ". Hint: " + diagnostic.hint();
    MapBuilder result =
        new MapBuilder()
            .put("ruleId", diagnostic.code())
            .put("level", level(diagnostic.severity()))
            .put("message", new MapBuilder().put("text", text));
    if (diagnostic.at() != null) {
      result.put("locations", List.of(location(diagnostic.at(), folder)));
    }
    return result.build();
  }

  private static MapNode location(Location at, String folder) {
    String file = folder.isEmpty() ? at.file() : folder + "/" + at.file();
    MapBuilder physical =
        new MapBuilder()
            .put("artifactLocation", new MapBuilder().put("uri", uri(file)))
            .put(
                "region",
                new MapBuilder().put("startLine", at.line()).put("startColumn", at.column()));
    return new MapBuilder().put("physicalLocation", physical).build();
  }

  private static String level(Severity severity) {
    return switch (severity) {
      case ERROR -> "error";
      case WARNING -> "warning";
      case NOTE -> "note";
    };
  }

  /** A relative reference; everything that could be taken for more than a path is escaped. */
  private static String uri(String path) {
    StringBuilder out = new StringBuilder();
    for (byte b : path.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if ((c >= 'a' && c <= 'z')
          || (c >= 'A' && c <= 'Z')
          || (c >= '0' && c <= '9')
          || "-._~/".indexOf(c) >= 0) {
        out.append(c);
      } else {
        out.append(String.format("%%%02X", (int) c));
      }
    }
    return out.toString();
  }
}
