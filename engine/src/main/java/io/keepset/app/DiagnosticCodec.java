package io.keepset.app;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.diagnostic.Severity;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import java.util.Locale;

/** A diagnostic as a tree, for {@code --json} and HTTP, and back. */
public final class DiagnosticCodec {
  private DiagnosticCodec() {}

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
      map.put("file", at.file()).put("line", at.line()).put("column", at.column());
    }
    if (diagnostic.pointer() != null) {
      map.put("pointer", diagnostic.pointer());
    }
    return map.build();
  }

  public static Diagnostic decode(MapNode map) {
    return new Diagnostic(
        Severity.valueOf(map.text("severity").orElse("error").toUpperCase(Locale.ROOT)),
        map.text("code").orElse("remote"),
        map.text("message").orElse(""),
        map.text("hint").orElse(null),
        map.text("file")
            .map(file -> new Location(file, number(map, "line"), number(map, "column")))
            .orElse(null),
        map.text("pointer").orElse(null));
  }

  private static int number(MapNode map, String key) {
    return map.text(key).map(Integer::parseInt).orElse(1);
  }
}
