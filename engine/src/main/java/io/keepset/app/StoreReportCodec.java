package io.keepset.app;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.source.DiagnosticCodec;
import io.keepset.source.ListNode;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.ScalarNode;
import io.keepset.spi.StoreOperations.Report;
import java.util.ArrayList;
import java.util.List;

/** What was found in a store, as a tree and back. */
public final class StoreReportCodec {
  private StoreReportCodec() {}

  public static MapNode encode(Report report) {
    return new MapBuilder()
        .put("store", report.store())
        .put("describe", report.describe())
        .put("good", report.good())
        .put("backups", report.backups())
        .put("bytes", report.bytes())
        .putTexts("changes", report.changes())
        .put("findings", DiagnosticCodec.encode(report.findings()))
        .build();
  }

  public static Report decode(MapNode map) {
    List<Diagnostic> findings = new ArrayList<>();
    for (Node finding : items(map, "findings")) {
      if (finding instanceof MapNode one) {
        findings.add(DiagnosticCodec.decode(one));
      }
    }
    return new Report(
        map.text("store").orElse(""),
        map.text("describe").orElse(""),
        map.text("backups").map(Integer::parseInt).orElse(0),
        map.text("bytes").map(Long::parseLong).orElse(0L),
        texts(map, "changes"),
        findings);
  }

  /** The items of a list of text. */
  public static List<String> texts(MapNode map, String key) {
    List<String> texts = new ArrayList<>();
    for (Node item : items(map, key)) {
      if (item instanceof ScalarNode scalar) {
        texts.add(scalar.text());
      }
    }
    return List.copyOf(texts);
  }

  private static List<Node> items(MapNode map, String key) {
    return map.get(key).orElse(null) instanceof ListNode list ? list.items() : List.of();
  }
}
