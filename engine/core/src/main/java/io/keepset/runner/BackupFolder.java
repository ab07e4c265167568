package io.keepset.runner;

import io.keepset.diagnostic.Validated;
import io.keepset.runner.artifact.Manifest;
import io.keepset.source.JsonText;
import io.keepset.source.Node;
import io.keepset.source.SourceFile;
import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.StoreWriter;
import io.keepset.spi.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** The objects of one backup in its store. It is there when its manifest is. */
final class BackupFolder {
  /** No manifest comes near it; what is larger is none. */
  private static final int MANIFEST_LIMIT = 4 << 20;

  private final OpenStore store;
  private final String database;
  private final String id;

  BackupFolder(OpenStore store, String database, String id) {
    this.store = store;
    this.database = database;
    this.id = id;
  }

  String manifestKey() {
    return Manifest.manifestKey(database, id);
  }

  /**
   * @throws DriverException NOT_FOUND if there is none, DAMAGED if it is not whole
   */
  Manifest manifest() throws DriverException {
    String key = manifestKey();
    byte[] bytes;
    try (InputStream in = store.store().open(key)) {
      bytes = in.readNBytes(MANIFEST_LIMIT + 1);
    } catch (IOException e) {
      throw BrokenStream.unwrap(e, "reading " + key);
    }
    if (bytes.length > MANIFEST_LIMIT) {
      throw damaged("it is larger than any manifest");
    }
    Validated<Node> read = JsonText.read(new SourceFile(key, bytes));
    Node node = read.value();
    if (node == null || read.hasErrors()) {
      throw damaged("it is not JSON");
    }
    return Manifest.fromNode(node, key);
  }

  /** Writes the manifest: from here on the backup is there. */
  void commit(Manifest manifest) throws DriverException {
    byte[] bytes = JsonText.write(manifest.toNode()).getBytes(StandardCharsets.UTF_8);
    try (StoreWriter writer = store.store().create(manifestKey())) {
      writer.stream().write(bytes);
      writer.commit();
    } catch (IOException e) {
      throw BrokenStream.unwrap(e, "writing " + manifestKey());
    }
  }

  /**
   * Removes everything. The manifest goes first: whatever happens in between, nobody who looks at
   * the store alone takes the rest for a backup.
   */
  void remove() throws DriverException {
    store.store().delete(manifestKey());
    for (String key : keys()) {
      store.store().delete(key);
    }
  }

  List<String> keys() throws DriverException {
    try (Stream<StoredObject> objects = store.store().list(Manifest.folder(database, id))) {
      return objects.map(StoredObject::key).toList();
    }
  }

  private DriverException damaged(String how) {
    return new DriverException(Kind.DAMAGED, manifestKey() + " is not a whole manifest: " + how);
  }
}
