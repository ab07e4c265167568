package io.keepset.policy;

import io.keepset.diagnostic.Location;
import io.keepset.policy.Compliance.Forbidden;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The compliance rules that apply to a database, as part of its protection: {@code
 * compliance.pci.minimum.retention.daily -> 30}, {@code compliance.pci.forbid.disable -> true}
 * among its options. So a rule that is loosened or removed, or left because a label or the
 * environment of the database changes, is a change of the database, and is graded, approved and
 * recorded like any other. What is in force is what was agreed to, whatever the files say by now.
 */
public final class ComplianceFields {
  /** What begins the key of every such option; no schema of an engine has a key like it. */
  public static final String PREFIX = "compliance.";

  private static final String MINIMUM = "minimum.";
  private static final String FORBID = "forbid.";

  private ComplianceFields() {}

  /** The same database with the rules that apply to it; each value says its line. */
  public static Resolved add(Resolved resolved, Collection<Compliance> rules) {
    if (rules.stream().noneMatch(rule -> rule.scope().covers(resolved.protection()))) {
      return resolved;
    }
    TreeMap<String, String> options = new TreeMap<>(own(resolved.protection().options()).values());
    TreeMap<String, Origin> origins = new TreeMap<>(resolved.origins());
    for (Compliance rule : rules) {
      if (rule.scope().covers(resolved.protection())) {
        for (Map.Entry<String, String> field : of(rule).entrySet()) {
          String path = PREFIX + rule.name() + "." + field.getKey();
          options.put(path, field.getValue());
          Location at = rule.at(field.getKey());
          origins.put(path, new Origin("compliance " + rule.name(), at));
        }
      }
    }
    return resolved.with(resolved.protection().withOptions(new Options(options)), origins);
  }

  private static SortedMap<String, String> of(Compliance rule) {
    TreeMap<String, String> fields = new TreeMap<>();
    rule.minimum().values().forEach((path, value) -> fields.put(MINIMUM + path, value));
    for (Forbidden forbidden : rule.forbid()) {
      fields.put(FORBID + forbidden.word(), "true");
    }
    return fields;
  }

  /** The least that each rule demands: rule and path to value, by the path of the option. */
  public static SortedMap<String, Demand> demands(Protection protection) {
    TreeMap<String, Demand> demands = new TreeMap<>();
    for (Map.Entry<String, String> option : fields(protection).entrySet()) {
      String[] parts = split(option.getKey());
      if (parts[1].startsWith(MINIMUM)) {
        String path = parts[1].substring(MINIMUM.length());
        demands.put(option.getKey(), new Demand(parts[0], path, option.getValue()));
      }
    }
    return demands;
  }

  /**
   * What may not be done: the path of the option, by what it forbids; the first rule's, if several.
   */
  public static SortedMap<Forbidden, String> forbidden(Protection protection) {
    TreeMap<Forbidden, String> forbidden = new TreeMap<>();
    for (String key : fields(protection).keySet()) {
      String[] parts = split(key);
      if (parts[1].startsWith(FORBID)) {
        Forbidden.of(parts[1].substring(FORBID.length()))
            .ifPresent(what -> forbidden.putIfAbsent(what, key));
      }
    }
    return forbidden;
  }

  /** True if a rule applies to it. */
  public static boolean any(Protection protection) {
    return !fields(protection).isEmpty();
  }

  /** Most protections have none, so they are found by their place in the order. */
  private static SortedMap<String, String> fields(Protection protection) {
    return protection.options().values().subMap(PREFIX, PREFIX + Character.MAX_VALUE);
  }

  /** The name of the rule that an option belongs to. */
  public static String rule(String key) {
    return split(key)[0];
  }

  /** Without the rules: what an engine is to see. */
  public static Options own(Options options) {
    if (options.values().keySet().stream().noneMatch(key -> key.startsWith(PREFIX))) {
      return options;
    }
    TreeMap<String, String> own = new TreeMap<>(options.values());
    own.keySet().removeIf(key -> key.startsWith(PREFIX));
    return new Options(own);
  }

  /** Names have no dots, so the first one ends the rule's. */
  private static String[] split(String key) {
    String rest = key.substring(PREFIX.length());
    int dot = rest.indexOf('.');
    return dot < 0
        ? new String[] {rest, ""}
        : new String[] {rest.substring(0, dot), rest.substring(dot + 1)};
  }
}
