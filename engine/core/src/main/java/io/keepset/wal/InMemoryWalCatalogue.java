package io.keepset.wal;

import io.keepset.spi.wal.BasePoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** For tests, and where nothing has to last. */
public final class InMemoryWalCatalogue implements WalCatalogue {
  private record Key(String database, String systemId, String name) implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::database).thenComparing(Key::systemId).thenComparing(Key::name);

    static Key of(WalFile file) {
      return new Key(file.database(), file.systemId(), file.name());
    }

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  private final TreeMap<Key, WalFile> files = new TreeMap<>();
  private final TreeMap<String, TreeMap<String, Optional<BasePoint>>> bases = new TreeMap<>();
  private final TreeMap<String, WalStatus> statuses = new TreeMap<>();

  @Override
  public synchronized SortedSet<String> databases() {
    TreeSet<String> names = new TreeSet<>(statuses.keySet());
    files.keySet().forEach(key -> names.add(key.database()));
    return names;
  }

  @Override
  public synchronized List<WalFile> files(String database) {
    List<WalFile> found = new ArrayList<>();
    for (WalFile file : files.values()) {
      if (file.database().equals(database)) {
        found.add(file);
      }
    }
    return found;
  }

  @Override
  public synchronized Optional<WalFile> find(String database, String systemId, String name) {
    return Optional.ofNullable(files.get(new Key(database, systemId, name)));
  }

  @Override
  public synchronized boolean add(WalFile file) {
    return files.putIfAbsent(Key.of(file), file) == null;
  }

  @Override
  public synchronized boolean replace(WalFile read, WalFile now) {
    return files.replace(Key.of(read), read, now);
  }

  @Override
  public synchronized boolean remove(WalFile read) {
    return files.remove(Key.of(read), read);
  }

  @Override
  public synchronized SortedMap<String, Optional<BasePoint>> bases(String database) {
    return new TreeMap<>(bases.getOrDefault(database, new TreeMap<>()));
  }

  @Override
  public synchronized void putBase(String database, String backupId, Optional<BasePoint> point) {
    bases.computeIfAbsent(database, name -> new TreeMap<>()).put(backupId, point);
  }

  @Override
  public synchronized Optional<WalStatus> status(String database) {
    return Optional.ofNullable(statuses.get(database));
  }

  @Override
  public synchronized void put(WalStatus status) {
    statuses.put(status.database(), status);
  }

  @Override
  public synchronized void removeStatus(String database) {
    statuses.remove(database);
  }
}
