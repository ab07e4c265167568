package io.keepset.reconcile;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Validated;
import io.keepset.plan.Desired;
import io.keepset.plan.LiveTarget;
import io.keepset.plan.Revision;
import io.keepset.policy.BuiltIn;
import io.keepset.policy.PolicyLoader;
import io.keepset.policy.PolicySet;
import io.keepset.policy.Protection;
import io.keepset.policy.ProtectionBlocks;
import io.keepset.policy.Resolved;
import io.keepset.policy.StoreSpec;
import io.keepset.policy.TargetId;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.SourceFile;
import io.keepset.source.Spelling;
import io.keepset.source.Writers;
import io.keepset.spi.Platform;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Policy files for what is live, so that the first plan with them has nothing to change. That is
 * checked before anything is handed out: what the language can't say, or says otherwise beside the
 * files that are there, is left out with the reason.
 *
 * @param files text by path, none of which was taken
 * @param adopted in order of target
 * @param left why a target is not among them
 */
public record Adoption(
    SortedMap<String, String> files, List<TargetId> adopted, SortedMap<TargetId, String> left) {
  /** Keeps files far below the size that a policy file may have. */
  private static final int DATABASES_IN_A_FILE = 200;

  /** What is there already, and how to write what comes to it. */
  public static final class Context {
    private final List<SourceFile> existing;
    private final PolicySet declared;
    private final Map<String, StoreSpec> stores;
    private final Map<String, Platform> platforms;
    private final PolicyLoader loader = new PolicyLoader();

    /**
     * @param existing the policy files beside which the new ones will lie
     * @param declared what those say
     * @param stores that are known, declared by a file or not
     * @param platforms say how they would echo a wish
     */
    public Context(
        List<SourceFile> existing,
        PolicySet declared,
        Map<String, StoreSpec> stores,
        Map<String, Platform> platforms) {
      this.existing = List.copyOf(existing);
      this.declared = declared;
      this.stores = new TreeMap<>(stores);
      this.platforms = Map.copyOf(platforms);
    }
  }

  /**
   * @param targets protected ones that no file declares
   * @param taken paths that are not free
   */
  public static Adoption of(
      Collection<LiveTarget> targets, Context context, Spelling spelling, Predicate<String> taken) {
    SortedMap<TargetId, Protection> wanted = new TreeMap<>();
    for (LiveTarget target : targets) {
      target.protection().ifPresent(protection -> wanted.put(target.target(), protection));
    }
    SortedMap<TargetId, String> left = new TreeMap<>();
    Set<String> names = new HashSet<>(context.declared.protections().keySet());
    wanted
        .entrySet()
        .removeIf(
            entry -> {
              boolean doubled = !names.add(entry.getKey().name());
              if (doubled) {
                left.put(entry.getKey(), "the name is declared already, for another target");
              }
              return doubled;
            });
    SortedMap<String, String> files = write(wanted, context, spelling, taken);
    if (!differing(wanted, files, context).isEmpty()) {
      // One by one, to find those that are to blame.
      SortedMap<TargetId, Protection> good = new TreeMap<>();
      wanted.forEach(
          (target, protection) -> {
            SortedMap<TargetId, Protection> alone = new TreeMap<>(Map.of(target, protection));
            SortedMap<TargetId, String> why =
                differing(alone, write(alone, context, spelling, taken), context);
            left.putAll(why);
            if (why.isEmpty()) {
              good.put(target, protection);
            }
          });
      wanted.keySet().retainAll(good.keySet());
      files = write(wanted, context, spelling, taken);
      SortedMap<TargetId, String> together = differing(wanted, files, context);
      if (!together.isEmpty()) {
        left.putAll(together);
        wanted.clear();
        files = new TreeMap<>();
      }
    }
    return new Adoption(files, List.copyOf(wanted.keySet()), left);
  }

  /** Which of them would not be as they are, with the reason; all of them if nothing loads. */
  private static SortedMap<TargetId, String> differing(
      SortedMap<TargetId, Protection> wanted, Map<String, String> files, Context context) {
    SortedMap<TargetId, String> why = new TreeMap<>();
    List<SourceFile> all = new ArrayList<>(context.existing);
    files.forEach(
        (path, text) -> all.add(new SourceFile(path, text.getBytes(StandardCharsets.UTF_8))));
    Validated<PolicySet> loaded = context.loader.load(all);
    Optional<PolicySet> set = loaded.valid();
    if (set.isEmpty()) {
      String first =
          loaded.diagnostics().stream()
              .filter(Diagnostic::isError)
              .findFirst()
              .map(Diagnostic::message)
              .orElse("the files can't be read");
      wanted.keySet().forEach(target -> why.put(target, first));
      return why;
    }
    Desired desired =
        DesiredState.normalized(
            DesiredState.of(Revision.DIRECTORY, set.get(), List.of()),
            context.platforms,
            new PlanMemory());
    wanted.forEach(
        (target, protection) -> {
          Resolved resolved = desired.databases().get(target.name());
          List<Diagnostic> cannot = desired.unsupported().getOrDefault(target.name(), List.of());
          if (!cannot.isEmpty()) {
            why.put(target, cannot.get(0).message());
          } else if (resolved == null || !resolved.protection().equals(protection)) {
            why.put(
                target,
                "the files that are there already (keepset.defaults, or its store) say something"
                    + " else of it");
          }
        });
    return why;
  }

  private static SortedMap<String, String> write(
      SortedMap<TargetId, Protection> wanted,
      Context context,
      Spelling spelling,
      Predicate<String> taken) {
    SortedMap<String, String> files = new TreeMap<>();
    Map<TargetId, String> policies = new LinkedHashMap<>();
    SortedMap<String, MapNode> bodies = policies(wanted, context, policies);
    SortedMap<String, MapNode> stores = stores(wanted, context);
    List<TargetId> targets = List.copyOf(wanted.keySet());
    int number = 1;
    for (int from = 0; from < targets.size(); from += DATABASES_IN_A_FILE) {
      List<TargetId> some =
          targets.subList(from, Math.min(targets.size(), from + DATABASES_IN_A_FILE));
      MapBuilder databases = new MapBuilder();
      MapBuilder rules = new MapBuilder();
      for (TargetId target : some) {
        String policy = Objects.requireNonNull(policies.get(target));
        MapNode body = bodies.remove(policy);
        if (body != null) {
          rules.put(policy, body);
        }
        databases.put(
            target.name(),
            ProtectionBlocks.database(Objects.requireNonNull(wanted.get(target)), policy));
      }
      MapBuilder tree = new MapBuilder();
      if (from == 0 && !stores.isEmpty()) {
        MapBuilder block = new MapBuilder();
        stores.forEach(block::put);
        tree.put("store", block);
      }
      MapNode own = rules.build();
      if (!own.isEmpty()) {
        tree.put("policy", own);
      }
      tree.put("database", databases);
      String path = path(number, spelling);
      while (taken.test(path)) {
        path = path(++number, spelling);
      }
      number++;
      files.put(
          path,
          Writers.write(tree.build(), spelling).valid().map(written -> written.text()).orElse(""));
    }
    return files;
  }

  private static String path(int number, Spelling spelling) {
    return "adopted" + (number == 1 ? "" : "-" + number) + "." + spelling.word();
  }

  /** One for each set of rules, named after the database if it has it alone. */
  private static SortedMap<String, MapNode> policies(
      SortedMap<TargetId, Protection> wanted, Context context, Map<TargetId, String> names) {
    Map<MapNode, List<TargetId>> users = new LinkedHashMap<>();
    wanted.forEach(
        (target, protection) ->
            users
                .computeIfAbsent(ProtectionBlocks.policy(protection), unused -> new ArrayList<>())
                .add(target));
    Set<String> used = new HashSet<>(context.declared.policies().keySet());
    used.addAll(BuiltIn.names());
    SortedMap<String, MapNode> bodies = new TreeMap<>();
    users.forEach(
        (body, targets) -> {
          String wish = targets.size() == 1 ? targets.get(0).name() : "adopted";
          String name = wish;
          for (int i = 2; !used.add(name); i++) {
            name = wish + "-" + i;
          }
          bodies.put(name, body);
          for (TargetId target : targets) {
            names.put(target, name);
          }
        });
    return bodies;
  }

  /** Those that the protections name and no file declares. */
  private static SortedMap<String, MapNode> stores(
      SortedMap<TargetId, Protection> wanted, Context context) {
    Set<String> named = new TreeSet<>();
    for (Protection protection : wanted.values()) {
      protection.store().ifPresent(named::add);
      protection.copies().values().forEach(copy -> named.add(copy.to()));
    }
    named.removeAll(context.declared.stores().keySet());
    SortedMap<String, MapNode> stores = new TreeMap<>();
    for (String name : named) {
      StoreSpec spec = context.stores.get(name);
      if (spec != null) {
        stores.put(name, ProtectionBlocks.store(spec));
      }
    }
    return stores;
  }
}
