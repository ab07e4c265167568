package io.keepset.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.retention.Backup;
import io.keepset.retention.BackupState;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExpiryTest {
  private final RunnerLab lab = new RunnerLab();
  private final List<Backup> made = new ArrayList<>();

  @BeforeEach
  void fourDaysOfBackupsOfWhichTwoAreKept() throws Exception {
    lab.protect(Samples.protection("orders"));
    for (int day = 0; day < 4; day++) {
      made.add(lab.backup("orders"));
    }
  }

  @Test
  void whatNothingKeepsExpiresAndStaysForItsGrace() {
    Expiry.Report report = expire();

    assertThat(report.expired()).extracting(Backup::id).containsExactly(id(0), id(1));
    assertThat(states()).isEqualTo("EXPIRED EXPIRED CREATED CREATED");
    assertThat(lab.catalogue.find(id(0)).orElseThrow().deleteAfter())
        .contains(lab.now.plus(Duration.ofDays(3)));
    assertThat(lab.keys()).hasSize(12);
  }

  @Test
  void afterItsGraceItIsDeletedToTheLastByte() {
    expire();
    lab.now = lab.now.plus(Duration.ofDays(3));
    Expiry.Report report = expire();

    assertThat(report.deleted()).extracting(Backup::id).containsExactly(id(0), id(1));
    assertThat(lab.keys()).hasSize(6).noneMatch(k -> k.contains(id(0)) || k.contains(id(1)));
    assertThat(lab.catalogue.deleting()).isEmpty();
    assertThat(lab.catalogue.find(id(0)).orElseThrow().state()).isEqualTo(BackupState.DELETED);
  }

  @Test
  void aSecondPassFindsNothingToDo() {
    expire();

    assertThat(expire()).isEqualTo(new Expiry.Report(List.of(), List.of(), List.of()));
  }

  @Test
  void oneInItsGraceComesBackWhenTheRulesKeepItAgain() {
    expire();
    lab.protect(Samples.protection("orders", Samples.keepLast(3), Duration.ofDays(3)));
    Expiry.Report report = expire();

    assertThat(report.back()).extracting(Backup::id).containsExactly(id(1));
    assertThat(states()).isEqualTo("EXPIRED CREATED CREATED CREATED");
    assertThat(lab.catalogue.find(id(1))).contains(made.get(1));
  }

  @Test
  void oneInItsGraceComesBackWhenANewerOneIsLost() {
    expire();
    Backup lost = made.get(3);
    lab.catalogue.update(BackupLife.deleted(lost), BackupState.CREATED);
    expire();

    assertThat(states()).isEqualTo("EXPIRED CREATED CREATED");
  }

  @Test
  void nothingExpiresNorGoesWhileTheNewestRunFailed() throws Exception {
    expire();
    lab.now = lab.now.plus(Duration.ofDays(9));
    lab.engine.failLate = Optional.of(new DriverException(Kind.TRANSIENT, "no"));
    lab.backup("orders");

    assertThat(expire()).isEqualTo(new Expiry.Report(List.of(), List.of(), List.of()));
    assertThat(states()).isEqualTo("EXPIRED EXPIRED CREATED CREATED FAILED");

    lab.engine.failLate = Optional.empty();
    lab.backup("orders");
    assertThat(expire().deleted()).hasSize(2);
  }

  @Test
  void aHoldKeepsAndBringsBack() {
    expire();
    lab.holds = backup -> backup.id().equals(id(0)) ? List.of("hold case-1") : List.of();
    lab.now = lab.now.plus(Duration.ofDays(9));
    expire();

    assertThat(states()).isEqualTo("CREATED CREATED CREATED");
    assertThat(lab.catalogue.find(id(0)).orElseThrow().state()).isEqualTo(BackupState.CREATED);
  }

  @Test
  void oneThatIsBeingRestoredIsLeftAlone() {
    lab.catalogue.update(BackupLife.restoring(made.get(0)), BackupState.CREATED);
    expire();

    assertThat(states()).isEqualTo("RESTORING EXPIRED CREATED CREATED");
  }

  @Test
  void aDatabaseWithoutPolicyKeepsAllItHas() {
    expire();
    lab.catalogue.unprotect("orders");
    lab.now = lab.now.plus(Duration.ofDays(99));

    assertThat(expire().deleted()).isEmpty();
    assertThat(states()).isEqualTo("EXPIRED EXPIRED CREATED CREATED");
  }

  @Test
  void oldFailuresAreForgotten() throws Exception {
    lab.engine.emptyDump = true;
    lab.backup("orders");
    lab.engine.emptyDump = false;
    lab.now = lab.now.plus(Duration.ofDays(31));
    lab.backup("orders");
    expire();

    assertThat(states()).doesNotContain("FAILED");
  }

  @Test
  void oneThatWasFoundBadLaterKeepsItsBytesUntilSomebodyDeletesIt() throws Exception {
    Backup old = made.get(0);
    String artifact = "orders/" + old.id() + "/artifact";
    byte[] kept = lab.memory.peek(artifact).orElseThrow();
    lab.now = lab.now.plus(Duration.ofDays(60));
    lab.memory.poke(artifact, new byte[] {1, 2, 3});
    assertThat(new RunnerOperations(lab.ports()).verify(old.id(), Progress.NONE).good()).isFalse();
    assertThat(lab.catalogue.find(old.id()).orElseThrow().state()).isEqualTo(BackupState.FAILED);

    expire();
    lab.now = lab.now.plus(Duration.ofDays(60));
    expire();

    assertThat(lab.keys()).contains(artifact, "orders/" + old.id() + "/manifest.json");
    assertThat(lab.catalogue.find(old.id()).orElseThrow().state()).isEqualTo(BackupState.FAILED);

    lab.memory.poke(artifact, kept);
    assertThat(new RunnerOperations(lab.ports()).verify(old.id(), Progress.NONE).good()).isTrue();
    Backup back = lab.catalogue.find(old.id()).orElseThrow();
    assertThat(back).isEqualTo(BackupLife.verified(old, lab.now));
  }

  @Test
  void oneThatIsFoundBadForGoodCanBeDeletedByHand() throws Exception {
    Backup old = made.get(0);
    lab.memory.delete("orders/" + old.id() + "/manifest.json");
    RunnerOperations operations = new RunnerOperations(lab.ports());
    operations.verify(old.id(), Progress.NONE);

    operations.delete(old.id());

    assertThat(lab.keys()).noneMatch(key -> key.contains(old.id()));
  }

  private Expiry.Report expire() {
    return new Expiry(lab.ports()).all();
  }

  private String id(int day) {
    return made.get(day).id();
  }

  private String states() {
    return String.join(
        " ", lab.catalogue.backups("orders").stream().map(b -> b.state().name()).toList());
  }
}
