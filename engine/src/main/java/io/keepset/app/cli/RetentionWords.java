package io.keepset.app.cli;

import io.keepset.policy.Durations;
import io.keepset.policy.Retention;
import io.keepset.source.MapBuilder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Retention rules as they stand in policy files. */
final class RetentionWords {
  private RetentionWords() {}

  /** By key, in the order of the tiers; only what is set. */
  static Map<String, String> rules(Retention retention) {
    Map<String, String> rules = new LinkedHashMap<>();
    if (retention.last() > 0) {
      rules.put("last", String.valueOf(retention.last()));
    }
    retention.tiers().forEach((tier, n) -> rules.put(tier.word(), String.valueOf(n)));
    retention.within().forEach((tier, age) -> rules.put(tier.withinKey(), Durations.format(age)));
    if (retention.onDemand() != Retention.FOREVER) {
      rules.put("on_demand", String.valueOf(retention.onDemand()));
    }
    rules.put("minimum", String.valueOf(retention.minimum()));
    return rules;
  }

  /** The same for machines. */
  static MapBuilder json(Retention retention) {
    MapBuilder json = new MapBuilder();
    rules(retention)
        .forEach(
            (key, value) -> {
              if (value.chars().allMatch(Character::isDigit)) {
                json.put(key, Long.parseLong(value));
              } else {
                json.put(key, value);
              }
            });
    return json;
  }

  /** {@code daily 7, weekly 4}. */
  static String line(Retention retention) {
    Map<String, String> rules = rules(retention);
    rules.remove("minimum", "1");
    return rules.isEmpty()
        ? "no rule: everything is kept"
        : rules.entrySet().stream()
            .map(rule -> rule.getKey() + " " + rule.getValue())
            .collect(Collectors.joining(", "));
  }
}
