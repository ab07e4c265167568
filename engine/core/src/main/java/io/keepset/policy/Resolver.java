package io.keepset.policy;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.ScalarNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * From blocks to protections. Remembers what it resolved: as long as the blocks that a database
 * depends on are the same objects, it costs a look-up.
 */
final class Resolver {

  private record Task(Declared database, Chain chain, Optional<Declared> instance) {
    @SuppressWarnings("ReferenceEquality") // equal trees may stand in other places
    boolean isOf(Task other) {
      return database.body() == other.database.body()
          && chain == other.chain
          && instance.map(Declared::body).orElse(null)
              == other.instance.map(Declared::body).orElse(null);
    }
  }

  private record Outcome(
      Task task, boolean sound, @Nullable Resolved resolved, List<Diagnostic> diagnostics) {
    boolean isOf(Task other, boolean otherSound) {
      return task.isOf(other) && sound == otherSound;
    }

    @SuppressWarnings("ReferenceEquality") // as above
    boolean isOf(Declared database) {
      return task.database().body() == database.body();
    }

    String name() {
      return task.database().name();
    }
  }

  private Map<Chain.Names, Chain> chains = new HashMap<>();
  private Map<String, Outcome> outcomes = new HashMap<>();
  private List<MapNode> shared = List.of();
  private List<MapNode> stores = List.of();
  private Set<String> complaining = Set.of();

  /** All databases that can be resolved; what is wrong with the others is reported. */
  SortedMap<String, Resolved> resolve(Blocks blocks, Consumer<Diagnostic> report) {
    Pass pass = new Pass(blocks, report);
    SortedMap<String, Resolved> all = pass.databases();
    pass.blocksThatNobodyUses();
    chains = pass.usedChains;
    outcomes = pass.usedOutcomes;
    shared = pass.nowShared;
    stores = pass.nowStores;
    complaining = pass.nowComplaining;
    return all;
  }

  /** All that a database may name; as long as it stays, the same block leads to the same task. */
  private static List<MapNode> shared(Blocks blocks) {
    List<MapNode> bodies = new ArrayList<>();
    blocks.settings().map(Declared::body).ifPresent(bodies::add);
    for (String kind : List.of("environment", "policy", "instance")) {
      blocks.named(kind).values().forEach(block -> bodies.add(block.body()));
    }
    return bodies;
  }

  @SuppressWarnings("ReferenceEquality") // equal trees may stand in other places
  private static boolean areSame(List<MapNode> bodies, List<MapNode> others) {
    boolean same = bodies.size() == others.size();
    for (int i = 0; same && i < bodies.size(); i++) {
      same = bodies.get(i) == others.get(i);
    }
    return same;
  }

  /** One resolution of everything. */
  private final class Pass {
    private final Blocks blocks;
    private final Consumer<Diagnostic> report;
    private final Map<Chain.Names, Chain> usedChains = new HashMap<>();
    private final Map<String, Outcome> usedOutcomes = new HashMap<>();
    private final OwnStore ownStore;
    private final List<MapNode> nowShared;
    private final List<MapNode> nowStores;
    private final Set<String> nowComplaining = new HashSet<>();
    private final boolean sameStores;

    Pass(Blocks blocks, Consumer<Diagnostic> report) {
      this.blocks = blocks;
      this.report = report;
      this.ownStore = new OwnStore(blocks.named("store"));
      this.nowShared = shared(blocks);
      this.nowStores = blocks.named("store").values().stream().map(Declared::body).toList();
      this.sameStores = areSame(nowStores, stores);
    }

