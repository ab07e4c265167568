package io.keepset.reconcile;

import io.keepset.policy.Instance;
import io.keepset.spi.Discovery;
import io.keepset.spi.DriverException;
import io.keepset.spi.Engine;
import io.keepset.spi.Secrets;
import io.keepset.spi.Source;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an instance answered when it was asked for its databases.
 *
 * @param trouble why it did not answer; then there are no databases
 */
public record Listing(List<Discovery.Found> databases, Optional<String> trouble) {
  public Listing {
    databases = List.copyOf(databases);
  }

  /** Asks those instances that want to be asked, one after the other; trouble is an answer too. */
  public static SortedMap<String, Listing> ask(
      Collection<Instance> instances, Map<String, Engine> engines, Secrets secrets) {
    SortedMap<String, Listing> answers = new TreeMap<>();
    for (Instance instance : instances) {
      if (instance.discover()) {
        answers.put(instance.name(), ask(instance, engines, secrets));
      }
    }
    return answers;
  }

  private static Listing ask(Instance instance, Map<String, Engine> engines, Secrets secrets) {
    Optional<Discovery> discovery =
        Optional.ofNullable(engines.get(instance.engine())).flatMap(Engine::discovery);
    if (discovery.isEmpty()) {
      return failed("engine " + instance.engine() + " can't be asked for its databases");
    }
    try {
      return new Listing(
          discovery
              .get()
              .databases(
                  new Source(instance.name(), instance.connection(), instance.options(), secrets)),
          Optional.empty());
    } catch (DriverException e) {
      return failed(String.valueOf(e.getMessage()));
    }
  }

  private static Listing failed(String why) {
    return new Listing(List.of(), Optional.of(why));
  }
}
