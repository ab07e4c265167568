package io.keepset.retention;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.diagnostic.Validated;
import io.keepset.source.JsonText;
import io.keepset.source.ListNode;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.SourceFile;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A history of backups out of a text: JSON lines, a map with a {@code time} in each; or one JSON
 * document with a list called {@code backups}, as {@code backup list --json} prints it. Whether a
 * backup is suspicious follows from the sizes, as the runner judges it, unless the line says so.
 */
public final class HistoryLines {
  /** No more mistakes are reported one by one. */
  private static final int MOST = 100;

  private final String file;
  private final HistoryLine line;
  private final List<Diagnostic> found = new ArrayList<>();
  private final List<Backup> backups = new ArrayList<>();
  private int unreported;

  private HistoryLines(String file, ZoneId zone) {
    this.file = file;
    this.line = new HistoryLine(zone, this::report);
  }

  /**
   * Reads all of it.
   *
   * @param file stands for the text in diagnostics
   * @param zone whose clocks times without an offset mean
   * @return in order of time; all mistakes at once
   */
  public static Validated<List<Backup>> read(
      String file, String text, ZoneId zone, int suspiciousBelowPercent) {
    HistoryLines lines = new HistoryLines(file, zone);
    String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
    String first =
        content.lines().map(String::strip).filter(l -> !l.isEmpty()).findFirst().orElse("");
    if (first.equals("{") || first.startsWith("[")) {
      lines.document(content);
    } else {
      lines.lines(content);
    }
    if (lines.unreported > 0) {
      lines.found.add(
          Diagnostic.error(
              "source.too-many", "and " + lines.unreported + " more mistakes in this file", null));
    }
    lines.backups.sort(Comparator.comparing(Backup::time).thenComparing(Backup::id));
    return new Validated<>(
        lines.line.withSuspicion(lines.backups, suspiciousBelowPercent / 100.0), lines.found);
  }

  private void document(String text) {
    Node root = json(text, 0);
    if (root instanceof MapNode map) {
      root = map.get("backups").orElse(root);
    }
    if (root instanceof ListNode list) {
      list.items().forEach(item -> backup(item, item.at()));
    } else if (root != null) {
      report(
          Diagnostic.error("value.type", "a history is a list of backups", root.at())
              .withHint("write a line for each backup: {\"time\": \"2026-11-21T02:00:00Z\"}"));
    }
  }

  private void lines(String text) {
    int number = 0;
    for (String content : (Iterable<String>) text.lines()::iterator) {
      if (!content.isBlank()) {
        Node node = json(content, number);
        if (node != null) {
          backup(node, new Location(file, number + 1, 1));
        }
      }
      number++;
    }
  }

  private @Nullable Node json(String text, int lineBefore) {
    Validated<Node> read =
        JsonText.read(new SourceFile(file, text.getBytes(StandardCharsets.UTF_8)));
    line.beginsAfter(lineBefore);
    read.diagnostics().forEach(d -> report(line.moved(d)));
    return read.hasErrors() ? null : read.value();
  }

  private void backup(Node node, Location at) {
    if (node instanceof MapNode map) {
      line.read(map).ifPresent(backups::add);
    } else {
      report(
          Diagnostic.error("value.type", "a backup is a map, was " + node.kind(), at)
              .withHint("write {\"time\": \"2026-11-21T02:00:00Z\"}"));
    }
  }

  private void report(Diagnostic diagnostic) {
    if (found.size() < MOST) {
      found.add(diagnostic);
    } else {
      unreported++;
    }
  }
}