    SortedMap<String, Resolved> databases() {
      List<Task> tasks = new ArrayList<>();
      boolean same = areSame(nowShared, shared);
      for (Declared database : blocks.named("database").values()) {
        Outcome known = same ? outcomes.get(database.name()) : null;
        if (known != null && known.isOf(database)) {
          tasks.add(known.task());
          usedChains.putIfAbsent(known.task().chain().names(), known.task().chain());
          continue;
        }
        Chain chain = chain(database);
        Optional<Node> instance = name(database.body(), "instance");
        Optional<Declared> found =
            instance.flatMap(node -> find("instance", text(node), node.at()));
        if (chain != null && instance.isPresent() == found.isPresent()) {
          tasks.add(new Task(database, chain, found));
        } else {
          ownStore(database);
        }
      }
      TreeMap<String, Resolved> all = new TreeMap<>();
      for (Outcome outcome : outcomes(tasks)) {
        usedOutcomes.put(outcome.name(), outcome);
        outcome.diagnostics().forEach(report);
        if (outcome.resolved() != null) {
          if (!isKnownToBeWell(outcome)) {
            stores(outcome);
          }
          all.put(outcome.name(), outcome.resolved());
        }
      }
      return all;
    }

    /** Of a database that leads nowhere for another reason: all mistakes are said at once. */
    private void ownStore(Declared database) {
      name(database.body(), "store")
          .filter(node -> !misdirected(node, "store"))
          .ifPresent(node -> find("store", text(node), node.at()));
    }

    /** Its stores were looked at in the last pass, and neither it nor they have changed. */
    @SuppressWarnings("ReferenceEquality") // as above
    private boolean isKnownToBeWell(Outcome outcome) {
      return sameStores
          && outcomes.get(outcome.name()) == outcome
          && !complaining.contains(outcome.name());
    }

    private void stores(Outcome outcome) {
      Resolved resolved = Objects.requireNonNull(outcome.resolved());
      List<Diagnostic> found = new ArrayList<>();
      stores(resolved, found::add);
      found.addAll(ownStore.check(resolved));
      found.forEach(report);
      if (!found.isEmpty()) {
        nowComplaining.add(outcome.name());
      }
    }

    private List<Outcome> outcomes(List<Task> tasks) {
      return Many.stream(tasks, tasks.size() - outcomes.size()).map(this::outcome).toList();
    }

    private Outcome outcome(Task task) {
      boolean sound = sound(task);
      Outcome known = outcomes.get(task.database().name());
      if (known != null && known.isOf(task, sound)) {
        return known;
      }
      List<Diagnostic> found = new ArrayList<>();
      Resolved resolved =
          new DatabaseResolver(task.database(), task.chain(), task.instance(), sound, found::add)
              .resolve();
      return new Outcome(task, sound, resolved, found);
    }

    private boolean sound(Task task) {
      Chain chain = task.chain();
      return chain.sound()
          && blocks.sound(task.database())
          && blocks.sound(chain.policy())
          && task.instance().map(blocks::sound).orElse(true)
          && chain.environment().map(blocks::sound).orElse(true);
    }

    private @Nullable Chain chain(Declared database) {
      Optional<Node> named = name(database.body(), "environment");
      if (named.isEmpty()) {
        return chain(database, Optional.empty());
      }
      Optional<Declared> environment = find("environment", text(named.get()), named.get().at());
      return environment.isEmpty() ? null : chain(database, environment);
    }

    private @Nullable Chain chain(Declared database, Optional<Declared> environment) {
      Optional<Node> policy =
          name(database.body(), "policy")
              .or(() -> environment.flatMap(block -> name(block.body(), "policy")))
              .or(() -> defaults().flatMap(map -> name(map, "policy")));
      if (policy.isEmpty()) {
        report.accept(
            Diagnostic.error(
                    "database.policy",
                    "database " + database.name() + " has no policy",
                    database.at())
                .withHint(
                    "name one with policy, in its environment, or in keepset.defaults; compose is"
                        + " built in"));
        return null;
      }
      return misdirected(policy.get(), "policy")
          ? null
          : chain(environment, text(policy.get()), policy.get().at());
    }

