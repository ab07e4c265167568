package io.keepset.policy;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a database's store is set up, as part of the database's protection: {@code store.type},
 * {@code store.path}, {@code store.encryption.disabled}, … among its options. So a store that moves
 * is a change of every database in it, or with copies in it, and is compared, graded, held back and
 * recorded like any other.
 */
public final class StoreFields {
  /** What begins the key of every such option; no schema of an engine has a key like it. */
  public static final String PREFIX = "store.";

  /** The settings that say where backups lie: what is elsewhere does not reach the earlier ones. */
  public static final Set<String> PLACE =
      Set.of("type", "path", "bucket", "endpoint", "prefix", "region");

  private static final String TYPE = PREFIX + "type";
  private static final String COPY = "copy.";

  private StoreFields() {}

  /** The same database with the settings of its store; each says the line of the store. */
  public static Resolved add(Resolved resolved, StoreSpec store) {
    return add(resolved, Map.of(store.name(), store));
  }

  /**
   * The same database with the settings of its store, and those of the stores that its copies go
   * to: {@code store.copy.dr.path}.
   *
   * @param stores by name; what is not among them is left out
   */
  public static Resolved add(Resolved resolved, Map<String, StoreSpec> stores) {
    Protection protection = resolved.protection();
    TreeMap<String, String> options = new TreeMap<>(own(protection.options()).values());
    TreeMap<String, Origin> origins = new TreeMap<>(resolved.origins());
    protection.store().ifPresent(name -> put(PREFIX, stores.get(name), options, origins));
    protection
        .copies()
        .values()
        .forEach(c -> put(PREFIX + ofCopy(c.name()), stores.get(c.to()), options, origins));
    return resolved.with(resolved.protection().withOptions(new Options(options)), origins);
  }

  /** The same protection with the settings of the stores of it and of its copies, by name. */
  public static Protection add(Protection protection, Map<String, StoreSpec> stores) {
    TreeMap<String, String> options = new TreeMap<>(own(protection.options()).values());
    Map<String, Origin> unused = new TreeMap<>();
    protection.store().ifPresent(name -> put(PREFIX, stores.get(name), options, unused));
    protection
        .copies()
        .values()
        .forEach(c -> put(PREFIX + ofCopy(c.name()), stores.get(c.to()), options, unused));
    return protection.withOptions(new Options(options));
  }

  /** True if backups in the one are in the other. */
  public static boolean samePlace(StoreSpec one, StoreSpec other) {
    for (String setting : PLACE) {
      String here = setting.equals("type") ? one.type() : one.options().get(setting, "");
      String there = setting.equals("type") ? other.type() : other.options().get(setting, "");
      if (!here.equals(there)) {
        return false;
      }
    }
    return true;
  }

  /** What the fields of the store of a copy begin with, after {@link #PREFIX}. */
  public static String ofCopy(String name) {
    return COPY + name + ".";
  }

  private static void put(
      String prefix,
      @Nullable StoreSpec store,
      Map<String, String> options,
      Map<String, Origin> origins) {
    if (store != null) {
      Origin origin = new Origin("store " + store.name(), store.at());
      of(prefix, store)
          .forEach(
              (field, value) -> {
                options.put(field, value);
                origins.put(field, origin);
              });
    }
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

  private static SortedMap<String, String> of(String prefix, StoreSpec store) {
    TreeMap<String, String> fields = new TreeMap<>();
    fields.put(prefix + "type", store.type());
    for (Map.Entry<String, String> option : store.options().values().entrySet()) {
      fields.put(prefix + option.getKey(), option.getValue());
    }
    return fields;
  }
}
