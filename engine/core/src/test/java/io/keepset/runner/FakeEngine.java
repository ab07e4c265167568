package io.keepset.runner;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.policy.Protection;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.Attachment;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Dump;
import io.keepset.spi.Engine;
import io.keepset.spi.EngineFacts;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.Scratch;
import io.keepset.spi.Source;
import io.keepset.spi.Verdict;
import io.keepset.spi.wal.WriteAheadLog;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * An engine whose databases are texts in this process. Its artifact is {@code FAKE:<text>:END}, so
 * that a cut one can be told from a whole one.
 */
public final class FakeEngine implements Engine {
  /** Databases by name: what they hold now. */
  public final SortedMap<String, String> databases = new ConcurrentSkipListMap<>();

  /** What dumps go wrong with; empty for good ones. */
  public volatile Optional<DriverException> failLate = Optional.empty();

  public volatile boolean emptyDump;
  public volatile boolean halfDump;

  /** The dump says that it wrote something else than it did. */
  public volatile boolean lyingDump;

  /** How many characters more than there are a check reads out of an artifact. */
  public volatile int claims;

  public volatile Runnable duringDump = () -> {};
  public volatile Runnable duringRestore = () -> {};
  public volatile boolean refusesRestore;

  /** Its log, for tests that bring one. */
  public volatile Optional<WriteAheadLog> log = Optional.empty();

  /** How it proves backups, for tests that do. */
  public volatile Scratch scratch = Scratch.none("fake starts nothing");

  @Override
  public Scratch scratch() {
    return scratch;
  }

  @Override
  public Optional<WriteAheadLog> writeAheadLog() {
    return log;
  }

  @Override
  public String afterKilledRestore() {
    return "look into the fake";
  }

  @Override
  public EngineFacts facts() {
    return new EngineFacts(
        "fake",
        "fake text",
        ".fake",
        "one moment",
        "nothing but tests",
        List.of(),
        Set.of(RestoreRequest.Mode.NEW, RestoreRequest.Mode.OVER));
  }

  @Override
  public List<Diagnostic> unsupported(Protection desired) {
    return desired.pointInTime().isPresent()
        ? List.of(
            Diagnostic.error("engine.point_in_time", "fake has no point_in_time", null)
                .withPointer("point_in_time"))
        : List.of();
  }

  @Override
  public List<Diagnostic> check(Source source) {
    return List.of();
  }

  @Override
  public Dump dump(Source source) throws DriverException {
    String text = databases.get(source.database());
    if (text == null) {
      throw new DriverException(Kind.TRANSIENT, "connection refused: " + source.database());
    }
    String artifact = emptyDump ? "" : halfDump ? "FAKE:" + text : artifact(text);
    duringDump.run();
    return new Dump() {
      @Override
      public InputStream stream() {
        return new ByteArrayInputStream(artifact.getBytes(StandardCharsets.UTF_8));
      }

      @Override
      public Report finish() throws DriverException {
        if (failLate.isPresent()) {
          throw failLate.get();
        }
        byte[] globals = "roles".getBytes(StandardCharsets.UTF_8);
        return new Report(
            factsOf(lyingDump ? text + " and more" : text),
            List.of(new Attachment("globals.txt", globals)),
            List.of());
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public Verdict verify(InputStream artifact) throws DriverException {
    String text = read(artifact);
    return text.startsWith("FAKE:") && text.endsWith(":END")
        ? Verdict.good(
            factsOf(content(text) + "x".repeat(claims)), List.of(text.length() + " characters"))
        : Verdict.bad("it is no whole fake dump");
  }

  @Override
  public void checkRestore(ArtifactFacts facts, Source target, RestoreRequest request)
      throws DriverException {
    if (refusesRestore) {
      throw new DriverException(Kind.REJECTED, "backup is of version 2, server of version 1");
    }
  }

  @Override
  public RestoreReport restore(
      InputStream artifact,
      ArtifactFacts facts,
      List<Attachment> attachments,
      Source target,
      RestoreRequest request)
      throws DriverException {
    duringRestore.run();
    String text = read(artifact);
    String name =
        request.mode() == RestoreRequest.Mode.OVER
            ? target.database()
            : request.newName().orElse(target.database() + "_restored");
    databases.put(name, content(text));
    return new RestoreReport(name, List.of());
  }

  public static String artifact(String text) {
    return "FAKE:" + text + ":END";
  }

  private static String content(String artifact) {
    return artifact.substring(5, artifact.length() - 4);
  }

  private static ArtifactFacts factsOf(String text) {
    return new ArtifactFacts("fake text", new TreeMap<>(Map.of("length", "" + text.length())));
  }

  private static String read(InputStream artifact) throws DriverException {
    try (artifact) {
      return new String(artifact.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new DriverException(Kind.TRANSIENT, "can't read the artifact: " + e.getMessage(), e);
    }
  }
}