    private @Nullable Chain chain(Optional<Declared> environment, String policy, Location at) {
      Declared own = blocks.named("policy").get(policy);
      Optional<Declared> found = own != null ? Optional.of(own) : BuiltIn.policy(policy);
      if (found.isEmpty()) {
        report.accept(References.unknown("policy", policy, at, blocks.named("policy").keySet()));
        return null;
      }
      Chain.Names names = new Chain.Names(environment.map(Declared::name).orElse(""), policy);
      return usedChains.computeIfAbsent(
          names, n -> chain(n, environment, found.get(), own == null));
    }

    private Chain chain(
        Chain.Names names, Optional<Declared> environment, Declared policy, boolean builtIn) {
      Chain known = chains.get(names);
      return known != null && known.isOf(blocks.settings(), environment, policy)
          ? known
          : Chain.of(blocks.settings(), environment, policy, builtIn);
    }

    private Optional<MapNode> defaults() {
      return blocks.settings().flatMap(block -> block.body().map("defaults"));
    }

    private Optional<Node> name(MapNode map, String key) {
      return map.get(key).filter(node -> map.text(key).isPresent());
    }

    /** A reference of HCL to another kind of block, which was reported. */
    private boolean misdirected(Node node, String kind) {
      String reference = ((ScalarNode) node).reference();
      return reference != null && !reference.equals(kind);
    }

    private String text(Node node) {
      return ((ScalarNode) node).text();
    }

    private Optional<Declared> find(String kind, String name, Location at) {
      return find(kind, name, at, report);
    }

    private Optional<Declared> find(
        String kind, String name, Location at, Consumer<Diagnostic> heard) {
      Optional<Declared> block = Optional.ofNullable(blocks.named(kind).get(name));
      if (block.isEmpty()) {
        heard.accept(References.unknown(kind, name, at, blocks.named(kind).keySet()));
      }
      return block;
    }

    private void stores(Resolved resolved, Consumer<Diagnostic> heard) {
      resolved.protection().store().ifPresent(store -> store(resolved, "store", store, heard));
      resolved
          .protection()
          .copies()
          .forEach((name, copy) -> store(resolved, "copy." + name + ".to", copy.to(), heard));
    }

    private void store(Resolved resolved, String path, String store, Consumer<Diagnostic> heard) {
      if (!blocks.named("store").containsKey(store)) {
        Origin origin = resolved.origins().get(path);
        Location at = origin == null || origin.at() == null ? resolved.declaredAt() : origin.at();
        find("store", store, at, heard);
      }
    }

    /** Names in environments and defaults, and contradictions in policies, used or not. */
    void blocksThatNobodyUses() {
      for (Declared environment : blocks.named("environment").values()) {
        names(environment.body());
      }
      defaults().ifPresent(this::names);
      var used = new TreeSet<String>();
      usedChains.keySet().forEach(names -> used.add(names.policy()));
      for (Declared policy : blocks.named("policy").values()) {
        copies(policy.body());
        if (!used.contains(policy.name())) {
          Chain chain = Chain.of(blocks.settings(), Optional.empty(), policy, false);
          if (chain.sound() && blocks.sound(policy)) {
            Contradictions.in(
                    new Subject(
                        chain.rules(),
                        Optional.empty(),
                        chain.levels().origins(),
                        "policy " + policy.name(),
                        policy.at()))
                .forEach(report);
          }
        }
      }
    }

    private void names(MapNode body) {
      name(body, "policy").ifPresent(node -> chain(Optional.empty(), text(node), node.at()));
      name(body, "store").ifPresent(node -> find("store", text(node), node.at()));
      copies(body);
    }

    private void copies(MapNode body) {
      for (MapNode.Entry copy : body.map("copy").map(MapNode::entries).orElse(List.of())) {
        if (copy.value() instanceof MapNode map) {
          name(map, "to").ifPresent(node -> find("store", text(node), node.at()));
        }
      }
    }
  }
}
