package io.keepset.plan;

import static io.keepset.plan.Grade.NEUTRAL;
import static io.keepset.plan.Grade.STRENGTHENS;
import static io.keepset.plan.Grade.WEAKENS;

import io.keepset.policy.Copy;
import io.keepset.policy.Protection;
import io.keepset.policy.StoreFields;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The grades of how a store is set up: where it lies, and who can read it. */
final class StoreGrading {
  private static final String DISABLED = "encryption.disabled";
  private static final String KEY = "encryption.key";
  private static final String COPY = "copy.";

  private StoreGrading() {}

  /**
   * @param field below {@code store}
   */
  static Grade of(String field, Protection before, Protection after) {
    for (Copy copy : after.copies().values()) {
      String at = StoreFields.ofCopy(copy.name());
      if (field.startsWith(at)) {
        boolean same =
            Optional.of(copy.to())
                .equals(Optional.ofNullable(before.copies().get(copy.name())).map(Copy::to));
        return same ? of(at, field.substring(at.length()), before, after) : NEUTRAL;
      }
    }
    if (field.startsWith(COPY)) {
      return NEUTRAL; // of a copy that ends, which is graded as such
    }
    return of("", field, before, after);
  }

  /**
   * @param at what the field begins with, for the store of a copy
   */
  private static Grade of(String at, String field, Protection before, Protection after) {
    if (value(before, at + "type").isEmpty()) {
      // Nothing is known to have been otherwise.
      return NEUTRAL;
    }
    boolean wasClear = flag(before, at + DISABLED);
    boolean isClear = flag(after, at + DISABLED);
    return switch (field) {
      case DISABLED -> flag(!wasClear, !isClear);
      case KEY -> wasClear && !isClear ? STRENGTHENS : WEAKENS;
      case "mount" -> flag(flag(before, at + field), flag(after, at + field));
      case "server_side_encryption" ->
          serverSide(value(before, at + field), value(after, at + field));
      case "access_key",
          "secret_key",
          "path_style",
          "part_size",
          "timeout",
          "max_concurrent_runs" ->
          NEUTRAL;
      default -> WEAKENS;
    };
  }

  /** True if a store of the same name, its own or that of a copy, lies elsewhere than before. */
  static boolean moves(Change change) {
    return !moved(change).isEmpty();
  }

  /** Those stores, by name. */
  static Set<String> moved(Change change) {
    Set<String> moved = new TreeSet<>();
    if (sameName(change) && differs(change, "", StoreFields.PLACE)) {
      change.after().flatMap(Protection::store).ifPresent(moved::add);
    }
    for (Copy copy : change.after().map(Protection::copies).orElseGet(TreeMap::new).values()) {
      String at = StoreFields.ofCopy(copy.name());
      boolean same =
          change
              .before()
              .filter(before -> value(before, at + "type").isPresent())
              .map(before -> before.copies().get(copy.name()))
              .filter(old -> old.to().equals(copy.to()))
              .isPresent();
      if (same && differs(change, at, StoreFields.PLACE)) {
        moved.add(copy.to());
      }
    }
    return moved;
  }

  static boolean turnsEncryptionOff(Change change) {
    return sameName(change)
        && !flag(change.before().orElseThrow(), DISABLED)
        && flag(change.after().orElseThrow(), DISABLED);
  }

  static boolean changesKey(Change change) {
    return sameName(change) && differs(change, "", Set.of(KEY));
  }

  private static boolean sameName(Change change) {
    return change.before().isPresent()
        && change.after().isPresent()
        && StoreFields.known(change.before().get())
        && change.before().get().store().equals(change.after().get().store());
  }

  private static boolean differs(Change change, String at, Set<String> fields) {
    return fields.stream()
        .anyMatch(
            field ->
                !value(change.before().orElseThrow(), at + field)
                    .equals(value(change.after().orElseThrow(), at + field)));
  }

  private static Grade serverSide(Optional<String> before, Optional<String> after) {
    return before.isEmpty() ? STRENGTHENS : after.isEmpty() ? WEAKENS : NEUTRAL;
  }

  /** STRENGTHENS where the better of two states begins. */
  private static Grade flag(boolean before, boolean after) {
    return before == after ? NEUTRAL : after ? STRENGTHENS : WEAKENS;
  }

  private static boolean flag(Protection protection, String field) {
    return protection.options().flag(StoreFields.PREFIX + field, false);
  }

  private static Optional<String> value(Protection protection, String field) {
    return protection.options().get(StoreFields.PREFIX + field);
  }
}
