package io.keepset.drivers.engine;

import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.Attachment;
import io.keepset.spi.DriverException;
import io.keepset.spi.Dump;
import io.keepset.spi.Engine;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.Source;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** An engine and the lab that it is tried in. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class LabTest {
  /** More than fits into all the buffers between a server and us. */
  static final long BIG = 24L << 20;

  static final List<Attachment> NOTHING_BESIDE = List.of();

  private EngineLab lab;
  private Engine engine;

  /** Starts the lab; called once. Skips with an assumption if this machine can't. */
  protected abstract EngineLab start() throws Exception;

  protected final EngineLab lab() {
    return lab;
  }

  @BeforeAll
  void startLab() throws Exception {
    lab = start();
    engine = lab.engine();
  }

  @AfterAll
  void stopLab() {
    if (lab != null) {
      lab.close();
    }
  }

  /** A dump that was read to its end, in memory. */
  protected record Made(byte[] artifact, Dump.Report report) {
    public ArtifactFacts facts() {
      return report.facts();
    }

    public InputStream open() {
      return new ByteArrayInputStream(artifact);
    }
  }

  protected final Made make(Source source) throws DriverException, IOException {
    try (Dump dump = engine.dump(source)) {
      byte[] artifact = dump.stream().readAllBytes();
      return new Made(artifact, dump.finish());
    }
  }

  protected final RestoreRequest into(String name) {
    return new RestoreRequest(Mode.NEW, Optional.of(name));
  }

  protected final RestoreReport restore(Made made, Source target, RestoreRequest request)
      throws DriverException {
    engine.checkRestore(made.facts(), target, request);
    return engine.restore(made.open(), made.facts(), made.report().attachments(), target, request);
  }

  /** A restore of this artifact by another stream. */
  final RestoreReport restore(
      InputStream artifact, Made made, Source target, RestoreRequest request)
      throws DriverException {
    engine.checkRestore(made.facts(), target, request);
    return engine.restore(artifact, made.facts(), made.report().attachments(), target, request);
  }

  final Engine engine() {
    return engine;
  }

  static Set<Long> children() {
    // Not descendants: a lab's server has processes of its own.
    return ProcessHandle.current()
        .children()
        .filter(ProcessHandle::isAlive)
        .map(ProcessHandle::pid)
        .collect(Collectors.toSet());
  }
}
