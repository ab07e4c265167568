package io.keepset.app.remote;

import io.keepset.source.JsonText;
import io.keepset.source.MapNode;
import io.keepset.source.SourceFile;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.net.URI;
import java.util.Optional;

/** A problem document, read back into what the server threw. */
final class RemoteProblem {
  private static final String TYPE = "urn:keepset:problem:";

  private RemoteProblem() {}

  /** The failed backup that a problem carries, if it does. */
  static Optional<MapNode> backup(byte[] body) {
    return JsonText.read(new SourceFile("answer", body))
        .valid()
        .flatMap(node -> node instanceof MapNode map ? map.map("backup") : Optional.empty());
  }

  static DriverException of(URI base, int status, byte[] body) {
    Optional<MapNode> problem =
        JsonText.read(new SourceFile("answer", body))
            .valid()
            .map(node -> node instanceof MapNode map ? map : null);
    if (problem.isEmpty() || !problem.get().text("type").orElse("").startsWith(TYPE)) {
      return new DriverException(
          status >= 500 ? Kind.TRANSIENT : Kind.REJECTED,
          "what answers at " + base + " is no keepset server (HTTP " + status + ")");
    }
    if (status == 401) {
      return new DriverException(
          Kind.DENIED,
          "the server at "
              + base
              + " does not know this token: put the one that it printed at its"
              + " first start into KEEPSET_TOKEN");
    }
    return toException(status, problem.get());
  }

  /** Guards did not let it through; why is in its diagnostics. */
  static boolean isRefusal(MapNode problem) {
    return problem.text("type").equals(Optional.of(TYPE + "refused"));
  }

  static DriverException toException(int status, MapNode problem) {
    String type = problem.text("type").orElse("");
    String kind = type.startsWith(TYPE) ? type.substring(TYPE.length()) : "";
    String detail = problem.text("detail").orElse("the server answered " + status);
    return new DriverException(
        switch (kind) {
          case "transient" -> Kind.TRANSIENT;
          case "denied" -> Kind.DENIED;
          case "not-found" -> Kind.NOT_FOUND;
          case "damaged" -> Kind.DAMAGED;
          default -> Kind.REJECTED;
        },
        detail);
  }
}
