package io.keepset.drivers.engine.mongodb;

import com.mongodb.MongoException;
import com.mongodb.client.MongoDatabase;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.RestoreStamp;
import io.keepset.spi.Source;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where a restore goes, and whether it may go there. */
record RestorePlan(
    Server server, ArtifactFacts facts, Source target, RestoreRequest request, Instant now) {
  private static final Set<String> RESERVED = Set.of("admin", "local", "config");
  private static final int LONGEST_NAME = 63;

  /** Of the database that is restored into. */
  String name() {
    String own = server.address().database();
    return request.mode() == Mode.OVER
        ? own
        : request.newName().orElse(own + "_restored_" + stamp());
  }

  boolean over() {
    return request.mode() == Mode.OVER;
  }

  String stamp() {
    return RestoreStamp.of(now);
  }

  MongoDatabase database() {
    return server.client().getDatabase(name());
  }

  /** Collections that stay as they are when a database is restored over. */
  List<String> untouched() {
    return target.options().list("exclude_collections");
  }

  void check() throws DriverException {
    requireOneDatabase();
    Optional<String> compatibility = server.compatibility();
    new ServerVersion(facts.values().getOrDefault("server_version", ""))
        .require(server.version(), compatibility);
    requireGoodName();
    try {
      if (!over() && !Server.collections(database()).isEmpty()) {
        throw rejected(
            "the database "
                + name()
                + " is there already on "
                + server.address().where()
                + "; choose another name, or restore over it");
      }
    } catch (MongoException e) {
      throw Failures.explain("looking at " + name(), e, server.address());
    }
  }

  private void requireOneDatabase() throws DriverException {
    String databases = facts.values().getOrDefault("databases", "");
    if (databases.isEmpty()
        || databases.contains(",")
        || "true".equals(facts.values().get("oplog"))) {
      throw rejected(
          "the archive is of a whole deployment ("
              + databases
              + "), not of one database; download it and restore it with mongorestore --archive"
              + " --gzip --oplogReplay");
    }
    if (!"0".equals(facts.values().getOrDefault("time_series", "0"))) {
      throw rejected(
          "the archive holds a time series, which only mongorestore can restore; download it and"
              + " use mongorestore --archive --gzip");
    }
  }

  private void requireGoodName() throws DriverException {
    String name = name();
    boolean bad =
        name.isEmpty()
            || name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME
            || name.matches(".*[/\\\\. \"$*<>:|?\\x00].*");
    if (bad || RESERVED.contains(name)) {
      throw rejected(
          "\""
              + name
              + "\" can't be the name of a database: at most "
              + LONGEST_NAME
              + " bytes, none of / \\ . \" $ * < > : | ? or blanks, and not admin, local or config");
    }
  }

  private static DriverException rejected(String message) {
    return new DriverException(Kind.REJECTED, message);
  }
}
