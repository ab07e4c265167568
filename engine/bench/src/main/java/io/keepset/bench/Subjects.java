package io.keepset.bench;

/** Starts a server, puts data into it, and hands it over. */
@FunctionalInterface
interface Subjects {
  /** What is done with each subject while the server runs. */
  @FunctionalInterface
  interface Each {
    void subject(Subject subject) throws Exception;
  }

  void each(Each each) throws Exception;
}
