package io.keepset.retention;

/**
 * What a copy is a copy of.
 *
 * @param backup id of the original, which may be gone by now
 * @param name of the copy in the policy: {@code dr}
 */
public record CopyOf(String backup, String name) {}
