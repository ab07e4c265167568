package io.keepset.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import io.keepset.retention.Copies;
import io.keepset.spi.Progress;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.StoreOperations.Report;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What copies are good for: restores, and a catalogue that is lost. */
class CopyUseTest extends CopyContract {
  private static final RestoreRequest NEW =
      new RestoreRequest(RestoreRequest.Mode.NEW, Optional.of("copy"));
  private static final RestoreRequest NEW_OR_COPY =
      new RestoreRequest(RestoreRequest.Mode.NEW, Optional.of("copy"), true);

  @Test
  void theLastCopyIsNotDeletedByHandAndAnOriginalDoesNotCountForIt() throws Exception {
    lab.backup("orders");
    lab.backup("orders");
    List<Backup> copies = copy().made();
    operations().delete(copies.get(0).id());

    assertThatThrownBy(() -> operations().delete(copies.get(1).id()))
        .hasMessageContaining("would be left with 0 verified copies");
    Backup first = Copies.originals(backups()).get(0);
    Backup second = Copies.originals(backups()).get(1);
    operations().delete(first.id());
    assertThatThrownBy(() -> operations().delete(second.id()))
        .hasMessageContaining("would be left with 0 verified backups");
  }

  @Test
  void aCopyStandsInForADamagedOriginalIfThatWillDo() throws Exception {
    Backup original = lab.backup("orders");
    Backup copy = only(copy().made());
    lab.memory.poke("orders/" + original.id() + "/artifact", new byte[] {1, 2, 3});

    assertThatThrownBy(() -> operations().restore(original.id(), NEW, Progress.NONE))
        .hasMessageContaining("is damaged");
    assertThat(lab.engine.databases).doesNotContainKey("copy");
    RestoreReport report = operations().restore(original.id(), NEW_OR_COPY, Progress.NONE);
    assertThat(report.notes().get(0)).contains("from its copy " + copy.id(), "can't be read");
    assertThat(lab.engine.databases).containsEntry("copy", "contents of orders");
    assertThat(states(copies())).isEqualTo("CREATED");
  }

  @Test
  void aCopyStandsInForAnOriginalWhoseStoreIsGone() throws Exception {
    Backup original = lab.backup("orders");
    copy();
    lab.stores.remove("main");

    assertThat(operations().restore(original.id(), NEW_OR_COPY, Progress.NONE).notes().get(0))
        .contains("in store frankfurt", "no store main is declared");
    assertThat(states(backups())).isEqualTo("CREATED CREATED");
  }

  @Test
  void noCopyStandsInWhereTheTargetRefuses() throws Exception {
    Backup original = lab.backup("orders");
    copy();
    lab.engine.refusesRestore = true;

    assertThatThrownBy(() -> operations().restore(original.id(), NEW_OR_COPY, Progress.NONE))
        .hasMessageContaining("version 2");
  }

  @Test
  void theCatalogueOfCopiesIsRebuiltFromTheirStoreAlone() throws Exception {
    lab.backup("orders");
    lab.backup("orders");
    copy();
    List<Backup> before = copies();
    Protection protection = lab.catalogue.protection("orders").orElseThrow();
    lab.catalogue = new InMemoryCatalogue();
    lab.catalogue.protect(protection);
    Report report = new RunnerStores(lab.ports()).rescan("frankfurt", Progress.NONE);

    assertThat(report.good()).isTrue();
    assertThat(copies()).containsExactlyElementsOf(before);
    assertThat(operations().restore(before.get(0).id(), NEW, Progress.NONE).target())
        .isEqualTo("copy");
  }
}
