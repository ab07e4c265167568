package io.keepset.terraform;

import java.io.IOException;

/** Answers everything under one first segment of the path. Safe for several threads. */
public interface Section {
  /**
   * @throws Refusal if the request can't be granted; the shim makes the answer of it
   * @throws IOException if the body could not be read: the caller has gone
   */
  Reply answer(Request request) throws IOException;
}
