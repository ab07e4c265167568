package io.keepset.spi;

/** Turns references ({@code env:NAME}, {@code file:/run/secrets/x}) into values, when needed. */
public interface Secrets {
  /**
   * @throws DriverException DENIED if there is no such secret; the message names the reference
   */
  Secret resolve(String reference) throws DriverException;
}
