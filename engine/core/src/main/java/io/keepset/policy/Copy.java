package io.keepset.policy;

/**
 * A further copy of each backup in another store.
 *
 * @param name unique within its policy
 * @param to name of the store
 */
public record Copy(String name, String to, Retention retention) {}
