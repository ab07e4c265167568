package io.keepset.policy;

import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The holds in files that cover a database, as part of its protection: {@code hold.case-1234 ->
 * from 2026-01-01 to 2026-06-30 in Europe/Berlin} among its options. So a hold that ends, gets
 * narrower, or is left because a label or the time zone of the database changes, is a change of the
 * database, and is graded, counted, approved and recorded like any other. What is in force is what
 * was agreed to, whatever the files say by now.
 */
public final class HoldFields {
  /** What begins the key of every such option; no schema of an engine has a key like it. */
  public static final String PREFIX = "hold.";

  private static final HeldDays UNREADABLE =
      HeldDays.parse("all backups").orElseThrow(IllegalStateException::new);

  private HoldFields() {}

  /** The same database with the holds that cover it; each says the line of the hold. */
  public static Resolved add(Resolved resolved, Collection<DeclaredHold> holds) {
    if (holds.isEmpty()) {
      return resolved;
    }
    Protection protection = resolved.protection();
    TreeMap<String, String> options = new TreeMap<>(protection.options().values());
    TreeMap<String, Origin> origins = new TreeMap<>(resolved.origins());
    for (DeclaredHold declared : holds) {
      Hold hold = declared.hold();
      if (hold.covers(protection.name(), protection.labels())) {
        options.put(PREFIX + hold.name(), hold.days(protection.zone()).text());
        origins.put(PREFIX + hold.name(), new Origin("hold " + hold.name(), declared.at()));
      }
    }
    return options.size() == protection.options().values().size()
        ? resolved
        : resolved.with(protection.withOptions(new Options(options)), origins);
  }

  /** The days that each hold keeps, by name. A text that can't be read keeps everything. */
  public static SortedMap<String, HeldDays> of(Protection protection) {
    TreeMap<String, HeldDays> holds = new TreeMap<>();
    for (Map.Entry<String, String> option : protection.options().values().entrySet()) {
      if (option.getKey().startsWith(PREFIX)) {
        holds.put(
            option.getKey().substring(PREFIX.length()),
            HeldDays.parse(option.getValue()).orElse(UNREADABLE));
      }
    }
    return holds;
  }

  /** Without holds: what an engine is to see. */
  public static Options own(Options options) {
    if (options.values().keySet().stream().noneMatch(key -> key.startsWith(PREFIX))) {
      return options;
    }
    TreeMap<String, String> own = new TreeMap<>(options.values());
    own.keySet().removeIf(key -> key.startsWith(PREFIX));
    return new Options(own);
  }
}
