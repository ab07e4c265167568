package io.keepset.app.store;

import io.keepset.drivers.Drivers;
import io.keepset.policy.StoreSpec;
import io.keepset.runner.OpenStore;
import io.keepset.runner.artifact.KeyRing;
import io.keepset.spi.DriverException;
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
   * Does no I/O in the store; reads its keys.
   *
   * @param unused asked when a directory is found empty: true if no backup of this store is known,
   *     so that it is a beginning and not a missing mount
   * @throws DriverException REJECTED if its settings can't be, DENIED if its keys can't be had
   */
  public OpenStore open(StoreSpec spec, BooleanSupplier unused) throws DriverException {
    Store store = Drivers.store(spec, secrets, unused);
    return new OpenStore(spec.name(), store, keys(spec));
  }

  private KeyRing keys(StoreSpec spec) throws DriverException {
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
    return keyFile.keys();
  }
}
