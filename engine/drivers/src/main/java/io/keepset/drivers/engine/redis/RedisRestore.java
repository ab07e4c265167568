package io.keepset.drivers.engine.redis;

import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.Source;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * A restore: the server replicates once from a {@link Primary} of ours and is then on its own
 * again. All that it had is replaced, and only once the whole file has arrived.
 */
final class RedisRestore {
  private final Connection target;
  private final ArtifactFacts facts;
  private final Server before;

  private RedisRestore(Connection target, ArtifactFacts facts, Server before) {
    this.target = target;
    this.facts = facts;
    this.before = before;
  }

  /** Everything that can be known beforehand; nothing is touched. */
  static void check(ArtifactFacts facts, Source source, RestoreRequest request)
      throws DriverException {
    try (Connection target = Connection.open(address(source, request))) {
      RestoreLock.requireFree(target);
      new RestoreCheck(target, facts, request).run();
    }
  }

  static RestoreReport run(
      InputStream artifact, ArtifactFacts facts, Source source, RestoreRequest request)
      throws DriverException {
    try (Connection target = Connection.open(address(source, request))) {
      RestoreLock.take(target);
      Server before = new RestoreCheck(target, facts, request).run();
      int port = Integer.parseInt(source.options().get("restore_port", "0"));
      try (Primary primary = Primary.start(target, port, artifact)) {
        RestoreReport report = new RedisRestore(target, facts, before).run(primary);
        return request.mode() == RestoreRequest.Mode.NEW
            ? report.at(target.address().host(), target.address().port())
            : report;
      }
    }
  }

  private static Address address(Source source, RestoreRequest request) throws DriverException {
    return switch (request.mode()) {
      case OVER -> Address.toRestore(source);
      case NEW ->
          Address.toRestore(
              source,
              request
                  .newName()
                  .orElseThrow(
                      () ->
                          new DriverException(
                              Kind.REJECTED,
                              "a Redis server holds what it holds: name an empty one as host:port"
                                  + " to restore into, or restore over this one")));
      case MERGE -> throw request.mode().notListed();
    };
  }

  private RestoreReport run(Primary primary) throws DriverException {
    Following following = new Following(target, primary);
    Server loaded;
    try {
      loaded = following.run();
    } catch (DriverException e) {
      String holds =
          following
              .left()
              .map(now -> afterFailure(primary, now))
              .orElse("; what it holds now could not be asked");
      throw new DriverException(e.kind(), e.getMessage() + holds, e);
    }
    requireAll(loaded);
    return new RestoreReport("Redis " + target.address().where(), notes(loaded));
  }

  /** A replica keeps keys whose time is over, so all must be there. */
  private void requireAll(Server loaded) throws DriverException {
    long wanted = wanted();
    if (loaded.keys() < wanted) {
      throw new DriverException(
          Kind.DAMAGED,
          "the backup holds "
              + wanted
              + " keys, but only "
              + loaded.keys()
              + " arrived; those that were there before are gone");
    }
    if (loaded.evicts() && loaded.memoryUsed() > loaded.memoryLimit()) {
      throw new DriverException(
          Kind.REJECTED,
          "the backup needs "
              + loaded.memoryUsed()
              + " bytes of memory and the server has maxmemory "
              + loaded.memoryLimit()
              + ": it throws keys of the backup away; raise maxmemory there and restore again");
    }
  }

  private long wanted() {
    return Long.parseLong(facts.values().getOrDefault("keys", "0"));
  }

  private String afterFailure(Primary primary, Server now) {
    if (now.histories().contains(primary.mark())) {
      return "; the server had loaded the backup already: it holds " + now.keys() + " keys of it";
    }
    // What has not arrived as a whole is not loaded, unless the server loads as it comes.
    boolean untouched =
        !primary.whole() && now.histories().containsAll(before.identity()) && now.role("master");
    return untouched && now.keys() == before.keys()
        ? "; its " + now.keys() + " keys are as they were"
        : "; it held " + before.keys() + " keys before and holds " + now.keys() + " now";
  }

  private List<String> notes(Server loaded) {
    List<String> notes = new ArrayList<>();
    if (loaded.expiring() > 0) {
      notes.add(
          loaded.expiring()
              + " of the "
              + loaded.keys()
              + " keys have an expiry; those whose time has passed since the backup go at once");
    }
    if (loaded.memoryLimit() > 0 && loaded.memoryUsed() > loaded.memoryLimit()) {
      notes.add("the server has more than maxmemory allows and refuses writes until it is raised");
    }
    if (before.keys() > 0) {
      notes.add("the " + before.keys() + " keys that were there are gone");
    }
    notes.add("users and settings are not changed; those of the backup stand beside it");
    return notes;
  }
}
