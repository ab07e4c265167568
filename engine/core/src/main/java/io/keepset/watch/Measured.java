package io.keepset.watch;

import java.time.Duration;
import java.time.Instant;

/** How long something took when it was last done. */
public record Measured(Duration took, Instant at) {}
