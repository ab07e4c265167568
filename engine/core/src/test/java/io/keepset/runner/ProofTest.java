package io.keepset.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.policy.Options;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupState;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Progress;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.Scratch;
import io.keepset.spi.Source;
import io.keepset.spi.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * A backup is proven by what came back, and an instance that can't be had says nothing about it.
 */
class ProofTest {
  private final RunnerLab lab = new RunnerLab().protect(Samples.protection("orders"));
  private final FakeScratch scratch = new FakeScratch();

  private RunnerOperations operations() {
    lab.engine.scratch = scratch;
    return new RunnerOperations(lab.ports());
  }

  private Backup entry(Backup backup) {
    return lab.catalogue.find(backup.id()).orElseThrow();
  }

  private Verdict prove(Backup backup) throws DriverException {
    return operations().prove(backup.id(), Optional.empty(), Progress.NONE);
  }

  @Test
  void whatCameBackAsItWasIsProvenAndVerified() throws Exception {
    Backup backup = lab.backup("orders");

    Verdict verdict = prove(backup);

    assertThat(verdict.good()).isTrue();
    assertThat(verdict.findings())
        .last()
        .isEqualTo("restored into a scratch Fake 1.0: 18 characters as at the dump");
    assertThat(entry(backup).provenAt()).contains(lab.now);
    assertThat(entry(backup).verifiedAt()).contains(lab.now);
    assertThat(scratch.restored).containsExactly("contents of orders");
    assertThat(scratch.running).isZero();
  }

  @Test
  void aProofIsNoLessThanItWasWhenItIsReadAgain() throws Exception {
    Backup backup = lab.backup("orders");
    prove(backup);
    Optional<java.time.Instant> proven = entry(backup).provenAt();
    lab.now = lab.now.plusSeconds(60);

    operations().verify(backup.id(), Progress.NONE);

    assertThat(entry(backup).provenAt()).isEqualTo(proven);
    assertThat(entry(backup).verifiedAt()).contains(lab.now);
  }

  @Test
  void whatCameBackOtherwiseCountsNoMoreUntilItIsProven() throws Exception {
    Backup backup = lab.backup("orders");
    prove(backup);
    scratch.loses = 3;

    Verdict verdict = prove(backup);

    assertThat(verdict.good()).isFalse();
    assertThat(verdict.findings())
        .containsExactly(
            "restored into a scratch Fake 1.0: 15 characters came back, 18 were dumped");
    assertThat(entry(backup).state()).isEqualTo(BackupState.FAILED);
    assertThat(entry(backup).provenAt()).isEmpty();
    assertThat(entry(backup).error().orElseThrow())
        .startsWith("found bad when it was restored for a proof: ");

    assertThat(operations().verify(backup.id(), Progress.NONE).good()).isTrue();
    assertThat(entry(backup).state())
        .as("what a check of the bytes can't see, it can't lift")
        .isEqualTo(BackupState.FAILED);

    scratch.loses = 0;
    assertThat(prove(backup).good()).isTrue();
    assertThat(entry(backup).state()).isEqualTo(BackupState.CREATED);
    assertThat(entry(backup).provenAt()).contains(lab.now);
  }

  @Test
  void factsThatTheBytesContradictNeedNoInstance() throws Exception {
    Backup backup = lab.backup("orders");
    lab.engine.claims = 1;

    Verdict verdict = prove(backup);

    assertThat(verdict.good()).isFalse();
    assertThat(verdict.findings()).containsExactly("length: 18 at the dump, 19 in the artifact");
    assertThat(scratch.started).isZero();
    assertThat(entry(backup).state()).isEqualTo(BackupState.FAILED);
  }

  @Test
  void anInstanceThatDoesNotStartSaysNothingAboutTheBackup() throws Exception {
    Backup backup = lab.backup("orders");
    Backup before = entry(backup);
    scratch.trouble = Optional.of(new DriverException(Kind.DAMAGED, "its disk is full"));

    assertThatThrownBy(() -> prove(backup))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("its disk is full");

    assertThat(entry(backup)).isEqualTo(before);
  }

  @Test
  void whatTheEngineRefusesSaysNothingAboutTheBackup() throws Exception {
    Backup backup = lab.backup("orders");
    Backup before = entry(backup);
    lab.engine.refusesRestore = true;

    assertThatThrownBy(() -> prove(backup)).hasMessageContaining("server of version 1");

    assertThat(entry(backup)).isEqualTo(before);
    assertThat(scratch.running).isZero();
  }

  @Test
  void withoutAnInstanceNothingLessIsDone() throws Exception {
    Backup backup = lab.backup("orders");
    Backup before = entry(backup);
    lab.now = lab.now.plusSeconds(60);

    assertThatThrownBy(
            () ->
                new RunnerOperations(lab.ports())
                    .prove(backup.id(), Optional.empty(), Progress.NONE))
        .isInstanceOf(DriverException.class)
        .hasMessage(
            backup.id() + " can't be restored into a scratch instance: fake starts nothing");

    assertThat(entry(backup)).isEqualTo(before);
  }

  @Test
  void aPlaceThatIsNoneIsRefused() throws Exception {
    Backup backup = lab.backup("orders");

    assertThatThrownBy(
            () ->
                operations()
                    .prove(backup.id(), Optional.of(Path.of("/nowhere/at/all")), Progress.NONE))
        .hasMessageContaining("/nowhere/at/all")
        .hasMessageContaining("--scratch-dir");
    assertThat(scratch.started).isZero();
  }

  @Test
  void aDatabaseThatIsNoLongerDeclaredCanBeProven() throws Exception {
    Backup backup = lab.backup("orders");
    lab.catalogue.unprotect("orders");

    assertThat(prove(backup).good()).isTrue();
  }

  /** Counts characters. */
  private final class FakeScratch implements Scratch {
    private final List<String> restored = new ArrayList<>();
    private Optional<DriverException> trouble = Optional.empty();
    private int loses;
    private int started;
    private int running;

    @Override
    public String describe() {
      return "a fake";
    }

    @Override
    public Optional<String> missing(Options options) {
      return Optional.empty();
    }

    @Override
    public Instance start(Wanted wanted) throws DriverException {
      if (trouble.isPresent()) {
        throw trouble.get();
      }
      started++;
      running++;
      return new Running(wanted);
    }

    private final class Running implements Instance {
      private final Wanted wanted;

      Running(Wanted wanted) {
        this.wanted = wanted;
      }

      @Override
      public String describe() {
        return "Fake 1.0";
      }

      @Override
      public Source target() {
        return new Source("scratch", Options.NONE, Options.NONE, reference -> null);
      }

      @Override
      public RestoreRequest request() {
        return new RestoreRequest(RestoreRequest.Mode.NEW, Optional.of("scratch"));
      }

      @Override
      public Comparison compare(RestoreReport report) {
        String text = lab.engine.databases.remove(report.target());
        restored.add(text);
        int now = text.length() - loses;
        String then = wanted.facts().values().get("length");
        return then.equals(String.valueOf(now))
            ? new Comparison(List.of(now + " characters as at the dump"), List.of())
            : new Comparison(
                List.of(), List.of(now + " characters came back, " + then + " were dumped"));
      }

      @Override
      public void close() {
        running--;
      }
    }
  }
}
