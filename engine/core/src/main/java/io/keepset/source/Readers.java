package io.keepset.source;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.diagnostic.Validated;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a policy file in whichever spelling its extension names. For any bytes this returns: no
 * input makes it throw, hang or take much more memory than the file has.
 */
public final class Readers {
  private Readers() {}

  /**
   * The tree, and all mistakes that could be found. There is no tree when a mistake leaves a hole
   * in it; a key that stands twice does not: the first one counts. An empty file is an empty map.
   */
  public static Validated<MapNode> read(SourceFile file) {
    return Spelling.of(file.path())
        .map(spelling -> read(file, spelling))
        .orElseGet(
            () ->
                Validated.failed(
                    List.of(
                        Diagnostic.error(
                                "source.spelling",
                                "the file's extension names no spelling",
                                new Location(file.path(), 1, 1))
                            .withHint("policy files end in .yaml, .yml, .hcl or .json"))));
  }

  /** The same for a text that has no file name of its own. */
  public static Validated<MapNode> read(SourceFile file, Spelling spelling) {
    Problems problems = new Problems();
    MapNode tree = read(file, spelling, problems);
    return new Validated<>(problems.broken() ? null : tree, problems.all());
  }

  private static @Nullable MapNode read(SourceFile file, Spelling spelling, Problems problems) {
    Location start = new Location(file.path(), 1, 1);
    SourceText text = SourceText.decode(file, Limits.POLICY, problems);
    if (text != null) {
      text.checkCharacters(problems);
    }
    if (text == null || problems.broken()) {
      return null;
    }
    Node root =
        switch (spelling) {
          case YAML -> new YamlReader(text, Limits.POLICY, problems).read();
          case HCL -> new HclReader(text, Limits.POLICY, problems).read();
          case JSON -> new JsonReader(text, Limits.POLICY, problems).read();
        };
    if (root == null) {
      return new MapNode(start, List.of());
    }
    if (!(root instanceof MapNode map)) {
      problems.addBreaking(Mistakes.root(root));
      return null;
    }
    TextCheck.check(map, problems);
    return map;
  }
}
