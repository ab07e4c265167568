package io.keepset.drivers.engine.mongodb;

import com.mongodb.MongoException;
import com.mongodb.client.MongoDatabase;
import io.keepset.drivers.tool.Undoing;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bson.BsonDocument;
import org.bson.BsonString;

/**
 * The collections of a database and those that were loaded beside them change places, by renames
 * inside the database. A rename that fails takes back those before it, and itself if it was done
 * though its answer was lost.
 */
final class Exchange {
  private record Moved(String from, String to) {}

  private final Server server;
  private final MongoDatabase database;
  private final Loading loading;
  private final String before;
  private final List<String> untouched;
  private final List<Moved> moves = new ArrayList<>();
  private final List<Collection> dropped = new ArrayList<>();
  private boolean stuck;

  /**
   * @param before in front of the names of what is kept
   * @param untouched collections that stay as they are unless the backup has them
   */
  Exchange(
      Server server,
      MongoDatabase database,
      Loading loading,
      String before,
      List<String> untouched) {
    this.server = server;
    this.database = database;
    this.loading = loading;
    this.before = before;
    this.untouched = untouched;
  }

  List<String> notes() {
    long kept = moves.stream().filter(moved -> moved.to().startsWith(before)).count();
    return kept == 0
        ? List.of()
        : List.of(
            "what was there is kept in the "
                + kept
                + " collections "
                + before
                + "* and no backup takes them along; drop them when you no longer need them");
  }

  /**
   * Whether {@link #run} failed and could not put back what was there: old and new collections lie
   * where the message says, and none of them may be dropped.
   */
  boolean stuck() {
    return stuck;
  }

  void run() throws DriverException {
    try {
      for (Collection collection : Server.collections(database)) {
        boolean stays =
            collection.ours()
                || (untouched.contains(collection.name())
                    && !loading.names().contains(collection.name()));
        if (!stays && collection.view()) {
          dropped.add(collection);
          database.getCollection(collection.name()).drop();
        } else if (!stays) {
          move(collection.name(), before + collection.name());
        }
      }
      for (String name : loading.names()) {
        move(loading.prefix() + name, name);
      }
    } catch (MongoException e) {
      DriverException reason = Failures.explain("changing places", e, server.address());
      throw Undoing.despiteInterrupt(() -> takenBack(reason));
    }
  }

  private void move(String from, String to) {
    moves.add(new Moved(from, to));
    server.rename(database, from, to);
  }

  private DriverException takenBack(DriverException reason) {
    try {
      Set<String> there = new HashSet<>();
      Server.collections(database).forEach(collection -> there.add(collection.name()));
      for (int i = moves.size() - 1; i >= 0; i--) {
        Moved move = moves.get(i);
        if (there.contains(move.to()) && !there.contains(move.from())) {
          server.rename(database, move.to(), move.from());
          there.add(move.from());
          there.remove(move.to());
        }
      }
      for (Collection view : dropped) {
        if (!there.contains(view.name())) {
          BsonDocument command = new BsonDocument("create", new BsonString(view.name()));
          command.putAll(view.options());
          database.runCommand(command);
        }
      }
      return reason;
    } catch (MongoException e) {
      stuck = true;
      return new DriverException(
          Kind.REJECTED,
          reason.getMessage()
              + "; putting back what was there failed too: it lies in the collections "
              + before
              + "* as far as it is not back in place, what was restored in "
              + loading.prefix()
              + "* or already in place; mend the cause, then rename the collections by hand",
          reason);
    }
  }
}
