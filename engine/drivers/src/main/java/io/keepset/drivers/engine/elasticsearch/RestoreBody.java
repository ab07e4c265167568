package io.keepset.drivers.engine.elasticsearch;

import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import java.util.List;

/** What a cluster is asked to restore. Aliases never: see {@link SnapshotAliases}. */
final class RestoreBody {
  private RestoreBody() {}

  /**
   * Indices and data streams under other names.
   *
   * @param replacement for a name, which is {@code $1}
   * @param ignored settings that they are not to have; patterns may be among them
   */
  static MapNode renaming(
      Version version, List<String> wanted, String replacement, List<String> ignored) {
    MapBuilder body =
        common(version, wanted, false)
            .put("rename_pattern", "(.+)")
            .put("rename_replacement", replacement);
    if (!ignored.isEmpty()) {
      body.putTexts("ignore_index_settings", ignored);
    }
    return body.build();
  }

  /** Templates and persistent settings, without any index. */
  static MapNode globalState(Version version) {
    return common(version, List.of("-*"), true).build();
  }

  private static MapBuilder common(Version version, List<String> wanted, boolean globalState) {
    MapBuilder body =
        new MapBuilder()
            .put("indices", String.join(",", wanted))
            .put("include_aliases", false)
            .put("include_global_state", globalState);
    if (version.product().equals(Version.ELASTICSEARCH)) {
      // Users and the like: what the cluster keeps for itself stays as it is.
      body.putTexts("feature_states", List.of("none"));
    }
    return body;
  }
}
