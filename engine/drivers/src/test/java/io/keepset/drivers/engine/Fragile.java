package io.keepset.drivers.engine;

import io.keepset.drivers.lab.Relay;
import io.keepset.spi.Source;
import java.util.function.BooleanSupplier;

/**
 * A database whose server can fail while an engine works with it. The engine's limits are a few
 * seconds.
 *
 * @param source to dump, or to log in with for a restore
 * @param name for a restore into something new; nothing has it yet
 * @param death ends the server, as a crash would, as soon as it is asked a little more
 * @param hang silences the server: it says nothing, and does not hang up
 * @param quiet whether nobody still waits for an answer that nobody reads
 */
public record Fragile(
    Source source,
    String name,
    Runnable death,
    Runnable hang,
    BooleanSupplier quiet,
    Runnable closing)
    implements AutoCloseable {
  /** So much may still pass: less than any restore needs. */
  private static final long LITTLE = 2000;

  /** One behind a relay, to which the source, or the name, leads. */
  public static Fragile behind(Relay relay, Source source, String name) {
    return new Fragile(
        source, name, () -> relay.dieAfter(LITTLE), relay::freeze, relay::quiet, relay::close);
  }

  @Override
  public void close() {
    closing.run();
  }
}
