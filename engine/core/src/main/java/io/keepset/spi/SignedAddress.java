package io.keepset.spi;

import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/**
 * An address by which anybody can read an object for a while. It ends with the login that signed
 * it, if that ends first.
 *
 * @param uri a secret as long as it is good
 * @param sooner when it ends, if that is before what was asked for
 * @param unsure whether the login that signed it ends at a time that is not known here
 */
public record SignedAddress(URI uri, Optional<Instant> sooner, boolean unsure) {}
