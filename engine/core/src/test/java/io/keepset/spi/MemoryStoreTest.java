package io.keepset.spi;

class MemoryStoreTest extends StoreContract {
  private final MemoryStore store = new MemoryStore();

  @Override
  protected Store store() {
    return store;
  }

  @Override
  protected Store another() {
    return store;
  }
}
