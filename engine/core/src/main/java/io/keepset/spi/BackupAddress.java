package io.keepset.spi;

import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/**
 * Where the stored bytes of a backup can be fetched for a while, by whoever has the address.
 *
 * @param uri holds a signature that is good until then: a secret as long as it is
 * @param object its key in the store, which is part of what opens sealed bytes
 * @param sealed whether they are encrypted; what lies there is compressed (zstd) in any case
 * @param until when it ends
 * @param caveat what else may end it; empty if nothing does
 */
public record BackupAddress(
    URI uri, String object, boolean sealed, Instant until, Optional<String> caveat) {}
