package io.keepset.runner;

import io.keepset.diagnostic.Severity;

/**
 * Hears what the runner does on its own: what it settled after a crash, what expired, what a dump
 * warned of. Called from any thread; must not throw.
 */
@FunctionalInterface
public interface Journal {
  Journal NONE = (severity, subject, message) -> {};

  /**
   * @param subject a backup's id, a database or a store
   * @param message a sentence for people, without secrets
   */
  void tell(Severity severity, String subject, String message);
}
