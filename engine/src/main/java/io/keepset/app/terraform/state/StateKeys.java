package io.keepset.app.terraform.state;

import io.keepset.app.store.KeyFile;
import io.keepset.runner.artifact.KeyRing;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Secrets;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The keys that seal Terraform's states: those that the policies name, otherwise the one in the
 * data directory, which backups have too.
 */
public final class StateKeys {
  private final KeyFile file;
  private final Secrets secrets;
  private final Supplier<Optional<String>> named;
  private final boolean shared;
  private final Supplier<SortedSet<String>> used;
  private final BooleanSupplier backups;

  /**
   * @param named a reference to keys, if the policies name some
   * @param shared other nodes work on the same states
   * @param used the ids of all keys that states were sealed with
   * @param backups true if there are backups that the key in the data directory sealed
   */
  public StateKeys(
      KeyFile file,
      Secrets secrets,
      Supplier<Optional<String>> named,
      boolean shared,
      Supplier<SortedSet<String>> used,
      BooleanSupplier backups) {
    this.file = file;
    this.secrets = secrets;
    this.named = named;
    this.shared = shared;
    this.used = used;
    this.backups = backups;
  }

  /**
   * What seals now. Makes a key where a new installation has none yet.
   *
   * @throws DriverException DENIED if there should be a key and it is not there
   */
  KeyRing sealing() throws DriverException {
    Optional<KeyRing> others = named();
    if (others.isPresent()) {
      return others.get();
    }
    if (!file.exists() && shared) {
      throw new DriverException(
          Kind.DENIED,
          "several nodes share these states, so they need a key that all of them have: make one"
              + " with openssl rand -base64 32 and name it in the policies as"
              + " keepset.terraform.state.key");
    }
    if (!file.exists() && (backups.getAsBoolean() || isFileWanted())) {
      throw new DriverException(
          Kind.DENIED,
          "the encryption key "
              + file.path()
              + " is gone, and what was sealed with it can't be read without it: put your copy"
              + " back. No new key is made");
    }
    return file.keys();
  }

  private Optional<KeyRing> named() throws DriverException {
    Optional<String> reference = named.get();
    return reference.isEmpty()
        ? Optional.empty()
        : Optional.of(KeyRing.parse(secrets.resolve(reference.get()).reveal(), reference.get()));
  }

  /** True if there are states that only the key in the data directory opens. */
  public boolean isFileWanted() throws DriverException {
    Optional<KeyRing> others = named();
    for (String id : used.get()) {
      if (others.isEmpty() || !others.get().has(id)) {
        return true;
      }
    }
    return false;
  }

  /** What opens that which was sealed with a key, perhaps before another one was named. */
  KeyRing opening(Optional<String> keyId) throws DriverException {
    KeyRing keys = sealing();
    boolean elsewhere = keyId.isPresent() && !keys.has(keyId.get()) && file.exists();
    return elsewhere && file.keys().has(keyId.get()) ? file.keys() : keys;
  }
}
