package io.keepset.plan;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.diagnostic.Validated;
import io.keepset.policy.DeclaredHold;
import io.keepset.policy.GuardRails;
import io.keepset.policy.Hold;
import io.keepset.policy.HoldCodec;
import io.keepset.policy.Instance;
import io.keepset.policy.InstanceCodec;
import io.keepset.policy.Mode;
import io.keepset.policy.PolicySet;
import io.keepset.policy.Settings;
import io.keepset.policy.StoreSpec;
import io.keepset.source.DiagnosticCodec;
import io.keepset.source.JsonText;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.SourceFile;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A plan that somebody looked at and that is to be applied later: exactly so or not at all. Holds
 * what is desired rather than what is to be done; an apply plans anew against what it finds and
 * compares the hashes. Secrets are in it only by reference, as in the policy files.
 *
 * @param hash of the plan that was looked at
 * @param stores that were declared, by name
 * @param holds that were declared, by name
 * @param instances that were declared, by name
 * @param settings that were declared
 */
public record PlanFile(
    Desired desired,
    Mode mode,
    String hash,
    SortedMap<String, StoreSpec> stores,
    SortedMap<String, DeclaredHold> holds,
    SortedMap<String, Instance> instances,
    Settings settings) {
  private static final String FORMAT = "keepset plan";
  private static final int VERSION = 1;

  public PlanFile {
    stores = Collections.unmodifiableSortedMap(new TreeMap<>(stores));
    holds = Collections.unmodifiableSortedMap(new TreeMap<>(holds));
    instances = Collections.unmodifiableSortedMap(new TreeMap<>(instances));
  }

  /**
   * As the bytes of a file. Only databases that the plan changes keep the origins of their fields:
   * nobody asks for those of the others.
   */
  public static String write(Plan plan, Desired desired, PolicySet policies) {
    MapNode content =
        new MapBuilder()
            .put("revision", PlanJson.revision(plan.revision()))
            .put("mode", plan.mode().word())
            .put("hash", plan.hash())
            .put("databases", ResolvedCodec.encodeAll(desired.databases(), plan))
            .put("stores", policies.stores().values().stream().map(PlanFile::store).toList())
            .put("holds", policies.holds().values().stream().map(PlanFile::hold).toList())
            .put(
                "instances",
                policies.instances().values().stream().map(InstanceCodec::encode).toList())
            .put("settings", SettingsCodec.encode(policies.settings()))
            .put("approvals", ApprovalCodec.encodeAll(desired.rails().approvals()))
            .put("notes", DiagnosticCodec.encode(desired.notes()))
            .build();
    return JsonText.write(
        new MapBuilder()
            .put("format", FORMAT)
            .put("version", VERSION)
            .put("checksum", checksum(content))
            .put("content", content)
            .build());
  }

  /** What a platform must know of the files besides the protections. */
  public PolicySet policies() {
    return new PolicySet(
        settings,
        desired.databases(),
        stores,
        instances,
        new TreeMap<>(),
        new TreeMap<>(),
        holds,
        new TreeMap<>(),
        new TreeMap<>(),
        0);
  }

  /** Reads what {@link #write} made; anything else is one error that says what it is. */
  public static Validated<PlanFile> read(SourceFile file) {
    Location start = new Location(file.path(), 1, 1);
    Optional<Node> root = JsonText.read(file).valid();
    if (root.isEmpty() && startsLikeOurs(file)) {
      return damaged(start);
    }
    if (root.isEmpty()
        || !(root.get() instanceof MapNode map)
        || !map.text("format").equals(Optional.of(FORMAT))) {
      return failed(
          "plan.file.foreign",
          file.path() + " is not a plan file",
          "make one with: keepset plan --out FILE; policy files are applied by the name of their"
              + " directory",
          start);
    }
    String version = map.text("version").orElse("none");
    if (!version.equals(String.valueOf(VERSION))) {
      return failed(
          "plan.file.version",
          "plan file has version " + version + ", this Keepset reads version " + VERSION,
          "plan again with the Keepset that applies",
          start);
    }
    Optional<MapNode> content = map.map("content");
    if (content.isEmpty() || !map.text("checksum").equals(content.map(PlanFile::checksum))) {
      return damaged(start);
    }
    try {
      return Validated.of(decode(content.get()));
    } catch (IllegalArgumentException e) {
      return damaged(start);
    }
  }

  /** Cut short, it is no JSON any more, but its beginning still says what it was. */
  private static boolean startsLikeOurs(SourceFile file) {
    byte[] bytes = file.bytes();
    String start = new String(bytes, 0, Math.min(bytes.length, 100), StandardCharsets.UTF_8);
    return start.contains("\"" + FORMAT + "\"");
  }

  private static PlanFile decode(MapNode content) {
    MapNode revision = content.map("revision").orElseThrow(PlanFile::incomplete);
    List<Diagnostic> notes = new ArrayList<>();
    for (MapNode note : content.maps("notes")) {
      notes.add(
          Diagnostic.note(
                  ResolvedCodec.text(note, "code"),
                  ResolvedCodec.text(note, "message"),
                  note.map("at").map(ResolvedCodec::location).orElse(null))
              .withHint(note.text("hint").orElse(null)));
    }
    TreeMap<String, StoreSpec> stores = new TreeMap<>();
    for (MapNode store : content.maps("stores")) {
      StoreSpec spec = ResolvedCodec.store(store);
      stores.put(spec.name(), spec);
    }
    TreeMap<String, DeclaredHold> holds = new TreeMap<>();
    for (MapNode map : content.maps("holds")) {
      Hold hold =
          HoldCodec.decode(ResolvedCodec.map(map, "hold")).orElseThrow(PlanFile::incomplete);
      Location at = ResolvedCodec.location(ResolvedCodec.map(map, "at"));
      holds.put(hold.name(), new DeclaredHold(hold, at, at));
    }
    TreeMap<String, Instance> instances = new TreeMap<>();
    // Plans that were saved before there were instances have none.
    if (content.get("instances").isPresent()) {
      for (MapNode one : content.maps("instances")) {
        Instance instance = InstanceCodec.decode(one);
        instances.put(instance.name(), instance);
      }
    }
    Settings settings = SettingsCodec.decode(ResolvedCodec.map(content, "settings"));
    Desired desired =
        new Desired(
            new Revision(
                ResolvedCodec.text(revision, "id"),
                ResolvedCodec.text(revision, "dirty").equals("true")),
            ResolvedCodec.decodeAll(content),
            new TreeMap<>(),
            notes,
            new GuardRails(
                settings.limits(),
                ApprovalCodec.decodeAll(content),
                GuardRails.NONE.zone(),
                GuardRails.NONE.compliance(),
                stores.isEmpty() && holds.isEmpty() && settings.equals(Settings.DEFAULT)));
    return new PlanFile(
        desired,
        Mode.of(ResolvedCodec.text(content, "mode")).orElseThrow(PlanFile::incomplete),
        ResolvedCodec.text(content, "hash"),
        stores,
        holds,
        instances,
        settings);
  }

  private static MapNode store(StoreSpec store) {
    return new MapBuilder()
        .put("name", store.name())
        .put("type", store.type())
        .putTexts("options", store.options().values())
        .put("at", DiagnosticCodec.location(store.at()))
        .build();
  }

  private static MapNode hold(DeclaredHold declared) {
    return new MapBuilder()
        .put("hold", HoldCodec.encode(declared.hold()))
        .put("at", DiagnosticCodec.location(declared.at()))
        .build();
  }

  private static String checksum(MapNode content) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(JsonText.writeCompact(content).getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static IllegalArgumentException incomplete() {
    return new IllegalArgumentException("the plan file lacks something that we always write");
  }

  private static Validated<PlanFile> damaged(Location at) {
    return failed(
        "plan.file.damaged",
        "plan file is damaged: it is not as it was written",
        "plan again; a plan file is not for editing",
        at);
  }

  private static Validated<PlanFile> failed(String code, String message, String hint, Location at) {
    return Validated.failed(List.of(Diagnostic.error(code, message, at).withHint(hint)));
  }
}
