package io.keepset.drivers.engine.rethinkdb;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.rethinkdb.RethinkDB;
import com.rethinkdb.ast.ReqlAst;
import com.rethinkdb.gen.ast.SetWriteHook;
import com.rethinkdb.gen.ast.Table;
import com.rethinkdb.gen.exc.ReqlDriverError;
import com.rethinkdb.model.Arguments;
import com.rethinkdb.model.OptArgs;
import com.rethinkdb.net.Connection;
import com.rethinkdb.net.Result;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Secret;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;

/** A server, over RethinkDB's own driver. Not tried against a real one: no package has it. */
final class DriverServer implements Server {
  private static final RethinkDB R = RethinkDB.r;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Address address;
  private final Connection connection;

  private DriverServer(Address address, Connection connection) {
    this.address = address;
    this.connection = connection;
  }

  static Server open(Address address) throws DriverException {
    Connection.Builder builder =
        R.connection()
            .hostname(address.host())
            .port(address.port())
            .socketFactory((host, port, tls, timeout) -> DriverSocket.connect(address))
            // It only hands this on to the socket, which takes milliseconds.
            .timeout(address.timeout().toMillis());
    if (address.user().isPresent() || address.password().isPresent()) {
      builder.user(
          address.user().orElse("admin"), address.password().map(Secret::reveal).orElse(""));
    }
    if (address.tls().enabled()) {
      // What is wrong with its files is told before anybody connects.
      address.tls().context();
    }
    try {
      return new DriverServer(address, builder.connect());
    } catch (RuntimeException e) {
      throw Failures.explain("connecting", e, address);
    }
  }

  @Override
  public String version() {
    Object status = one("asking for the version", R.db("rethinkdb").table("server_status").nth(0));
    return status instanceof Map<?, ?> server
            && server.get("process") instanceof Map<?, ?> process
            && process.get("version") instanceof String version
        ? version
        : "";
  }

  @Override
  public List<String> databases() {
    return texts(one("listing databases", R.dbList()));
  }

  @Override
  public List<String> tables(String database) {
    return texts(one("listing tables", R.db(database).tableList()));
  }

  private static List<String> texts(Object answer) {
    List<String> texts = new ArrayList<>();
    if (answer instanceof List<?> list) {
      list.forEach(one -> texts.add(String.valueOf(one)));
    }
    texts.sort(null);
    return texts;
  }

  private static Table table(String database, String table) {
    return R.db(database).table(table);
  }

  @Override
  public String info(String database, String table) {
    String doing = "reading the definition of " + table;
    Map<String, Object> info = new LinkedHashMap<>(map(one(doing, table(database, table).info())));
    info.put("indexes", one(doing, table(database, table).indexStatus()));
    Object hook = one(doing, table(database, table).getWriteHook());
    info.put("write_hook", hook instanceof Map<?, ?> ? hook : null);
    return write(info);
  }

  @Override
  public boolean empty(String database, String table) {
    return Boolean.TRUE.equals(one("looking at " + table, table(database, table).isEmpty()));
  }

  @Override
  public long count(String database, String table) {
    return one("counting " + table, table(database, table).count()) instanceof Number number
        ? number.longValue()
        : 0;
  }

  @Override
  public Rows rows(String database, String table) {
    String doing = "reading " + table;
    Object key = map(one(doing, table(database, table).info())).get("primary_key");
    Result<Object> result =
        guarded(
            doing,
            () ->
                table(database, table)
                    .orderBy()
                    .optArg("index", key)
                    .run(connection, raw(), Result.FetchMode.LAZY));
    return new Documents(result, doing);
  }

  /**
   * The driver's own {@code hasNext} says yes while it does not know, and no where the server ended
   * a table with an error; and a connection that is lost ends it like its last document does. So
   * the next document is always asked for, and at the end whether the connection is still there.
   */
  private final class Documents implements Rows {
    private final Result<Object> result;
    private final String doing;
    private Optional<Object> next = Optional.empty();
    private boolean ended;

    Documents(Result<Object> result, String doing) {
      this.result = result;
      this.doing = doing;
    }

