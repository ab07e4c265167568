package io.keepset.drivers.store.s3;

import io.keepset.drivers.aws.S3Lab;
import io.keepset.spi.Store;
import io.keepset.wal.WalStoreContract;

class S3WalTest extends WalStoreContract {
  @Override
  protected Store store() throws Exception {
    return new S3Store(S3Lab.bucket("keepset/"));
  }
}
