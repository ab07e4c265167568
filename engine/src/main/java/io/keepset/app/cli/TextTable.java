package io.keepset.app.cli;

import io.keepset.plan.Figures;
import java.util.ArrayList;
import java.util.List;

/** Columns that line up; the last one is as wide as it likes. */
final class TextTable {
  private final List<List<String>> rows = new ArrayList<>();

  TextTable(String... heads) {
    rows.add(List.of(heads));
  }

  void add(String... cells) {
    rows.add(List.of(cells));
  }

  /** The first line holds the heads. */
  List<String> lines() {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        String cell = Figures.plain(row.get(i));
        line.append(cell);
        if (i < columns - 1) {
          line.append(" ".repeat(Math.max(0, widths[i] - cell.length()) + 2));
        }
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
