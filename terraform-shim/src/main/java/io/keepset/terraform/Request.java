package io.keepset.terraform;

import io.keepset.access.Caller;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One call over HTTP by somebody who has shown a token.
 *
 * @param method as sent, also {@code LOCK} and {@code UNLOCK}
 * @param path segments after {@code /terraform/}, decoded: {@code state}, {@code prod}
 * @param query decoded as a form is, because Terraform encodes it again so when it adds a lock's ID
 * @param headers names in lower case
 * @param body read at most once; whoever reads it limits its length
 * @param memory to be asked before an answer takes much
 */
public record Request(
    String method,
    List<String> path,
    Map<String, List<String>> query,
    SortedMap<String, String> headers,
    InputStream body,
    Caller caller,
    Memory memory) {
  /** What bodies and answers may take of the memory, all callers together. */
  public interface Memory {
    /**
     * Waits until there is so much; it is given back when the answer is out.
     *
     * @throws RuntimeException that whoever mounts the shim answers, if that takes too long
     */
    void take(long bytes);
  }

  /** Where memory is nobody's concern. */
  public Request(
      String method,
      List<String> path,
      Map<String, List<String>> query,
      SortedMap<String, String> headers,
      InputStream body,
      Caller caller) {
    this(method, path, query, headers, body, caller, bytes -> {});
  }

  public Request {
    path = List.copyOf(path);
    headers = new TreeMap<>(headers);
  }

  /** A header by its name in lower case. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** The first value of a query parameter. */
  public Optional<String> query(String name) {
    return query.getOrDefault(name, List.of()).stream().findFirst();
  }
}
