package io.keepset.reconcile;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.plan.FieldChange;
import io.keepset.plan.Figures;
import io.keepset.reconcile.Drift.Applied;
import io.keepset.reconcile.Drift.Item;
import io.keepset.reconcile.Drift.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Drift for people. */
public final class DriftText {
  private DriftText() {}

  public static String print(Drift drift) {
    if (drift.applied().isEmpty()) {
      return "Nothing was applied yet, so nothing can have drifted.\n";
    }
    StringBuilder out = new StringBuilder();
    Applied applied = drift.applied().get();
    out.append("Compared with ")
        .append(Figures.plain(applied.revision().describe()))
        .append(", applied ")
        .append(applied.at().toString(), 0, 16)
        .append("Z\n\n");
    int width = 12;
    for (Item item : drift.items()) {
      width = Math.max(width, item.target().name().length());
    }
    for (Item item : drift.items()) {
      print(item, width, out);
    }
    if (drift.found()) {
      out.append('\n');
    }
    for (Diagnostic note : drift.notes()) {
      out.append(note.severity().word())
          .append(": ")
          .append(Figures.plain(note.message()))
          .append(" [")
          .append(note.code())
          .append("]\n");
      if (note.hint() != null) {
        out.append("  hint: ").append(Figures.plain(note.hint())).append('\n');
      }
    }
    return out.append(summary(drift)).append('\n').toString();
  }

  private static void print(Item item, int width, StringBuilder out) {
    String name = Figures.plain(item.target().name());
    out.append("  ").append(mark(item.kind())).append(' ').append(name);
    out.append(" ".repeat(Math.max(1, width + 2 - name.length())));
    out.append(Figures.plain(item.target().platform())).append(", ").append(what(item));
    out.append('\n');
    int path = 17;
    for (FieldChange field : item.fields()) {
      path = Math.max(path, field.path().length());
    }
    for (FieldChange field : item.fields()) {
      String grade = field.grade().name();
      out.append("      ").append(Figures.plain(field.path()));
      out.append(" ".repeat(path + 2 - field.path().length()));
      out.append(Figures.plain(field.before().orElse("none")))
          .append(" -> ")
          .append(Figures.plain(field.after().orElse("none")))
          .append("     ")
          .append(grade.equals("WEAKENS") ? grade : grade.toLowerCase(Locale.ROOT))
          .append('\n');
    }
  }

  private static char mark(Kind kind) {
    return switch (kind) {
      case CHANGED -> '~';
      case VANISHED -> '-';
      case APPEARED -> '+';
      case DISOWNED, IDLE, UNDECLARED -> '!';
    };
  }

  private static String what(Item item) {
    return switch (item.kind()) {
      case CHANGED -> "is not as applied";
      case VANISHED -> "was applied and is no longer protected";
      case APPEARED -> "is protected, but no apply did that";
      case DISOWNED, IDLE, UNDECLARED -> Figures.plain(item.message().orElse(""));
    };
  }

  private static String summary(Drift drift) {
    if (!drift.found()) {
      return drift.notes().isEmpty()
          ? "No drift: everything is as it was applied."
          : "No drift in what could be looked at.";
    }
    List<String> parts = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      int count = drift.count(kind);
      if (count > 0) {
        parts.add(count + " " + kind.word());
      }
    }
    return "Drift: " + String.join(", ", parts) + ".";
  }
}
