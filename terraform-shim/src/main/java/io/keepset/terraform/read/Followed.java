package io.keepset.terraform.read;

import java.time.Instant;
import java.util.Optional;

/**
 * What the server follows.
 *
 * @param version of Keepset
 * @param source where the policies are, as printed
 * @param mode {@code observe}, {@code additive} or {@code full}
 * @param state {@code in-force}, {@code failing} or {@code starting}
 * @param revision that was looked at last
 * @param appliedAt when something was last applied
 * @param problem why the revision is not in force
 */
public record Followed(
    String version,
    String source,
    String mode,
    String state,
    Optional<String> revision,
    Optional<Instant> appliedAt,
    Optional<String> problem) {}
