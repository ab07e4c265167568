package io.keepset.drivers.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keepset.policy.Options;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.Dump;
import io.keepset.spi.Engine;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.Scratch;
import io.keepset.spi.Source;
import io.keepset.testing.Await;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every engine promises that proves its artifacts in an instance of its own: what is whole
 * passes, what is not is found out, and nothing is left running or lying about in any case.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ScratchContract {
  private EngineLab lab;
  private Engine engine;
  private byte[] artifact;
  private Dump.Report report;
  private ScratchPlace place;

  /** Starts the lab; called once. Skips with an assumption if this machine can't. */
  protected abstract EngineLab start() throws Exception;

  /** A fact that is compared, for a claim that is not true. */
  protected abstract String counted();

  /**
   * A whole artifact, made from a good one, that a check of the file can't tell from it and that
   * holds less, or what can't be restored. Empty where no such thing can be.
   */
  protected abstract Optional<byte[]> hollow(byte[] good) throws Exception;

  /** Of the database, where they say what is started. */
  protected Options options() {
    return Options.NONE;
  }

  /** Facts of a server that is yet to come; empty where versions make no difference. */
  protected Optional<ArtifactFacts> ofTheFuture(ArtifactFacts facts) {
    return Optional.of(with(facts, "server_version", "99.1"));
  }

  @BeforeAll
  void dump() throws Exception {
    lab = start();
    engine = lab.engine();
    Source source = lab.small();
    try (Dump dump = engine.dump(source)) {
      artifact = dump.stream().readAllBytes();
      report = dump.finish();
    }
    Optional<String> missing = engine.scratch().missing(options());
    assumeTrue(missing.isEmpty(), () -> "skipped: " + missing.orElseThrow());
  }

  @AfterAll
  void stopLab() {
    if (lab != null) {
      lab.close();
    }
  }

  @BeforeEach
  void giveAPlace(@TempDir(cleanup = CleanupMode.ALWAYS) Path temporary) throws IOException {
    place = ScratchPlace.in(temporary);
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    place.requireNothingLeft();
  }

  protected static ArtifactFacts with(ArtifactFacts facts, String key, String value) {
    SortedMap<String, String> values = new TreeMap<>(facts.values());
    values.put(key, value);
    return new ArtifactFacts(facts.format(), values);
  }

  private Scratch.Instance started(ArtifactFacts facts) throws DriverException {
    return engine
        .scratch()
        .start(new Scratch.Wanted(facts, artifact.length, options(), place.path()));
  }

  private Scratch.Comparison prove(InputStream bytes, ArtifactFacts facts) throws DriverException {
    try (Scratch.Instance instance = started(facts)) {
      engine.checkRestore(facts, instance.target(), instance.request());
      RestoreReport restored =
          engine.restore(bytes, facts, report.attachments(), instance.target(), instance.request());
      assertThat(instance.describe()).isNotBlank();
      return instance.compare(restored);
    }
  }

  private InputStream open() {
    return new ByteArrayInputStream(artifact);
  }

  @Test
  void whatIsWholeComesBackWhole() throws Exception {
    Scratch.Comparison comparison = prove(open(), report.facts());

    assertThat(comparison.differences()).isEmpty();
    assertThat(comparison.found()).isNotEmpty();
    assertThat(String.join(", ", comparison.found()))
        .contains(report.facts().values().getOrDefault(counted(), ""));
  }

  @Test
  void factsThatClaimMoreAreFoundOut() throws Exception {
    assumeTrue(!counted().isEmpty(), "its facts count nothing");
    ArtifactFacts claims = with(report.facts(), counted(), "987654");

    List<String> differences = differences(open(), claims);

    assertThat(differences).hasSize(1);
    assertThat(differences.get(0))
        .contains("987654")
        .contains(report.facts().values().get(counted()));
  }

  @Test
  void whatOnlyARestoreCanShowIsFoundOut() throws Exception {
    Optional<byte[]> hollow = hollow(artifact);
    assumeTrue(hollow.isPresent(), "a check of the file sees everything");
    assertThat(engine.verify(new ByteArrayInputStream(hollow.get())).good())
        .as("a check of the file sees nothing")
        .isTrue();

    assertThat(differences(new ByteArrayInputStream(hollow.get()), report.facts())).isNotEmpty();
  }

  /** Some restores count by themselves, and fail. */
  private List<String> differences(InputStream bytes, ArtifactFacts facts) {
    try {
      return prove(bytes, facts).differences();
    } catch (DriverException e) {
      return List.of(e.getMessage());
    }
  }

  @Test
  void aStreamThatBreaksLeavesNothing() {
    assertThatThrownBy(
            () -> prove(new BreakingStream(artifact, artifact.length / 2), report.facts()))
        .isInstanceOf(DriverException.class);
  }

  @Test
  void aCancelledProofLeavesNothing() throws Exception {
    AtomicReference<Throwable> end = new AtomicReference<>();
    StalledStream stalled = new StalledStream(artifact);
    Thread thread =
        new Thread(
            () -> {
              try {
                prove(stalled, report.facts());
              } catch (DriverException | RuntimeException e) {
                end.set(e);
              }
            });
    thread.start();
    Await.until(
        "a proof in the middle of its work", () -> stalled.isWaiting() || !thread.isAlive());
    while (thread.isAlive()) {
      thread.interrupt();
      thread.join(200);
    }

    assertThat(end.get()).isInstanceOf(DriverException.class);
  }

  /** Gives half and then nothing more, until somebody no longer wants to wait. */
  private static final class StalledStream extends InputStream {
    private final InputStream half;
    private volatile boolean waiting;

    StalledStream(byte[] bytes) {
      half = new ByteArrayInputStream(bytes, 0, bytes.length / 2);
    }

    boolean isWaiting() {
      return waiting;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int n = half.read(bytes, offset, length);
      if (n >= 0) {
        return n;
      }
      waiting = true;
      try {
        TimeUnit.MINUTES.sleep(10);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      throw new IOException("the read was cancelled");
    }
  }

  @Test
  void tooLittleSpaceIsSaidBeforehand() {
    assertThatThrownBy(
            () ->
                engine
                    .scratch()
                    .start(
                        new Scratch.Wanted(
                            report.facts(), Long.MAX_VALUE / 100, options(), place.path())))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("free")
        .hasMessageContaining("--scratch-dir");
  }

  @Test
  void anOlderServerIsRefusedWithBothVersions() {
    Optional<ArtifactFacts> future = ofTheFuture(report.facts());
    assumeTrue(future.isPresent(), "versions make no difference");

    assertThatThrownBy(() -> prove(open(), future.get()))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("99")
        .extracting(e -> ((DriverException) e).kind())
        .isEqualTo(DriverException.Kind.REJECTED);
  }
}
