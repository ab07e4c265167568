package io.keepset.plan;

import java.util.Optional;

/** Changes that no later change takes back. */
final class OneWayDoors {
  static final String CODE = "guard.one_way";

  private OneWayDoors() {}

  /** Why the way back is closed; empty if it is open. */
  static Optional<String> reason(Change change, FieldChange field) {
    return switch (field.path()) {
      case "store.encryption.disabled" ->
          StoreGrading.turnsEncryptionOff(change)
              ? Optional.of("what is backed up meanwhile lies in clear text for good")
              : Optional.empty();
      case "store.encryption.key" ->
          StoreGrading.changesKey(change) && field.before().isPresent()
              ? Optional.of("earlier backups open only with the key at the old reference")
              : Optional.empty();
      default -> Optional.empty();
    };
  }
}
