package io.keepset.terraform.state;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The few fields of a state that are looked at; everything else in it is opaque. Format: the object
 * that Terraform and OpenTofu write, whose outermost fields are in clear even where OpenTofu
 * encrypts the rest. What is not there, or no JSON at all, is simply not known.
 *
 * @param serial rises with every change
 * @param lineage the same in all versions of one state
 * @param version of the program that wrote it
 */
public record StateFacts(OptionalLong serial, Optional<String> lineage, Optional<String> version) {
  private static final int LONGEST = 200;

  /** Costs one walk over the bytes, and no memory. */
  public static StateFacts of(byte[] content) {
    Map<String, String> fields = new Fields(content).read();
    return new StateFacts(
        number(fields.get("serial")),
        Optional.ofNullable(fields.get("lineage")),
        Optional.ofNullable(fields.get("terraform_version")));
  }

  private static OptionalLong number(@Nullable String text) {
    return text != null && text.matches("[0-9]{1,18}")
        ? OptionalLong.of(Long.parseLong(text))
        : OptionalLong.empty();
  }

  /** Whether this can follow the other: the same lineage, and a higher serial. */
  public boolean follows(StateFacts before) {
    return lineage.isPresent()
        && lineage.equals(before.lineage)
        && serial.isPresent()
        && before.serial.isPresent()
        && serial.getAsLong() > before.serial.getAsLong();
  }

  /** Walks over JSON and takes the short scalars of the outermost object. */
  private static final class Fields {
    private final byte[] json;
    private final Map<String, String> found = new TreeMap<>();
    private int at;

    Fields(byte[] json) {
      this.json = json;
    }

    Map<String, String> read() {
      int depth = 0;
      Optional<String> key = Optional.empty();
      while (at < json.length) {
        byte b = json[at];
        switch (b) {
          case '{', '[' -> depth++;
          case '}', ']' -> depth--;
          case ',' -> key = Optional.empty();
          case '"' -> {
            Optional<String> text = string();
            if (depth == 1 && key.isEmpty()) {
              key = text;
            } else if (depth == 1) {
              take(key, text);
            }
            continue;
          }
          default -> {
            if (depth == 1 && b >= '0' && b <= '9') {
              take(key, Optional.of(digits()));
              continue;
            }
          }
        }
        at++;
      }
      return found;
    }

    private void take(Optional<String> key, Optional<String> value) {
      if (key.isPresent() && value.isPresent()) {
        found.putIfAbsent(key.get(), value.get());
      }
    }

    /** From one quote past the other; empty if it is long or has escapes. */
    private Optional<String> string() {
      int from = ++at;
      boolean plain = true;
      while (at < json.length && json[at] != '"') {
        if (json[at] == '\\') {
          plain = false;
          at++;
        }
        at++;
      }
      int end = Math.min(at, json.length);
      at = end + 1;
      return plain && end - from <= LONGEST
          ? Optional.of(new String(json, from, end - from, StandardCharsets.UTF_8))
          : Optional.empty();
    }

    private String digits() {
      int from = at;
      while (at < json.length && json[at] >= '0' && json[at] <= '9') {
        at++;
      }
      return new String(json, from, Math.min(at - from, LONGEST), StandardCharsets.US_ASCII);
    }
  }
}
