package io.keepset.terraform;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is answered.
 *
 * @param status of HTTP
 * @param headers as they are sent; Content-Length is the server's business
 * @param body never changed after this
 */
@SuppressWarnings("ArrayRecordComponent") // answers are written, never compared
public record Reply(int status, SortedMap<String, String> headers, byte[] body) {
  private static final byte[] NOTHING = {};

  public Reply {
    headers = new TreeMap<>(headers);
  }

  /** Without a body. */
  public static Reply of(int status) {
    return new Reply(status, new TreeMap<>(), NOTHING);
  }

  public static Reply of(int status, String contentType, byte[] body) {
    return new Reply(status, new TreeMap<>(), body).with("Content-Type", contentType);
  }

  /** The same with one header more. */
  public Reply with(String name, String value) {
    SortedMap<String, String> more = new TreeMap<>(headers);
    more.put(name, value);
    return new Reply(status, more, body);
  }
}