    @Override
    public boolean hasNext() {
      if (next.isEmpty() && !ended) {
        next = guarded(doing, this::ask);
        ended = next.isEmpty();
      }
      return next.isPresent();
    }

    private Optional<Object> ask() {
      try {
        return Optional.ofNullable(result.next());
      } catch (NoSuchElementException e) {
        if (!connection.isOpen()) {
          throw new ReqlDriverError("The connection was lost.", e);
        }
        return Optional.empty();
      }
    }

    @Override
    public String next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      String document = write(next.orElseThrow());
      next = Optional.empty();
      return document;
    }

    @Override
    public void close() {
      result.close();
    }
  }

  @Override
  public void createDatabase(String database) {
    one("creating database " + database, R.dbCreate(database));
  }

  @Override
  public void renameDatabase(String from, String to) {
    Map<String, Object> answer =
        map(one("renaming database " + from, R.db(from).config().update(R.hashMap("name", to))));
    requireNoErrors("renaming database " + from, answer);
  }

  @Override
  public void dropDatabase(String database) {
    one("dropping database " + database, R.dbDrop(database));
  }

  @Override
  public void createTable(String database, String table, String primaryKey) {
    one(
        "creating table " + table,
        R.db(database).tableCreate(table).optArg("primary_key", primaryKey));
    one("waiting for table " + table, table(database, table).wait_());
  }

  @Override
  public void insert(String database, String table, List<String> documents) {
    List<Object> parsed = new ArrayList<>();
    documents.forEach(document -> parsed.add(read(document)));
    String doing = "inserting into " + table;
    requireNoErrors(
        doing, map(one(doing, table(database, table).insert(parsed).optArg("durability", "soft"))));
  }

  private void requireNoErrors(String doing, Map<String, Object> answer) {
    if (answer.get("errors") instanceof Number errors && errors.longValue() > 0) {
      throw new Unwell(
          new DriverException(
              Kind.REJECTED,
              doing
                  + ": "
                  + errors
                  + " documents were refused. The first: "
                  + address.scrubber().scrub(String.valueOf(answer.get("first_error")))));
    }
  }

  @Override
  public void define(String database, String table, String info) {
    Map<String, Object> definition = map(read(info));
    Table target = table(database, table);
    if (definition.get("indexes") instanceof List<?> indexes) {
      for (Object index : indexes) {
        Map<String, Object> values = map(index);
        one(
            "creating an index of " + table,
            target.indexCreate(
                Objects.requireNonNull(values.get("index")), values.get("function")));
      }
      if (!indexes.isEmpty()) {
        one("waiting for the indexes of " + table, target.indexWait());
      }
    }
    if (definition.get("write_hook") instanceof Map<?, ?> hook) {
      Object function = map(hook).get("function");
      one("setting the write hook of " + table, new SetWriteHook(Arguments.make(target, function)));
    }
    one("writing " + table + " to disk", target.sync());
  }

  private static OptArgs raw() {
    return OptArgs.of("time_format", "raw").with("binary_format", "raw");
  }

  private Object one(String doing, ReqlAst query) {
    return guarded(
        doing,
        () -> {
          Object answer = query.runAtom(connection, raw());
          return answer == null ? "" : answer;
        });
  }

  private interface Question<T> {
    T ask();
  }

  private <T> T guarded(String doing, Question<T> question) {
    try {
      return question.ask();
    } catch (Unwell e) {
      throw e;
    } catch (RuntimeException e) {
      throw new Unwell(Failures.explain(doing, e, address));
    }
  }

  private static Map<String, Object> map(Object answer) {
    Map<String, Object> map = new LinkedHashMap<>();
    if (answer instanceof Map<?, ?> found) {
      found.forEach((key, value) -> map.put(String.valueOf(key), value));
    }
    return map;
  }

  private static String write(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the driver gave what is no JSON", e);
    }
  }

  private static Object read(String json) {
    try {
      return JSON.readValue(json, Object.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a checked document is no JSON", e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close(false);
    } catch (RuntimeException e) {
      // The server is gone, and the connection with it.
    }
  }
}
