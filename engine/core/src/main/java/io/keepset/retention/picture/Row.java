package io.keepset.retention.picture;

import io.keepset.policy.Durations;
import io.keepset.policy.Retention;
import io.keepset.policy.Retention.Tier;
import io.keepset.retention.Decision;
import io.keepset.retention.Reason;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A line of the picture: one rule, and the backups that it keeps.
 *
 * @param style the class of its marks, which colours them
 * @param places how many the rule has; 0 if it does not count
 */
record Row(String rule, String label, String style, int places) {
  /** One for each rule that is set, then those that keep something all the same. */
  static List<Row> of(Retention rules, List<Decision> backups) {
    List<Row> rows = new ArrayList<>();
    if (rules.last() > 0) {
      rows.add(new Row("last", "last " + rules.last(), "t-last", rules.last()));
    }
    for (Map.Entry<Tier, Integer> tier : rules.tiers().entrySet()) {
      String word = tier.getKey().word();
      rows.add(new Row(word, word + " " + tier.getValue(), "t-" + word, tier.getValue()));
    }
    rules
        .within()
        .forEach(
            (tier, age) ->
                rows.add(
                    new Row(
                        tier.withinKey(),
                        (tier == Tier.ALL ? "" : tier.word() + " ")
                            + "within "
                            + Durations.format(age),
                        tier == Tier.ALL ? "t-within" : "t-" + tier.word(),
                        0)));
    Set<String> others = new LinkedHashSet<>();
    for (Decision decision : backups) {
      decision.reasons().forEach(reason -> others.add(reason.rule()));
    }
    if (rules.minimum() <= 1 && backups.stream().noneMatch(Row::onlyByMinimum)) {
      others.remove("minimum"); // the newest, which every other rule keeps too
    }
    rows.forEach(row -> others.remove(row.rule()));
    for (String rule :
        List.of("on_demand", "final", "minimum", "hold", "restoring", "frozen", "no_rule")) {
      if (others.contains(rule)) {
        rows.add(other(rule, rules));
      }
    }
    return rows;
  }

  private static boolean onlyByMinimum(Decision decision) {
    return decision.reasons().size() == 1 && decision.reasons().get(0).rule().equals("minimum");
  }

  private static Row other(String rule, Retention rules) {
    return switch (rule) {
      case "on_demand" ->
          rules.onDemand() == Retention.FOREVER
              ? new Row(rule, "on demand", "t-other", 0)
              : new Row(rule, "on demand " + rules.onDemand(), "t-other", rules.onDemand());
      case "minimum" -> new Row(rule, "minimum " + rules.minimum(), "t-other", rules.minimum());
      case Reason.FROZEN -> new Row(rule, "nothing expires", "t-other", 0);
      case "no_rule" -> new Row(rule, "no rule", "t-other", 0);
      default -> new Row(rule, rule, "t-other", 0);
    };
  }
}
