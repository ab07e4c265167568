package io.keepset.drivers.scratch;

import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Dump;
import io.keepset.spi.Engine;
import io.keepset.spi.Scratch;
import io.keepset.spi.Source;
import io.keepset.spi.Verdict;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares a restored instance by dumping it again: what the engine counts of its own artifacts
 * must be the same both times. A dump also reads every row, page or key that came back.
 */
public final class Redump {
  private Redump() {}

  /**
   * A fact that says how much there is of something.
   *
   * @param noun what it counts, in the plural
   */
  public record Counted(String fact, String noun) {
    public static Counted of(String fact) {
      return new Counted(fact, fact.replace('_', ' '));
    }
  }

  /**
   * What a dump of this instance counts.
   *
   * @throws DriverException if it can't be dumped
   */
  public static ArtifactFacts of(Engine engine, Source instance) throws DriverException {
    try (Dump dump = engine.dump(instance)) {
      Verdict verdict = engine.verify(new Unclosed(dump.stream()));
      // A check may know the end of an artifact before the stream has said that nothing follows.
      dump.stream().transferTo(OutputStream.nullOutputStream());
      // A dump that broke off looks cut to the check, and only the dump knows why.
      ArtifactFacts facts = dump.finish().facts();
      if (!verdict.good()) {
        throw new DriverException(
            Kind.TRANSIENT,
            "what was restored can't be dumped again: " + String.join("; ", verdict.findings()));
      }
      return facts;
    } catch (IOException e) {
      throw new DriverException(
          Kind.TRANSIENT, "what was restored can't be dumped again: " + e.getMessage(), e);
    }
  }

  /** For who closes what he has read, although it may go on. */
  private static final class Unclosed extends FilterInputStream {
    Unclosed(InputStream in) {
      super(in);
    }

    @Override
    public void close() {
      // Whoever made it closes it.
    }
  }

  /** Compares what two artifacts count. A fact that the first one does not have is left out. */
  public static Scratch.Comparison compare(
      ArtifactFacts dumped, ArtifactFacts restored, List<Counted> counted) {
    List<String> found = new ArrayList<>();
    List<String> differences = new ArrayList<>();
    for (Counted one : counted) {
      String then = dumped.values().get(one.fact());
      String now = restored.values().getOrDefault(one.fact(), "none");
      if (then == null) {
        continue;
      }
      if (!then.equals(now)) {
        differences.add(now + " " + one.noun() + " came back, " + then + " were dumped");
      } else if (!now.equals("0") || found.isEmpty()) {
        found.add(now + " " + one.noun());
      }
    }
    if (!found.isEmpty()) {
      found.set(found.size() - 1, found.get(found.size() - 1) + " as at the dump");
    }
    return new Scratch.Comparison(found, differences);
  }
}
