package io.keepset.terraform.read;

import io.keepset.source.JsonText;
import io.keepset.source.Node;
import io.keepset.terraform.Reply;
import io.keepset.terraform.Request;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A document as it is sent. Equal documents have equal entity tags, here, on other nodes and after
 * a restart.
 *
 * @param body never changed
 * @param tag with its quotes
 */
@SuppressWarnings("ArrayRecordComponent") // written, never compared
record Rendered(byte[] body, String tag) {
  private static final int TAG_BYTES = 16;

  static Rendered of(Node document) {
    return of(JsonText.writeCompact(document).getBytes(StandardCharsets.UTF_8));
  }

  static Rendered of(byte[] body) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(body);
      return new Rendered(body, '"' + HexFormat.of().formatHex(hash, 0, TAG_BYTES) + '"');
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** 304 without a body if the caller has this document already, otherwise 200 with it. */
  Reply answer(Request request) {
    boolean has = request.header("if-none-match").filter(this::isNamedIn).isPresent();
    Reply reply = has ? Reply.of(304) : Reply.of(200, "application/json", body);
    return reply.with("ETag", tag).with("Cache-Control", "private, no-cache");
  }

  /** Weak or strong, as RFC 9110 has it for this header. */
  private boolean isNamedIn(String header) {
    return header.strip().equals("*")
        || Arrays.stream(header.split(",", -1))
            .map(String::strip)
            .map(one -> one.startsWith("W/") ? one.substring(2) : one)
            .anyMatch(tag::equals);
  }
}
