package io.keepset.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.retention.Backup;
import io.keepset.retention.BackupState;
import io.keepset.retention.Copies;
import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Store;
import io.keepset.spi.StoreWriter;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Stores that are away, full or damaged, and backups that are bad. */
class CopyTroubleTest extends CopyContract {
  @Test
  void aStoreThatIsAwayCostsNothingAndIsTriedAgain() throws Exception {
    lab.stores.remove("frankfurt");
    Backup original = lab.backup("orders");

    assertThat(copy()).isEqualTo(new Copying.Report(List.of(), List.of()));
    assertThat(lab.journal).last().asString().contains("copy dr to frankfurt can't be made now");
    assertThat(lab.catalogue.find(original.id())).contains(original);

    lab.stores.put("frankfurt", far);
    assertThat(copy().made()).hasSize(1);
  }

  @Test
  void aFullDiskLeavesOneFailedEntryAndNoBytes() throws Exception {
    lab.stores.put("frankfurt", new Full(far));
    lab.backup("orders");
    lab.backup("orders");
    copy();
    Copying.Report again = copy();

    assertThat(again.made()).isEmpty();
    assertThat(only(again.failed()).error().orElseThrow()).contains("the disk is full");
    assertThat(states(copies())).isEqualTo("FAILED");
    assertThat(names(far)).isEmpty();

    lab.stores.put("frankfurt", far);
    assertThat(copy().made()).hasSize(2);
    assertThat(states(copies())).isEqualTo("CREATED CREATED");
  }

  @Test
  void aDamagedOriginalIsFoundOutAndTheOthersAreCopied() throws Exception {
    lab.backup("orders");
    Backup damaged = lab.backup("orders");
    lab.memory.poke("orders/" + damaged.id() + "/artifact", new byte[] {1, 2, 3});
    Copying.Report report = copy();

    assertThat(report.made()).hasSize(1);
    assertThat(report.failed()).hasSize(1);
    assertThat(lab.catalogue.find(damaged.id()).orElseThrow().state())
        .isEqualTo(BackupState.FAILED);
    assertThat(copy().failed()).isEmpty();
  }

  @Test
  void aCopyThatComesBackWrongIsNotBlamedOnItsOriginal() throws Exception {
    Backup original = lab.backup("orders");
    lab.stores.put("frankfurt", new Forgetful(far));
    Copying.Report report = copy();

    assertThat(report.failed()).hasSize(1);
    assertThat(lab.catalogue.find(original.id())).contains(original);
    assertThat(names(far)).isEmpty();
  }

  @Test
  void aCopyFoundBadIsMadeAnew() throws Exception {
    lab.backup("orders");
    Backup bad = only(copy().made());
    far.poke("orders/" + bad.id() + "/artifact", new byte[] {1, 2, 3});
    assertThat(verify(bad)).isFalse();

    assertThat(copy().made()).hasSize(1);
    assertThat(copies())
        .extracting(Backup::state)
        .containsExactlyInAnyOrder(BackupState.FAILED, BackupState.CREATED);
  }

  @Test
  void whereNoPlaceIsFreeNothingIsCopiedYet() throws Exception {
    lab.backup("orders");

    assertThat(new Copying(lab.ports(), store -> Optional.empty()).of("orders").made()).isEmpty();
    assertThat(copies()).isEmpty();
  }

  @Test
  void aSuspiciousBackupHasASuspiciousCopy() throws Exception {
    lab.engine.databases.put("orders", "x".repeat(100_000));
    lab.backup("orders");
    lab.engine.databases.put("orders", "x");
    Backup small = lab.backup("orders");
    assertThat(small.suspicious()).isTrue();
    copy();

    assertThat(only(Copies.of(backups(), small.id())).suspicious()).isTrue();
  }

  /** Takes small probes, but no artifact. */
  private static final class Full extends SecondHandStore {
    Full(Store inner) {
      super(inner);
    }

    @Override
    public StoreWriter create(String key) throws DriverException {
      StoreWriter writer = inner.create(key);
      return new StoreWriter() {
        @Override
        public OutputStream stream() {
          return new OutputStream() {
            @Override
            public void write(int b) throws BrokenStream {
              throw new BrokenStream(new DriverException(Kind.REJECTED, "the disk is full"));
            }
          };
        }

        @Override
        public void commit() {}

        @Override
        public void close() {
          writer.close();
        }
      };
    }

    @Override
    public void check() {}
  }

  /** Gives back other bytes than it was given. */
  private static final class Forgetful extends SecondHandStore {
    Forgetful(Store inner) {
      super(inner);
    }

    @Override
    public InputStream open(String key) {
      return InputStream.nullInputStream();
    }

    @Override
    public void check() {}
  }
}
