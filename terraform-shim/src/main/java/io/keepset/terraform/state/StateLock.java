package io.keepset.terraform.state;

import io.keepset.source.JsonText;
import io.keepset.source.MapNode;
import io.keepset.source.ScalarNode;
import io.keepset.source.SourceFile;
import io.keepset.terraform.Refusal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * A lock as Terraform describes it. Format: the JSON that its {@code http} backend sends with
 * {@code LOCK}, an object of texts: ID, Operation, Info, Who, Version, Created (RFC 3339), Path.
 *
 * @param id by which its holder writes and unlocks; a UUID of Terraform's making
 * @param json as it came, to be shown to whoever finds the state locked
 */
public record StateLock(String id, String json) {
  /** What a lock at most takes; Terraform's have some 300 bytes. */
  static final int LONGEST = 16 << 10;

  /** Terraform's are UUIDs. */
  private static final int LONGEST_ID = 200;

  private static final String CREATED = "Created";

  /**
   * Reads what was sent.
   *
   * @throws Refusal 400 if it is none that Terraform could read back
   */
  public static StateLock parse(byte[] body) {
    MapNode map = object(body);
    for (MapNode.Entry entry : map.entries()) {
      if (!(entry.value() instanceof ScalarNode)) {
        throw wrong("its " + entry.key() + " is no text");
      }
    }
    String id = map.text("ID").orElse("");
    if (id.isEmpty()) {
      throw wrong("it has no ID");
    }
    if (id.length() > LONGEST_ID || id.chars().anyMatch(Character::isISOControl)) {
      throw wrong("its ID is longer than " + LONGEST_ID + " or has control characters in it");
    }
    // Terraform can't read an answer whose time is none, and then says nothing of the holder.
    if (!map.text(CREATED).map(StateLock::isTime).orElse(true)) {
      throw wrong("its Created is no time such as 2026-11-21T12:00:00Z");
    }
    return new StateLock(id, new String(body, StandardCharsets.UTF_8));
  }

  private static MapNode object(byte[] body) {
    return JsonText.read(new SourceFile("lock", body))
        .valid()
        .map(node -> node instanceof MapNode map ? map : null)
        .orElseThrow(() -> wrong("the body is no JSON object"));
  }

  private static boolean isTime(String text) {
    try {
      return OffsetDateTime.parse(text).getYear() >= 0;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static Refusal wrong(String what) {
    return new Refusal(
        400,
        "this is not a lock as Terraform describes one: "
            + what
            + "; expected is an object of texts with at least ID");
  }

  /** One of its texts: {@code Who}, {@code Operation}; empty if it is missing or empty. */
  public Optional<String> text(String key) {
    return object(json.getBytes(StandardCharsets.UTF_8)).text(key).filter(t -> !t.isEmpty());
  }

  /** True if it says nothing but its ID: OpenTofu's {@code force-unlock} sends that. */
  boolean bare() {
    return text("Who").isEmpty() && text("Operation").isEmpty();
  }
}
