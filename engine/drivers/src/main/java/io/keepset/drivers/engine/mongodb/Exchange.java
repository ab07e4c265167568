package io.keepset.drivers.engine.mongodb;

import com.mongodb.MongoException;
import com.mongodb.client.MongoDatabase;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.util.ArrayList;
import java.util.List;
import org.bson.BsonDocument;
import org.bson.BsonString;

/**
 * The collections of a database and those that were loaded beside them change places, by renames
 * inside the database. A rename that fails takes back those before it.
 */
final class Exchange {
  private record Moved(String from, String to) {}

  private final Server server;
  private final MongoDatabase database;
  private final Loading loading;
  private final String before;
  private final List<String> untouched;
  private final List<Moved> done = new ArrayList<>();
  private final List<Collection> dropped = new ArrayList<>();

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
    long kept = done.stream().filter(moved -> moved.to().startsWith(before)).count();
    return kept == 0
        ? List.of()
        : List.of(
            "what was there is kept in the "
                + kept
                + " collections "
                + before
                + "* and no backup takes them along; drop them when you no longer need them");
  }

  void run() throws DriverException {
    try {
      for (Collection collection : Server.collections(database)) {
        boolean stays =
            collection.ours()
                || (untouched.contains(collection.name())
                    && !loading.names().contains(collection.name()));
        if (!stays && collection.view()) {
          database.getCollection(collection.name()).drop();
          dropped.add(collection);
        } else if (!stays) {
          move(collection.name(), before + collection.name());
        }
      }
      for (String name : loading.names()) {
        move(loading.prefix() + name, name);
      }
    } catch (MongoException e) {
      takeBack(Failures.explain("changing places", e, server.address()));
    }
  }

  private void move(String from, String to) {
    server.rename(database, from, to);
    done.add(new Moved(from, to));
  }

  private void takeBack(DriverException reason) throws DriverException {
    try {
      for (int i = done.size() - 1; i >= 0; i--) {
        server.rename(database, done.get(i).to(), done.get(i).from());
      }
      for (Collection view : dropped) {
        BsonDocument command = new BsonDocument("create", new BsonString(view.name()));
        command.putAll(view.options());
        database.runCommand(command);
      }
    } catch (MongoException e) {
      throw new DriverException(
          Kind.REJECTED,
          reason.getMessage()
              + "; putting back what was there failed too: it lies in the collections "
              + before
              + "* as far as it is not back in place, what was restored in "
              + loading.prefix()
              + "* or already in place; mend the cause, then rename the collections by hand",
          reason);
    }
    throw reason;
  }
}
