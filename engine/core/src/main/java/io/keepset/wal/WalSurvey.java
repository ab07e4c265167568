package io.keepset.wal;

import io.keepset.runner.OpenStore;
import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a store holds of logs: the objects, and beside each what is known of it. */
final class WalSurvey {
  /** No description of a segment comes near it; what is larger is none. */
  private static final int LIMIT = 1 << 20;

  private static final String JSON = ".json";

  private final OpenStore store;
  private final TreeMap<String, StoredObject> objects = new TreeMap<>();

  private WalSurvey(OpenStore store) {
    this.store = store;
  }

  /** Lists the store. */
  static WalSurvey of(OpenStore store) throws DriverException {
    WalSurvey survey = new WalSurvey(store);
    try (Stream<StoredObject> listing = store.store().list("")) {
      listing
          .filter(object -> isOfALog(object.key()))
          .forEach(object -> survey.objects.put(object.key(), object));
    }
    return survey;
  }

  private static boolean isOfALog(String key) {
    String[] parts = key.split("/", -1);
    return parts.length == 4 && parts[1].equals("wal");
  }

  /** Every object and every description, by key. */
  Map<String, StoredObject> all() {
    return objects;
  }

  Optional<StoredObject> object(WalFile file) {
    return Optional.ofNullable(objects.get(file.object().key()));
  }

  static boolean isDescription(String key) {
    return key.endsWith(JSON);
  }

  /** Key of the object that a description is about. */
  static String described(String key) {
    return key.substring(0, key.length() - JSON.length());
  }

  boolean isDescribed(String objectKey) {
    return objects.containsKey(WalFile.manifestKey(objectKey));
  }

  /** Reads what is known of an object. */
  WalFile read(String key) throws DriverException {
    try (InputStream in = store.store().open(key)) {
      return WalCodec.file(
          in.readNBytes(LIMIT), store.name(), Optional.empty(), Optional.empty(), key);
    } catch (IOException e) {
      throw BrokenStream.unwrap(e, "reading " + key);
    }
  }
}
