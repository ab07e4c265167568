package io.keepset.app.store;

import io.keepset.drivers.Drivers;
import io.keepset.policy.StoreSpec;
import io.keepset.runner.OpenStore;
import io.keepset.runner.SealedStore;
import io.keepset.runner.artifact.KeyRing;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Secrets;
import io.keepset.spi.Store;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Makes a store that can be used from one that is declared. */
public final class StoreFactory {
  private final Secrets secrets;
  private final KeyFile keyFile;

  public StoreFactory(Secrets secrets, KeyFile keyFile) {
    this.secrets = secrets;
    this.keyFile = keyFile;
  }

  /**
   * Reads the keys. Does no I/O in the store, unless a key would have to be made: then no backup in
   * the store may be sealed already, since its key is somewhere else and wanted.
   *
   * @param unused asked when a directory is found empty: true if no backup of this store is known,
   *     so that it is a beginning and not a missing mount
   * @throws DriverException REJECTED if its settings can't be, DENIED if its keys can't be had; as
   *     the store says if it can't be asked before a key is made
   */
  public OpenStore open(StoreSpec spec, BooleanSupplier unused) throws DriverException {
    Store store = Drivers.store(spec, secrets, unused);
    return new OpenStore(spec.name(), store, keys(spec, store));
  }

  private KeyRing keys(StoreSpec spec, Store store) throws DriverException {
    boolean disabled = spec.options().flag("encryption.disabled", false);
    Optional<String> reference = spec.options().get("encryption.key");
    if (reference.isPresent()) {
      KeyRing keys = KeyRing.parse(secrets.resolve(reference.get()).reveal(), reference.get());
      // What was sealed before encryption was turned off still opens.
      return disabled ? keys.readOnly() : keys;
    }
    if (disabled) {
      return keyFile.exists() ? keyFile.keys().readOnly() : KeyRing.disabled();
    }
    if (!keyFile.exists()) {
      refuseSealed(spec, store);
    }
    return keyFile.keys();
  }

  /** After the loss of the data directory the store is what remembers that there was a key. */
  private void refuseSealed(StoreSpec spec, Store store) throws DriverException {
    Optional<String> wanted = sealedWith(spec, store);
    if (wanted.isPresent()) {
      throw new DriverException(
          Kind.DENIED,
          "store "
              + spec.name()
              + " holds backups that are sealed with key "
              + wanted.get()
              + ", and there is no key in "
              + keyFile.path()
              + "; put your copy of the old key file there (mode 600). No new key is made. If the"
              + " key is lost for good, so are these backups: give the store an empty place");
    }
  }

  private static Optional<String> sealedWith(StoreSpec spec, Store store) throws DriverException {
    try {
      return SealedStore.keyOf(spec.name(), store);
    } catch (DriverException e) {
      if (e.kind() == Kind.NOT_FOUND) {
        return Optional.empty(); // not even a bucket
      }
      throw new DriverException(
          e.kind(),
          "no encryption key was made, since store "
              + spec.name()
              + " can't say whether it holds backups of an earlier one: "
              + e.getMessage(),
          e);
    }
  }
}
