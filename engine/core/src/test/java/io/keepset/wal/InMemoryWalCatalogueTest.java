package io.keepset.wal;

class InMemoryWalCatalogueTest extends WalCatalogueContract {
  @Override
  protected WalCatalogue open() {
    return new InMemoryWalCatalogue();
  }
}
