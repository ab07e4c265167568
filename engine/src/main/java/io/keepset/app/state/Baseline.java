package io.keepset.app.state;

import io.keepset.app.state.AppliedRevisions.Applied;
import io.keepset.plan.Revision;
import io.keepset.policy.ComplianceFields;
import io.keepset.policy.Instance;
import io.keepset.policy.InstanceCodec;
import io.keepset.policy.Protection;
import io.keepset.policy.ProtectionCodec;
import io.keepset.policy.TargetId;
import io.keepset.reconcile.Drift;
import io.keepset.reconcile.InForce;
import io.keepset.source.JsonText;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.SourceFile;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What was applied last, target by target, so that drift can be told without Git. Only what differs
 * is written: an apply to one of ten thousand databases writes one row.
 */
public final class Baseline {
  private static final String PROTECTION = "in-force";
  private static final String INSTANCE = "in-force-instance";
  private static final String REVISION = "in-force-revision";

  private final Declarations declarations;
  private final AppliedRevisions revisions;
  private final boolean shared;
  private @Nullable SortedMap<TargetId, Protection> known;

  /**
   * @param shared true if other nodes write to the same state
   */
  Baseline(Declarations declarations, AppliedRevisions revisions, boolean shared) {
    this.declarations = declarations;
    this.revisions = revisions;
    this.shared = shared;
  }

  public synchronized void record(InForce inForce, Instant at) {
    SortedMap<TargetId, Protection> before = known == null || shared ? protections() : known;
    SortedMap<TargetId, Protection> after = new TreeMap<>(before);
    SortedMap<String, String> changed = new TreeMap<>();
    inForce
        .kept()
        .forEach(
            (target, protection) -> {
              if (!protection.equals(after.put(target, protection))) {
                changed.put(key(target), JsonText.writeCompact(ProtectionCodec.encode(protection)));
              }
            });
    declarations.putAll(PROTECTION, changed);
    for (TargetId target : inForce.ended()) {
      if (after.remove(target) != null) {
        declarations.remove(PROTECTION, key(target));
      }
    }
    instances(inForce.instances());
    declarations.put(
        REVISION,
        REVISION,
        JsonText.writeCompact(
            new MapBuilder()
                .put("id", inForce.revision().id())
                .put("dirty", inForce.revision().dirty())
                .put("at", at)
                .build()));
    if (inForce.changes() > 0) {
      revisions.add(new Applied(at, inForce.revision(), inForce.planHash(), inForce.failures()));
    }
    known = after;
  }

  private void instances(List<Instance> now) {
    Map<String, String> before = declarations.all(INSTANCE);
    Set<String> gone = new HashSet<>(before.keySet());
    for (Instance instance : now) {
      String document = JsonText.writeCompact(InstanceCodec.encode(instance));
      if (!document.equals(before.get(instance.name()))) {
        declarations.put(INSTANCE, instance.name(), document);
      }
      gone.remove(instance.name());
    }
    gone.forEach(name -> declarations.remove(INSTANCE, name));
  }

  /** The newest apply; empty if there was none. */
  public Optional<Drift.Applied> applied() {
    return declarations
        .find(REVISION, REVISION)
        .map(Baseline::parse)
        .map(
            map ->
                new Drift.Applied(
                    new Revision(
                        map.text("id").orElseThrow(),
                        map.text("dirty").orElse("false").equals("true")),
                    Instant.parse(map.text("at").orElseThrow())));
  }

  public SortedMap<TargetId, Protection> protections() {
    return protections(document -> true);
  }

  /** Those under compliance rules; what has none is not decoded. */
  public SortedMap<TargetId, Protection> ruled() {
    return protections(document -> document.contains('"' + ComplianceFields.PREFIX));
  }

  private SortedMap<TargetId, Protection> protections(Predicate<String> documents) {
    SortedMap<TargetId, Protection> all = new TreeMap<>();
    for (String document : declarations.all(PROTECTION).values()) {
      if (documents.test(document)) {
        Protection protection = ProtectionCodec.decode(parse(document));
        all.put(protection.target(), protection);
      }
    }
    return all;
  }

  public List<Instance> instances() {
    List<Instance> all = new ArrayList<>();
    declarations
        .all(INSTANCE)
        .values()
        .forEach(document -> all.add(InstanceCodec.decode(parse(document))));
    return all;
  }

  private static String key(TargetId target) {
    return target.platform() + "/" + target.name();
  }

  private static MapNode parse(String document) {
    return JsonText.read(new SourceFile("state", document.getBytes(StandardCharsets.UTF_8)))
        .valid()
        .map(node -> node instanceof MapNode map ? map : null)
        .orElseThrow(() -> new IllegalStateException("the state holds no JSON: " + document));
  }
}
