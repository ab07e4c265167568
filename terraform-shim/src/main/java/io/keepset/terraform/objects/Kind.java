package io.keepset.terraform.objects;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What can be written. Approvals and compliance rules can't: those are for people to agree upon in
 * a review.
 */
public enum Kind {
  POLICY,
  DATABASE,
  ENVIRONMENT,
  STORE,
  HOLD;

  /** By its word in paths and policy files: {@code database}. */
  public static Optional<Kind> of(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findFirst();
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
