package io.keepset.policy;

import io.keepset.diagnostic.Location;
import java.util.Collection;
import java.util.Iterator;

/**
 * A declared store.
 *
 * @param type {@code directory} or {@code s3}
 * @param options by the store's schema: {@code path}; {@code bucket}, {@code region}, …; {@code
 *     encryption.key}
 */
public record StoreSpec(String name, String type, Options options, Location at) {
  /** True if only the line that declares it differs, at most. */
  public boolean isAs(StoreSpec other) {
    return name.equals(other.name) && type.equals(other.type) && options.equals(other.options);
  }

  /** The same for whole sets. */
  public static boolean areAs(Collection<StoreSpec> some, Collection<StoreSpec> others) {
    Iterator<StoreSpec> next = others.iterator();
    return some.size() == others.size() && some.stream().allMatch(one -> one.isAs(next.next()));
  }
}
