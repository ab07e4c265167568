package io.keepset.drivers.engine.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.Dump;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.Source;
import io.keepset.spi.Verdict;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Backups and restores of a real broker, which all tests of this JVM share. */
abstract class RabbitRestores {
  @TempDir Path data;

  final RabbitLab broker = RabbitLab.shared();
  final Source source = broker.source(Map.of());

  @BeforeEach
  void fill() throws Exception {
    broker.empty();
    RabbitEngineLab.fill(broker, "shop");
  }

  final RabbitEngine engine() {
    return new RabbitEngine(InstantSource.system(), Optional.of(data));
  }

  final byte[] dump() throws Exception {
    return dump(source);
  }

  final byte[] dump(Source of) throws Exception {
    try (Dump dump = engine().dump(of)) {
      byte[] artifact = dump.stream().readAllBytes();
      dump.finish();
      return artifact;
    }
  }

  final RestoreReport restore(byte[] artifact, Source target, Mode mode) throws DriverException {
    return restore(artifact, target, new RestoreRequest(mode, Optional.empty()));
  }

  final RestoreReport restore(byte[] artifact, Source target, RestoreRequest request)
      throws DriverException {
    ArtifactFacts facts = facts(artifact);
    engine().checkRestore(facts, target, request);
    return engine().restore(new ByteArrayInputStream(artifact), facts, List.of(), target, request);
  }

  final ArtifactFacts facts(byte[] artifact) throws DriverException {
    Verdict verdict = engine().verify(new ByteArrayInputStream(artifact));
    assertThat(verdict.good()).as("%s", verdict.findings()).isTrue();
    return verdict.facts().orElseThrow();
  }

  /** Files with what restores replaced. */
  final List<Path> kept() {
    try (Stream<Path> files = Files.walk(data)) {
      return files.filter(file -> file.toString().endsWith(".json")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
