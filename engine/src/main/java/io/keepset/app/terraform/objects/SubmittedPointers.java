package io.keepset.app.terraform.objects;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.source.ListNode;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.Readers;
import io.keepset.source.SourceFile;
import io.keepset.terraform.objects.ObjectName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns places in the file that an object would become into JSON pointers into what was submitted:
 * the caller has never seen the file.
 */
final class SubmittedPointers {
  private final String file;
  private final String prefix;
  private final Map<Location, String> pointers = new HashMap<>();

  SubmittedPointers(ObjectName object, SourceFile file) {
    this.file = file.path();
    this.prefix = object.pointer();
    MapNode tree = Readers.read(file).value();
    if (tree != null) {
      walk(tree, "");
    }
  }

  /** Outermost first, so that the innermost that begins at a place has it. */
  private void walk(Node node, String pointer) {
    pointers.put(node.at(), pointer);
    if (node instanceof MapNode map) {
      for (MapNode.Entry entry : map.entries()) {
        String child = pointer + "/" + escaped(entry.key());
        pointers.put(entry.keyAt(), child);
        walk(entry.value(), child);
      }
    } else if (node instanceof ListNode list) {
      for (int i = 0; i < list.items().size(); i++) {
        walk(list.items().get(i), pointer + "/" + i);
      }
    }
  }

  private static String escaped(String key) {
    return key.replace("~", "~0").replace("/", "~1");
  }

  /** True for what is said about the submitted object. */
  boolean concerns(Diagnostic diagnostic) {
    return diagnostic.at() != null && diagnostic.at().file().equals(file);
  }

  List<Diagnostic> translate(List<Diagnostic> diagnostics) {
    return diagnostics.stream().map(this::translate).toList();
  }

  private Diagnostic translate(Diagnostic diagnostic) {
    if (!concerns(diagnostic)) {
      return diagnostic;
    }
    String known = diagnostic.pointer();
    String found = pointers.getOrDefault(diagnostic.at(), known == null ? "" : known);
    return new Diagnostic(
        diagnostic.severity(),
        diagnostic.code(),
        diagnostic.message(),
        diagnostic.hint(),
        null,
        found.startsWith(prefix) ? found.substring(prefix.length()) : "");
  }
}
