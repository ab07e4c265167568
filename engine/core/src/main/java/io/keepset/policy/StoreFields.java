package io.keepset.policy;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a database's store is set up, as part of the database's protection: {@code store.type},
 * {@code store.path}, {@code store.encryption.disabled}, … among its options. So a store that moves
 * is a change of every database in it, and is compared, graded, held back and recorded like any
 * other.
 */
public final class StoreFields {
  /** What begins the key of every such option; no schema of an engine has a key like it. */
  public static final String PREFIX = "store.";

  private static final String TYPE = PREFIX + "type";

  private StoreFields() {}

  /** The same database with the settings of its store; each says the line of the store. */
  public static Resolved add(Resolved resolved, StoreSpec store) {
    SortedMap<String, String> fields = of(store);
    TreeMap<String, String> options = new TreeMap<>(own(resolved.protection().options()).values());
    options.putAll(fields);
    TreeMap<String, Origin> origins = new TreeMap<>(resolved.origins());
    Origin origin = new Origin("store " + store.name(), store.at());
    fields.keySet().forEach(field -> origins.put(field, origin));
    return new Resolved(
        resolved.protection().withOptions(new Options(options)),
        resolved.policy(),
        origins,
        resolved.declaredAt());
  }

  /** The same protection with the settings of its store. */
  public static Protection add(Protection protection, StoreSpec store) {
    TreeMap<String, String> options = new TreeMap<>(own(protection.options()).values());
    options.putAll(of(store));
    return protection.withOptions(new Options(options));
  }

  /** Without the settings of the store: what an engine is to see. */
  public static Options own(Options options) {
    if (options.values().keySet().stream().noneMatch(key -> key.startsWith(PREFIX))) {
      return options;
    }
    TreeMap<String, String> own = new TreeMap<>(options.values());
    own.keySet().removeIf(key -> key.startsWith(PREFIX));
    return new Options(own);
  }

  /** False for a protection that was recorded without the settings of its store. */
  public static boolean known(Protection protection) {
    return protection.options().get(TYPE).isPresent();
  }

  private static SortedMap<String, String> of(StoreSpec store) {
    TreeMap<String, String> fields = new TreeMap<>();
    fields.put(TYPE, store.type());
    for (Map.Entry<String, String> option : store.options().values().entrySet()) {
      fields.put(PREFIX + option.getKey(), option.getValue());
    }
    return fields;
  }
}
