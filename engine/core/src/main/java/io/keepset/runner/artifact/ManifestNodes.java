package io.keepset.runner.artifact;

import io.keepset.diagnostic.Location;
import io.keepset.retention.BackupKind;
import io.keepset.retention.CopyOf;
import io.keepset.source.ListNode;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.ScalarNode;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The manifest as a tree, to and fro. Keys that it does not know are left alone. */
final class ManifestNodes {
  private static final Location NOWHERE = new Location("manifest.json", 1, 1);
  private static final String COMPRESSION = "zstd";
  private static final String ENCRYPTION = "AES256_GCM_HKDF_4KB";

  private ManifestNodes() {}

  static MapNode write(Manifest manifest) {
    Fields fields = new Fields();
    fields.put("format", (long) manifest.format());
    fields.put("keepset", manifest.keepsetVersion());
    fields.put("id", manifest.id());
    fields.put("database", manifest.database());
    fields.put("engine", manifest.engine());
    fields.put("kind", manifest.kind().word());
    if (manifest.copyOf().isPresent()) {
      Fields copyOf = new Fields();
      copyOf.put("backup", manifest.copyOf().get().backup());
      copyOf.put("name", manifest.copyOf().get().name());
      fields.put("copy_of", copyOf.node());
    }
    fields.put("time", manifest.time().toString());
    fields.put("finished", manifest.finished().toString());
    manifest.verified().ifPresent(at -> fields.put("verified", at.toString()));
    Fields facts = new Fields();
    facts.put("format", manifest.facts().format());
    facts.put("values", texts(manifest.facts().values()));
    fields.put("facts", facts.node());
    fields.put("artifact", object(manifest.artifact()));
    Fields attachments = new Fields();
    manifest.attachments().forEach((name, object) -> attachments.put(name, object(object)));
    fields.put("attachments", attachments.node());
    List<Node> warnings = new ArrayList<>();
    manifest.warnings().forEach(w -> warnings.add(new ScalarNode(NOWHERE, w)));
    fields.put("warnings", new ListNode(NOWHERE, warnings));
    fields.put("labels", texts(manifest.labels()));
    return fields.node();
  }

  private static MapNode texts(SortedMap<String, String> values) {
    Fields fields = new Fields();
    values.forEach(fields::put);
    return fields.node();
  }

  private static MapNode object(SealedObject object) {
    Fields fields = new Fields();
    fields.put("size", object.plain().size());
    fields.put(object.plain().kind().word(), object.plain().sum());
    fields.put("stored_size", object.stored().size());
    fields.put("stored_sha256", object.stored().sum());
    fields.put("compression", COMPRESSION);
    if (object.keyId().isPresent()) {
      Fields encryption = new Fields();
      encryption.put("algorithm", ENCRYPTION);
      encryption.put("key", object.keyId().get());
      fields.put("encryption", encryption.node());
    }
    return fields.node();
  }

  static Manifest read(Node node, String key) throws DriverException {
    if (!(node instanceof MapNode map)) {
      throw damaged(key, "it is " + node.kind() + ", not a map");
    }
    Reader top = new Reader(map, key, "");
    long format = top.number("format");
    if (format > Manifest.FORMAT) {
      throw new DriverException(
          DriverException.Kind.REJECTED,
          key
              + " was written by a newer Keepset ("
              + map.text("keepset").orElse("unknown")
              + ", format "
              + format
              + "); this one reads up to format "
              + Manifest.FORMAT
              + ": upgrade it first");
    }
    String database = top.text("database");
    String id = top.text("id");
    if (!key.equals(Manifest.manifestKey(database, id))) {
      throw damaged(key, "it is the manifest of " + database + ", " + id);
    }
    Reader facts = top.map("facts");
    Reader attached = top.map("attachments");
    SortedMap<String, SealedObject> attachments = new TreeMap<>();
    for (String name : attached.map.keys()) {
      attachments.put(name, object(attached.map(name), Manifest.attachmentKey(database, id, name)));
    }
    return new Manifest(
        top.text("keepset"),
        id,
        database,
        top.text("engine"),
        kind(top),
        top.instant("time"),
        top.instant("finished"),
        map.text("verified").isPresent() ? Optional.of(top.instant("verified")) : Optional.empty(),
        new ArtifactFacts(facts.text("format"), facts.map("values").texts()),
        object(top.map("artifact"), Manifest.artifactKey(database, id)),
        attachments,
        top.list("warnings"),
        top.map("labels").texts(),
        copyOf(top, kind(top)));
  }

