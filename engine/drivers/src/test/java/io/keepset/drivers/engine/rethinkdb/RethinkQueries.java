package io.keepset.drivers.engine.rethinkdb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.rethinkdb.gen.proto.TermType;
import java.util.Map;
import java.util.TreeMap;

/**
 * Databases in memory and as much of RethinkDB's query language as Keepset speaks, after the
 * protocol's definition ({@code ql2.proto}). One query at a time.
 */
final class RethinkQueries {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What the server would call a failed operation. */
  static final class Failed extends Exception {
    private static final long serialVersionUID = 1;

    Failed(String message) {
      super(message);
    }
  }

  private static final class Stored {
    private final String primaryKey;
    private final Map<String, JsonNode> documents = new TreeMap<>();
    private final ArrayNode indexes = JSON.createArrayNode();
    private JsonNode hook = JSON.nullNode();

    Stored(String primaryKey) {
      this.primaryKey = primaryKey;
    }
  }

  private final Map<String, Map<String, Stored>> databases = new TreeMap<>();

  /** Documents of a table in the order of its primary key; other answers are one value. */
  record Answer(JsonNode value, boolean sequence) {}

  synchronized Answer run(JsonNode term) throws Failed {
    if (type(term) == TermType.ORDER_BY) {
      ArrayNode all = JSON.createArrayNode();
      all.addAll(table(argument(term, 0)).documents.values());
      return new Answer(all, true);
    }
    return new Answer(value(term), false);
  }

  private JsonNode value(JsonNode term) throws Failed {
    return switch (type(term)) {
      case DB_LIST -> names(databases.keySet()).add("rethinkdb");
      case DB_CREATE -> createDatabase(argument(term, 0).textValue());
      case DB_DROP -> dropDatabase(argument(term, 0).textValue());
      case UPDATE -> rename(argument(argument(term, 0), 0), plain(argument(term, 1)).get("name"));
      case TABLE_LIST -> names(database(argument(term, 0)).keySet());
      case TABLE_CREATE -> createTable(term);
      case INFO -> info(argument(term, 0));
      case IS_EMPTY -> JSON.valueToTree(table(argument(term, 0)).documents.isEmpty());
      case COUNT -> JSON.valueToTree(table(argument(term, 0)).documents.size());
      case INSERT -> insert(table(argument(term, 0)), plain(argument(term, 1)));
      case INDEX_STATUS -> table(argument(term, 0)).indexes;
      case INDEX_CREATE -> createIndex(term);
      case GET_WRITE_HOOK -> table(argument(term, 0)).hook;
      case SET_WRITE_HOOK -> setHook(term);
      case INDEX_WAIT, SYNC, WAIT -> JSON.createObjectNode();
      case NTH ->
          object("process", JSON.createObjectNode().put("version", "rethinkdb 2.4.4 in Java"));
      default -> throw new Failed("this server does not know " + term);
    };
  }

  private static TermType type(JsonNode term) {
    return TermType.fromValue(term.get(0).intValue());
  }

  private static JsonNode argument(JsonNode term, int number) {
    return term.get(1).get(number);
  }

  private static ArrayNode names(Iterable<String> names) {
    ArrayNode all = JSON.createArrayNode();
    names.forEach(all::add);
    return all;
  }

  private static ObjectNode object(String key, JsonNode value) {
    return JSON.createObjectNode().set(key, value);
  }

  private Map<String, Stored> database(JsonNode term) throws Failed {
    String name = argument(term, 0).textValue();
    if (!databases.containsKey(name)) {
      throw new Failed("Database `" + name + "` does not exist.");
    }
    return databases.get(name);
  }

  private Stored table(JsonNode term) throws Failed {
    String name = argument(term, 1).textValue();
    Stored found = database(argument(term, 0)).get(name);
    if (found == null) {
      throw new Failed("Table `" + name + "` does not exist.");
    }
    return found;
  }

  private JsonNode createDatabase(String name) throws Failed {
    if (databases.putIfAbsent(name, new TreeMap<>()) != null) {
      throw new Failed("Database `" + name + "` already exists.");
    }
    return JSON.createObjectNode().put("dbs_created", 1);
  }

  private JsonNode dropDatabase(String name) throws Failed {
    if (databases.remove(name) == null) {
      throw new Failed("Database `" + name + "` does not exist.");
    }
    return JSON.createObjectNode().put("dbs_dropped", 1);
  }

  /** Of its configuration; a taken name is an error in the answer. */
  private JsonNode rename(JsonNode database, JsonNode to) throws Failed {
    Map<String, Stored> moved = database(database);
    if (databases.containsKey(to.textValue())) {
      return JSON.createObjectNode().put("errors", 1).put("first_error", to + " already exists");
    }
    databases.remove(argument(database, 0).textValue());
    databases.put(to.textValue(), moved);
    return JSON.createObjectNode().put("errors", 0).put("replaced", 1);
  }

  private JsonNode createTable(JsonNode term) throws Failed {
    String key = term.get(2).get("primary_key").textValue();
    database(argument(term, 0)).put(argument(term, 1).textValue(), new Stored(key));
    return JSON.createObjectNode().put("tables_created", 1);
  }

  private JsonNode info(JsonNode table) throws Failed {
    Stored found = table(table);
    ArrayNode indexes = JSON.createArrayNode();
    found.indexes.forEach(index -> indexes.add(index.get("index")));
    return JSON.createObjectNode()
        .put("type", "TABLE")
        .put("name", argument(table, 1).textValue())
        .put("primary_key", found.primaryKey)
        .set("indexes", indexes);
  }

  private static JsonNode insert(Stored table, JsonNode documents) {
    int errors = 0;
    for (JsonNode document : documents) {
      String key = document.get(table.primaryKey).toString();
      if (table.documents.putIfAbsent(key, document) != null) {
        errors++;
      }
    }
    return JSON.createObjectNode()
        .put("errors", errors)
        .put("inserted", documents.size() - errors)
        .put("first_error", errors == 0 ? "" : "Duplicate primary key");
  }

  /** A value as it was meant: lists and maps come as terms that make them. */
  private static JsonNode plain(JsonNode value) {
    if (!value.isArray()) {
      return value;
    }
    if (type(value) == TermType.MAKE_ARRAY) {
      ArrayNode list = JSON.createArrayNode();
      value.path(1).forEach(item -> list.add(plain(item)));
      return list;
    }
    ObjectNode map = JSON.createObjectNode();
    value
        .path(2)
        .fields()
        .forEachRemaining(field -> map.set(field.getKey(), plain(field.getValue())));
    return map;
  }

  private JsonNode createIndex(JsonNode term) throws Failed {
    table(argument(term, 0))
        .indexes
        .add(object("index", argument(term, 1)).set("function", plain(argument(term, 2))));
    return JSON.createObjectNode().put("created", 1);
  }

  private JsonNode setHook(JsonNode term) throws Failed {
    table(argument(term, 0)).hook = object("function", plain(argument(term, 1)));
    return JSON.createObjectNode().put("created", 1);
  }
}
