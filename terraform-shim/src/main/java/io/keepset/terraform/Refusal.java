package io.keepset.terraform;

import io.keepset.access.Role;
import io.keepset.diagnostic.Diagnostic;
import io.keepset.source.Node;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** A request that is answered with a status of 400 to 499 and a problem document (RFC 9457). */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final transient List<Diagnostic> diagnostics;
  private final transient SortedMap<String, Node> members = new TreeMap<>();

  public Refusal(int status, String detail) {
    this(status, detail, List.of());
  }

  public Refusal(int status, String detail, List<Diagnostic> diagnostics) {
    super(detail);
    this.status = status;
    this.diagnostics = List.copyOf(diagnostics);
  }

  /**
   * To be called first by whatever needs more than to be known.
   *
   * @throws Refusal 403 if the caller's role does not allow it
   */
  public static void unless(Request request, Role needed) {
    if (!request.caller().role().may(needed)) {
      throw new Refusal(
          403,
          "this needs a token with the role "
              + needed
              + "; the one that was sent has the role "
              + request.caller().role());
    }
  }

  /** Tells more in the problem document, as RFC 9457 allows; the answer is this refusal. */
  public Refusal with(String member, Node value) {
    members.put(member, value);
    return this;
  }

  /** What the problem document has beyond the usual. */
  public SortedMap<String, Node> members() {
    return Collections.unmodifiableSortedMap(members);
  }

  public int status() {
    return status;
  }

  /** What is wrong with what was submitted, if that is why. */
  public List<Diagnostic> diagnostics() {
    return diagnostics;
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this; // it is an answer, not a fault of ours
  }
}
