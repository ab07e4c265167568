package io.keepset.wal;

import io.keepset.runner.RunnerLab;
import io.keepset.spi.Store;

class MemoryWalTest extends WalStoreContract {
  @Override
  protected Store store() {
    return new RunnerLab().memory;
  }
}
