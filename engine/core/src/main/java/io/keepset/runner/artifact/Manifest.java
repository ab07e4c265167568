package io.keepset.runner.artifact;

import io.keepset.retention.BackupKind;
import io.keepset.retention.CopyOf;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What lies beside a backup in its store, in clear text: enough to list it, to check it and to
 * restore it without any catalogue. It holds no secret. It is written last: a backup is there when
 * its manifest is.
 *
 * @param keepsetVersion that wrote it
 * @param engine {@code postgresql}, {@code volume}, …
 * @param time the moment that the data shows (start of the dump)
 * @param finished when all its bytes were in the store
 * @param verified when they were read back and found good, if that was before the manifest
 * @param facts the engine's own about the artifact
 * @param artifact the object that holds the engine's bytes
 * @param attachments objects beside it, by name
 * @param warnings of the dump, for people
 * @param labels of the database when the backup was made
 * @param copyOf what it is a copy of, if it is one
 */
public record Manifest(
    String keepsetVersion,
    String id,
    String database,
    String engine,
    BackupKind kind,
    Instant time,
    Instant finished,
    Optional<Instant> verified,
    ArtifactFacts facts,
    SealedObject artifact,
    SortedMap<String, SealedObject> attachments,
    List<String> warnings,
    SortedMap<String, String> labels,
    Optional<CopyOf> copyOf) {
  /** The newest layout of this file; raised when an older Keepset could misread it. */
  public static final int FORMAT = 3;

  /** The plain bytes have a SHA-256. */
  private static final int WITH_COPIES = 2;

  /** Whoever knows this one only would take a copy for a backup of its own. */
  private static final int WITHOUT_COPIES = 1;

  public Manifest {
    attachments = Collections.unmodifiableSortedMap(new TreeMap<>(attachments));
    warnings = List.copyOf(warnings);
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
  }

  /** Below which all objects of a backup lie, with the slash. */
  public static String folder(String database, String id) {
    return database + "/" + id + "/";
  }

  public static String artifactKey(String database, String id) {
    return folder(database, id) + "artifact";
  }

  public static String attachmentKey(String database, String id, String name) {
    return folder(database, id) + "attachment-" + name;
  }

  public static String manifestKey(String database, String id) {
    return folder(database, id) + "manifest.json";
  }

  /** The layout that it needs. */
  public int format() {
    if (parts().stream().anyMatch(part -> part.plain().kind() != Fingerprint.Kind.SHA256)) {
      return FORMAT;
    }
    return copyOf.isPresent() ? WITH_COPIES : WITHOUT_COPIES;
  }

  /** All its objects in the store, the manifest aside; the artifact first. */
  public List<SealedObject> parts() {
    return Stream.concat(Stream.of(artifact), attachments.values().stream()).toList();
  }

  /** Bytes of all its objects in the store, the manifest aside. */
  public long storedSize() {
    return parts().stream().mapToLong(part -> part.stored().size()).sum();
  }

  public MapNode toNode() {
    return ManifestNodes.write(this);
  }

  /**
   * Reads a manifest that was found in a store.
   *
   * @param key where it was found; one that speaks of another place is refused, so that nobody
   *     passes one backup off as another
   * @throws DriverException DAMAGED if it is not a whole manifest of this place, REJECTED if a
   *     newer Keepset wrote it
   */
  public static Manifest fromNode(Node node, String key) throws DriverException {
    return ManifestNodes.read(node, key);
  }
}
