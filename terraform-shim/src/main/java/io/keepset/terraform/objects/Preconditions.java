package io.keepset.terraform.objects;

import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.terraform.Refusal;
import io.keepset.terraform.Request;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** {@code If-Match} and {@code If-None-Match} (RFC 9110, section 13.1) on one object. */
final class Preconditions {
  private final Optional<String> ifMatch;
  private final Optional<String> ifNoneMatch;

  private Preconditions(Optional<String> ifMatch, Optional<String> ifNoneMatch) {
    this.ifMatch = ifMatch;
    this.ifNoneMatch = ifNoneMatch;
  }

  static Preconditions of(Request request) {
    return new Preconditions(request.header("if-match"), request.header("if-none-match"));
  }

  /**
   * @throws Refusal 412
   */
  void check(ObjectName object, Optional<MapNode> there) {
    Optional<String> now = there.map(CanonicalJson::etag);
    if (ifMatch.isPresent() && (now.isEmpty() || !lists(ifMatch.get(), now.get(), false))) {
      throw failed(
          now.isEmpty()
              ? object + " is not there, but If-Match asks for " + ifMatch.get()
              : object + " was changed: its ETag is " + now.get() + ", not " + ifMatch.get(),
          now);
    }
    if (ifNoneMatch.isPresent() && now.isPresent() && lists(ifNoneMatch.get(), now.get(), true)) {
      throw failed(object + " is there already, with the ETag " + now.get(), now);
    }
  }

  /** True if a reader who has this already need not get it again. */
  boolean unchanged(String etag) {
    return ifNoneMatch.isPresent() && lists(ifNoneMatch.get(), etag, true);
  }

  private static Refusal failed(String detail, Optional<String> etag) {
    Refusal refusal = new Refusal(412, detail + "; read it again and decide");
    return etag.map(tag -> refusal.with("etag", MapBuilder.text(tag))).orElse(refusal);
  }

  /**
   * @param weak whether a tag that is marked as weak counts
   */
  private static boolean lists(String header, String etag, boolean weak) {
    List<String> tags = Arrays.stream(header.split(",")).map(String::strip).toList();
    return tags.contains("*") || tags.contains(etag) || (weak && tags.contains("W/" + etag));
  }
}