  private static Optional<CopyOf> copyOf(Reader top, BackupKind kind) throws DriverException {
    if (kind != BackupKind.COPY) {
      return Optional.empty();
    }
    Reader original = top.map("copy_of");
    return Optional.of(new CopyOf(original.text("backup"), original.text("name")));
  }

  private static BackupKind kind(Reader top) throws DriverException {
    String word = top.text("kind");
    for (BackupKind kind : BackupKind.values()) {
      if (kind.word().equals(word)) {
        return kind;
      }
    }
    throw top.wrong("kind", "is not a kind of backup: " + word);
  }

  private static SealedObject object(Reader from, String key) throws DriverException {
    from.only("compression", COMPRESSION);
    Optional<String> keyId = Optional.empty();
    if (from.map.get("encryption").isPresent()) {
      Reader encryption = from.map("encryption");
      encryption.only("algorithm", ENCRYPTION);
      keyId = Optional.of(encryption.text("key"));
    }
    return new SealedObject(
        key,
        plain(from),
        Fingerprint.sha256(from.number("stored_size"), from.text("stored_sha256")),
        keyId);
  }

  /** Up to format 2 the plain bytes had a SHA-256, and so have their copies. */
  private static Fingerprint plain(Reader from) throws DriverException {
    long size = from.number("size");
    String sha256 = Fingerprint.Kind.SHA256.word();
    return from.map.get(sha256).isPresent()
        ? Fingerprint.sha256(size, from.text(sha256))
        : Fingerprint.crc32c(size, from.text(Fingerprint.Kind.CRC32C.word()));
  }

  private static DriverException damaged(String key, String how) {
    return new DriverException(
        DriverException.Kind.DAMAGED, key + " is not a whole manifest: " + how);
  }

  /** Collects the fields of a map in order. */
  private static final class Fields {
    private final List<MapNode.Entry> entries = new ArrayList<>();

    void put(String key, Object value) {
      Node node = value instanceof Node given ? given : new ScalarNode(NOWHERE, value);
      entries.add(new MapNode.Entry(key, NOWHERE, node));
    }

    MapNode node() {
      return new MapNode(NOWHERE, entries);
    }
  }

  /** Reads the fields of one map and says which one is wrong. */
  private record Reader(MapNode map, String key, String path) {
    String text(String field) throws DriverException {
      if (scalar(field) instanceof String text) {
        return text;
      }
      throw wrong(field, "is missing or not text");
    }

    long number(String field) throws DriverException {
      if (scalar(field) instanceof Long number && number >= 0) {
        return number;
      }
      throw wrong(field, "is missing or not a number of 0 or more");
    }

    Instant instant(String field) throws DriverException {
      try {
        return Instant.parse(text(field));
      } catch (DateTimeException e) {
        throw wrong(field, "is not a time like 2026-11-21T02:07:00Z");
      }
    }

    Reader map(String field) throws DriverException {
      Optional<MapNode> child = map.map(field);
      if (child.isEmpty()) {
        throw wrong(field, "is missing or not a map");
      }
      return new Reader(child.get(), key, path + field + ".");
    }

    SortedMap<String, String> texts() throws DriverException {
      SortedMap<String, String> texts = new TreeMap<>();
      for (String name : map.keys()) {
        texts.put(name, text(name));
      }
      return texts;
    }

    List<String> list(String field) throws DriverException {
      List<String> texts = new ArrayList<>();
      if (!(map.get(field).orElse(null) instanceof ListNode list)) {
        throw wrong(field, "is missing or not a list");
      }
      for (Node item : list.items()) {
        if (!(item instanceof ScalarNode scalar && scalar.value() instanceof String text)) {
          throw wrong(field, "holds something else than text");
        }
        texts.add(text);
      }
      return texts;
    }

    void only(String field, String known) throws DriverException {
      String found = text(field);
      if (!found.equals(known)) {
        throw wrong(field, "is " + found + "; this Keepset knows only " + known);
      }
    }

    private @Nullable Object scalar(String field) {
      return map.get(field).orElse(null) instanceof ScalarNode scalar ? scalar.value() : null;
    }

    DriverException wrong(String field, String how) {
      return damaged(key, path + field + " " + how);
    }
  }
}
