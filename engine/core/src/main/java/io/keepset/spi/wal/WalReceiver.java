package io.keepset.spi.wal;

import java.util.Optional;

/** A receiver under way: it writes segments into its directory until it is closed. */
public interface WalReceiver extends AutoCloseable {
  boolean alive();

  /** Of its process, for tests and for people. */
  long pid();

  /** Why it ended, in words for people; empty while it runs. No secrets. */
  Optional<String> failure();

  /** Ends it in good order; what it has received stays. */
  @Override
  void close();
}
