package io.keepset.drivers.engine.rabbitmq;

import io.keepset.drivers.stream.ReadAlong;
import io.keepset.source.MapNode;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Dump;
import io.keepset.spi.Source;
import io.keepset.spi.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Definitions on their way from the server. They are read along, and counted against what the
 * server lists before and after.
 */
final class RabbitDump implements Dump {
  private final Broker broker;
  private final Former former;
  private final Map<String, Long> before;
  private final Locks locks;
  private final ReadAlong<Verdict> stream;

  private RabbitDump(Broker broker, Former former, Map<String, Long> before, InputStream export) {
    this.broker = broker;
    this.former = former;
    this.before = before;
    this.locks = new Locks(broker.vhost().orElse(""));
    this.stream = new ReadAlong<>(export, "rabbitmq-scan", in -> DefinitionsFile.read(in, locks));
  }

  static RabbitDump start(Source source, Former former) throws DriverException {
    Broker broker = Broker.toDump(source);
    Map<String, Long> before = broker.counts();
    return new RabbitDump(broker, former, before, broker.export());
  }

  @Override
  public InputStream stream() {
    return stream;
  }

  @Override
  public Report finish() throws DriverException {
    if (stream.broken().isPresent()) {
      throw broker.http().explain("exporting definitions", stream.broken().get());
    }
    if (!stream.ended()) {
      throw new DriverException(
          Kind.TRANSIENT,
          "the definitions of "
              + broker.describe()
              + " were not read to their end; nothing of them is kept");
    }
    Verdict verdict = stream.result();
    if (!verdict.good() || verdict.facts().isEmpty()) {
      throw new DriverException(
          Kind.DAMAGED,
          "what the server sent is not whole, nothing of it is kept: "
              + String.join("; ", verdict.findings()));
    }
    if (locks.broker) {
      throw new DriverException(
          Kind.TRANSIENT,
          "nothing of it is kept, as it may be neither what was there nor what is restored: "
              + RestoreLock.found(broker.where()));
    }
    ArtifactFacts facts = verdict.facts().get();
    List<String> warnings = new ArrayList<>(verdict.findings());
    warnings.remove(0);
    locks.vhosts.forEach(vhost -> warnings.add(RestoreLock.foundIn(vhost)));
    compare(facts, broker.counts(), warnings);
    warnings.addAll(former.left(broker));
    return new Report(facts, List.of(), warnings);
  }

  /** Restores that were under way, or broke off. */
  private static final class Locks implements DefinitionsFile.Items {
    private final String dumped;
    private volatile boolean broker;
    private final Set<String> vhosts = new ConcurrentSkipListSet<>();

    /**
     * @param dumped the vhost that is dumped alone: what is in such an export does not name it
     */
    private Locks(String dumped) {
      this.dumped = dumped;
    }

    @Override
    public void item(Section section, MapNode item) {
      // The verdict counts them.
    }

    @Override
    public void lock(Section section, MapNode item) {
      if (RestoreLock.locksBroker(section, item)) {
        broker = true;
      } else {
        vhosts.add(item.text("vhost").orElse(dumped));
      }
    }
  }

  /** What is made or deleted meanwhile may be in it or not; anything else is a hole. */
  private void compare(ArtifactFacts facts, Map<String, Long> after, List<String> warnings)
      throws DriverException {
    for (String section : before.keySet()) {
      long one = before.getOrDefault(section, 0L);
      long two = after.getOrDefault(section, 0L);
      long there = Long.parseLong(facts.values().getOrDefault(section, "0"));
      if (there < Math.min(one, two) || (one == two && there != one)) {
        throw new DriverException(
            Kind.TRANSIENT,
            broker.describe()
                + " lists "
                + two
                + " "
                + section
                + ", its export holds "
                + there
                + "; nothing of it is kept, the next run will tell whether it was a change"
                + " meanwhile");
      }
      if (one != two) {
        warnings.add(
            section + " were made or deleted meanwhile: " + one + " before, " + two + " now");
      }
    }
  }

  @Override
  public void close() {
    try {
      stream.close();
    } catch (IOException e) {
      // Nobody reads it any more.
    }
  }
}
