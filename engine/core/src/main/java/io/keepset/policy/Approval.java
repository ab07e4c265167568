package io.keepset.policy;

import io.keepset.diagnostic.Location;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Agreement to named changes of one plan. Good once.
 *
 * @param plan hash of the plan, or at least {@link #SHORTEST_HASH} characters of its beginning
 * @param changes what is agreed to: {@code orders.retention.daily}, {@code orders} for the end of a
 *     database
 * @param backupsDeleted how many backups the changes may cost
 * @param expires the first day on which it no longer counts
 * @param at where its name stands
 * @param expiresAt where the day stands
 */
public record Approval(
    String name,
    String plan,
    List<String> changes,
    int backupsDeleted,
    String reason,
    LocalDate expires,
    Location at,
    Location expiresAt) {
  /** Fewer characters of a hash could be met by accident. */
  public static final int SHORTEST_HASH = 32;

  public Approval {
    changes = List.copyOf(changes);
  }

  /** Identifies what was agreed to, wherever it stands; SHA-256 in hex. */
  public String digest() {
    StringBuilder text = new StringBuilder("keepset approval 1");
    List<String> parts = new ArrayList<>(List.of(name, plan, reason, expires.toString()));
    parts.add(String.valueOf(backupsDeleted));
    parts.addAll(changes);
    for (String part : parts) {
      text.append('\n').append(part.length()).append(' ').append(part);
    }
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(text.toString().getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** True if it was given for the plan with this hash. */
  public boolean isFor(String hash) {
    return plan.length() >= SHORTEST_HASH && hash.startsWith(plan);
  }
}
