package io.keepset.source;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Validated;
import java.util.ArrayList;
import java.util.List;

/** Writes a policy tree in any of the spellings. What is written reads back as the same tree. */
public final class Writers {
  private Writers() {}

  /** The text; or why HCL can't say the tree, which happens for trees that are no policies. */
  public static Validated<Written> write(MapNode tree, Spelling spelling) {
    return switch (spelling) {
      case YAML -> Validated.of(new Written(YamlText.write(tree), List.of()));
      case HCL -> hcl(tree);
      case JSON -> Validated.of(new Written(JsonText.write(tree), comments(tree)));
    };
  }

  private static Validated<Written> hcl(MapNode tree) {
    List<Diagnostic> unsayable =
        HclText.unsayable(tree).stream()
            .map(
                e ->
                    Diagnostic.error(
                            "source.hcl.name",
                            Words.quote(e.key()) + " can't be the name of a block in HCL",
                            e.keyAt())
                        .withHint("begin with a letter and use letters, digits, _ and -"))
            .toList();
    return unsayable.isEmpty()
        ? Validated.of(new Written(HclText.write(tree), List.of()))
        : Validated.failed(unsayable);
  }

  /** All comments below a node, in their order. */
  static List<String> comments(Node node) {
    List<String> found = new ArrayList<>();
    collect(node, found);
    return found;
  }

  private static void collect(Node node, List<String> found) {
    if (node instanceof MapNode map) {
      for (MapNode.Entry entry : map.entries()) {
        found.addAll(entry.commentsBefore());
        if (entry.commentAfter() != null) {
          found.add(entry.commentAfter());
        }
        collect(entry.value(), found);
      }
      found.addAll(map.closingComments());
    } else if (node instanceof ListNode list) {
      list.items().forEach(item -> collect(item, found));
    }
  }
}
