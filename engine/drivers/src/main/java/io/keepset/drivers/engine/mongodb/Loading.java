package io.keepset.drivers.engine.mongodb;

import com.mongodb.MongoException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInvalidOperationException;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.json.JsonParseException;

/**
 * Puts the collections of an archive into a database, in batches: created with their options when
 * they are announced, indexed when all documents are there. What the driver throws comes through.
 */
final class Loading implements ArchiveParser.Listener {
  private static final int BATCH_BYTES = 4 << 20;
  private static final int BATCH_DOCUMENTS = 1000;

  private final MongoDatabase database;
  private final String prefix;
  private final Map<String, Announced> collections = new LinkedHashMap<>();
  private final List<Announced> views = new ArrayList<>();
  private final List<String> created = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<RawBsonDocument> batch = new ArrayList<>();
  private int batchBytes;

  /**
   * @param prefix of the names that collections have until they are exchanged
   */
  Loading(MongoDatabase database, String prefix) {
    this.database = database;
    this.prefix = prefix;
  }

  String prefix() {
    return prefix;
  }

  List<String> notes() {
    return List.copyOf(notes);
  }

  /** Names of the collections as they shall be in the end, views left out. */
  List<String> names() {
    return List.copyOf(collections.keySet());
  }

  @Override
  public void announced(Contents contents) throws MalformedArchive {
    for (Announced announced : contents.announced()) {
      String name = announced.namespace().collection();
      if (announced.view()) {
        views.add(announced);
      } else if (Contents.serversOwn(announced)) {
        notes.add(name + " belongs to the server or holds its users, and is not restored");
      } else {
        collections.put(name, announced);
        create(name, announced);
      }
    }
  }

  private void create(String name, Announced announced) throws MalformedArchive {
    BsonDocument command = new BsonDocument("create", new BsonString(prefix + name));
    command.putAll(options(announced));
    database.runCommand(command);
    created.add(name);
  }

  private static BsonDocument options(Announced announced) throws MalformedArchive {
    BsonDocument metadata = metadata(announced);
    BsonDocument options =
        metadata.isDocument("options") ? metadata.getDocument("options") : new BsonDocument();
    options.remove("autoIndexId");
    return options;
  }

  private static BsonDocument metadata(Announced announced) throws MalformedArchive {
    try {
      return announced.metadata().isEmpty()
          ? new BsonDocument()
          : BsonDocument.parse(announced.metadata());
    } catch (JsonParseException | BsonInvalidOperationException | IllegalArgumentException e) {
      throw new MalformedArchive(
          "options and indexes of " + announced.namespace() + " can't be read: " + e.getMessage());
    }
  }

  @Override
  public void document(Namespace namespace, byte[] bytes, int length) {
    if (!collections.containsKey(namespace.collection())) {
      return;
    }
    batch.add(new RawBsonDocument(Arrays.copyOf(bytes, length)));
    batchBytes += length;
    if (batchBytes > BATCH_BYTES || batch.size() == BATCH_DOCUMENTS) {
      pause(namespace);
    }
  }

  @Override
  public void pause(Namespace namespace) {
    if (!batch.isEmpty()) {
      loaded(namespace.collection()).insertMany(batch);
      batch.clear();
      batchBytes = 0;
    }
  }

  private MongoCollection<RawBsonDocument> loaded(String name) {
    return database.getCollection(prefix + name, RawBsonDocument.class);
  }

  /** Indexes, and a count of what is there now. */
  void complete(Contents contents) throws DriverException, MalformedArchive {
    for (Announced announced : collections.values()) {
      String name = announced.namespace().collection();
      index(name, announced);
      long wanted = contents.documents(announced.namespace());
      long found = loaded(name).estimatedDocumentCount();
      if (found != wanted && !metadata(announced).toJson().contains("\"capped\"")) {
        throw new DriverException(
            Kind.DAMAGED,
            "the backup holds "
                + wanted
                + " documents of "
                + name
                + ", but "
                + found
                + " arrived; does somebody write to what is being restored?");
      }
    }
  }

  private void index(String name, Announced announced) throws MalformedArchive {
    BsonDocument metadata = metadata(announced);
    BsonArray all = metadata.isArray("indexes") ? metadata.getArray("indexes") : new BsonArray();
    BsonArray wanted = new BsonArray();
    for (BsonValue value : all) {
      BsonDocument index = value.asDocument();
      if (!Announced.text(index, "name").equals("_id_")) {
        // Servers before 4.4 wrote these two into it; the target sets its own.
        index.remove("v");
        index.remove("ns");
        wanted.add(index);
      }
    }
    if (!wanted.isEmpty()) {
      database.runCommand(
          new BsonDocument("createIndexes", new BsonString(prefix + name))
              .append("indexes", wanted));
    }
  }

  /**
   * Views last: they look at collections under their own names. One that can't be made holds no
   * data, and is a note.
   */
  void createViews() {
    for (Announced view : views) {
      String name = view.namespace().collection();
      try {
        BsonDocument command = new BsonDocument("create", new BsonString(name));
        command.putAll(options(view));
        database.runCommand(command);
      } catch (MalformedArchive | MongoException e) {
        notes.add("the view " + name + " could not be created: " + e.getMessage());
      }
    }
  }

  /** Takes back what this made. */
  void drop() {
    for (String name : created) {
      database.getCollection(prefix + name).drop();
    }
    created.clear();
  }
}
