package io.keepset.terraform.state;

import java.time.Instant;

/**
 * Who holds the lock on a state.
 *
 * @param by the name of the token that took it
 * @param since when that was, by our clock
 */
public record Holder(StateLock lock, String by, Instant since) {}
