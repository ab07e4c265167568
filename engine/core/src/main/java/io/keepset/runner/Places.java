package io.keepset.runner;

import java.util.Optional;

/** Places for work in a store, where that is limited. */
@FunctionalInterface
public interface Places {
  /** As many as anybody asks for. */
  Places UNLIMITED = store -> Optional.of(() -> {});

  /** Takes a place in this store; empty if all are taken now. */
  Optional<Place> take(String store);

  /** One place that is ours until it is closed. */
  @FunctionalInterface
  interface Place extends AutoCloseable {
    @Override
    void close();
  }
}
