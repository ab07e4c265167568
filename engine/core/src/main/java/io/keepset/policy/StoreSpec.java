package io.keepset.policy;

import io.keepset.diagnostic.Location;

/**
 * A declared store.
 *
 * @param type {@code directory} or {@code s3}
 * @param options by the store's schema: {@code path}; {@code bucket}, {@code region}, …; {@code
 *     encryption.key}
 */
public record StoreSpec(String name, String type, Options options, Location at) {}
