package io.keepset.plan;

import io.keepset.policy.TerraformStateCodec;
import io.keepset.policy.TerraformStateRules;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A setting of the installation that is declared otherwise than it is in force.
 *
 * @param path as in policy files: {@code keepset.terraform.state.versions.last}
 * @param from empty if it is not set
 */
public record SettingChange(String path, Optional<String> from, Optional<String> to, Grade grade) {
  private static final String STATE = "keepset.terraform.state.";
  private static final int SHORT = 8;

  /** How Terraform's states are kept, where that differs in what can be read later. */
  public static List<SettingChange> between(TerraformStateRules now, TerraformStateRules then) {
    List<SettingChange> changes = new ArrayList<>(versions(now, then));
    if (!now.key().equals(then.key())) {
      // Without the old key nothing can be opened that it sealed.
      changes.add(new SettingChange(STATE + "key", now.key(), then.key(), Grade.WEAKENS));
    }
    return changes;
  }

  private static List<SettingChange> versions(TerraformStateRules now, TerraformStateRules then) {
    MapNode before = encoded(now);
    MapNode after = encoded(then);
    TreeSet<String> keys = new TreeSet<>(before.keys());
    keys.addAll(after.keys());
    List<SettingChange> changes = new ArrayList<>();
    for (String key : keys) {
      if (!before.text(key).equals(after.text(key))) {
        changes.add(
            new SettingChange(
                STATE + "versions." + key,
                before.text(key),
                after.text(key),
                RetentionGrading.of(key, now.versions(), then.versions())));
      }
    }
    return changes;
  }

  private static MapNode encoded(TerraformStateRules rules) {
    return TerraformStateCodec.encode(new MapBuilder(), rules)
        .build()
        .map("terraform")
        .flatMap(terraform -> terraform.map("state"))
        .flatMap(state -> state.map("versions"))
        .orElseThrow();
  }

  /** {@code 50 -> 5}. */
  String words() {
    return from.orElse("none") + " -> " + to.orElse("none");
  }

  /**
   * What an approval names. It differs with the values, because a plan's hash says nothing of them:
   * whoever agreed to forty has not agreed to one.
   */
  String name() {
    try {
      byte[] sum =
          MessageDigest.getInstance("SHA-256").digest(words().getBytes(StandardCharsets.UTF_8));
      return path + "." + HexFormat.of().formatHex(sum).substring(0, SHORT);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
