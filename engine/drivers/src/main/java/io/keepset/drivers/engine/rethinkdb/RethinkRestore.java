package io.keepset.drivers.engine.rethinkdb;

import io.keepset.drivers.tool.Undoing;
import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.RestoreReport;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A restore, always into a database of its own first. Over a database, the two change names ({@link
 * Exchange}); the old one is kept.
 */
final class RethinkRestore {
  private final Server server;
  private final Server.Opener opener;
  private final Address address;
  private final String stamp;

  /**
   * @param opener for another connection, when this one has broken
   */
  RethinkRestore(Server server, Server.Opener opener, Address address, String stamp) {
    this.server = server;
    this.opener = opener;
    this.address = address;
    this.stamp = stamp;
  }

  RestoreReport intoNew(InputStream artifact, String name) throws DriverException {
    load(artifact, name);
    return report(name, List.of()).at("database", name);
  }

  RestoreReport over(InputStream artifact) throws DriverException {
    String name = address.database();
    String incoming = name + "_restoring_" + stamp;
    String before = name + "_before_" + stamp;
    load(artifact, incoming);
    new Exchange(opener, address, incoming, before).run(server);
    return report(
        name,
        List.of(
            "what was there is kept as database "
                + before
                + "; drop it when you no longer need it: r.dbDrop(\""
                + before
                + "\")"));
  }

  private RestoreReport report(String name, List<String> notes) {
    List<String> all = new ArrayList<>(notes);
    all.add("users, permissions and the numbers of shards and replicas are not in a backup");
    return new RestoreReport("database " + name + " on " + address.where(), all);
  }

  private void load(InputStream artifact, String name) throws DriverException {
    // Somebody may have made one of that name meanwhile: that is not ours to drop.
    server.createDatabase(name);
    Optional<DriverException> failure = Optional.empty();
    try (Loading loading = new Loading(server, address, name)) {
      ArchiveReader reader = new ArchiveReader(loading);
      reader.read(artifact);
      loading.complete();
      requireAll(name, reader.counts());
      return;
    } catch (Server.Unwell e) {
      failure = Optional.of(e.reason());
    } catch (IOException e) {
      failure = Optional.of(BrokenStream.unreadable(e));
    } catch (DriverException e) {
      failure = Optional.of(e);
    }
    throw dropped(name, failure.get());
  }

  private void requireAll(String name, Map<String, Long> counts) throws DriverException {
    for (Map.Entry<String, Long> table : counts.entrySet()) {
      long found = server.count(name, table.getKey());
      if (found != table.getValue()) {
        throw new DriverException(
            Kind.DAMAGED,
            "the backup holds "
                + table.getValue()
                + " documents of "
                + table.getKey()
                + ", but "
                + found
                + " arrived");
      }
    }
  }

  private DriverException dropped(String name, DriverException why) {
    return Undoing.despiteInterrupt(() -> drop(name, why));
  }

  private DriverException drop(String name, DriverException why) {
    try {
      if (server.databases().contains(name)) {
        server.dropDatabase(name);
      }
      return why;
    } catch (Server.Unwell e) {
      return new DriverException(
          why.kind(),
          why.getMessage()
              + "; the half-restored database "
              + name
              + " could not be dropped: drop it by hand: r.dbDrop(\""
              + name
              + "\")",
          why);
    }
  }
}
