package io.keepset.spi;

import io.keepset.diagnostic.Diagnostic;
import java.util.List;

/**
 * What can be done with a store as a whole. A port, because the installation that owns the store
 * may be this process or a server. All calls block until done.
 */
public interface StoreOperations {
  /** The stores that are declared, by name. */
  List<String> names() throws DriverException;

  /**
   * Can it be written and read, and is every backup that the catalogue knows there and whole?
   *
   * @param readData reads every byte back and verifies it, instead of comparing sizes
   * @param progress hears stored bytes, only when data is read
   */
  Report check(String store, boolean readData, Progress progress) throws DriverException;

  /** Rebuilds the catalogue's entries of this store from its manifests alone. */
  Report rescan(String store, Progress progress) throws DriverException;

  /**
   * What was found.
   *
   * @param describe the store as people know it: {@code directory /var/lib/keepset/backups}
   * @param backups looked at
   * @param bytes read back
   * @param changes what was changed in the catalogue, one line each
   * @param findings errors are damage or loss; warnings are left-overs and the like
   */
  record Report(
      String store,
      String describe,
      int backups,
      long bytes,
      List<String> changes,
      List<Diagnostic> findings) {
    public Report {
      changes = List.copyOf(changes);
      findings = List.copyOf(findings);
    }

    public boolean good() {
      return findings.stream().noneMatch(Diagnostic::isError);
    }
  }
}
