package io.keepset.source;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.diagnostic.Severity;
import java.util.List;
import java.util.Locale;

/** A diagnostic as a tree, for machine output, saved plans and HTTP, and back. */
public final class DiagnosticCodec {
  private DiagnosticCodec() {}

  public static List<MapNode> encode(List<Diagnostic> diagnostics) {
    return diagnostics.stream().map(DiagnosticCodec::encode).toList();
  }

  public static MapNode encode(Diagnostic diagnostic) {
    MapBuilder map =
        new MapBuilder()
            .put("severity", diagnostic.severity().word())
            .put("code", diagnostic.code())
            .put("message", diagnostic.message());
    if (diagnostic.hint() != null) {
      map.put("hint", diagnostic.hint());
    }
    Location at = diagnostic.at();
    if (at != null) {
      map.put("at", location(at));
    }
    if (diagnostic.pointer() != null) {
      map.put("pointer", diagnostic.pointer());
    }
    return map.build();
  }

  /** A place in a policy file. */
  public static MapBuilder location(Location at) {
    return new MapBuilder()
        .put("file", at.file())
        .put("line", at.line())
        .put("column", at.column());
  }

  public static Diagnostic decode(MapNode map) {
    return new Diagnostic(
        Severity.valueOf(map.text("severity").orElse("error").toUpperCase(Locale.ROOT)),
        map.text("code").orElse("remote"),
        map.text("message").orElse(""),
        map.text("hint").orElse(null),
        map.map("at").map(DiagnosticCodec::place).orElse(null),
        map.text("pointer").orElse(null));
  }

  private static Location place(MapNode at) {
    return new Location(at.text("file").orElse(""), number(at, "line"), number(at, "column"));
  }

  private static int number(MapNode map, String key) {
    return map.text(key).map(Integer::parseInt).orElse(1);
  }
}
