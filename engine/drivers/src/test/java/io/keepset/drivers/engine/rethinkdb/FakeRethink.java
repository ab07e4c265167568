package io.keepset.drivers.engine.rethinkdb;

import io.keepset.policy.Options;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Secret;
import io.keepset.spi.Source;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** What a server would do, in memory: no package has one. Documents are kept by primary key. */
final class FakeRethink {
  static final String HOST = "rethink.invalid";
  static final String PASSWORD = "pw-" + UUID.randomUUID();

  private record Table(String primaryKey, Map<String, String> documents, List<String> info) {}

  private final Map<String, Map<String, Table>> databases = new ConcurrentSkipListMap<>();
  private volatile boolean dead;
  private volatile boolean silent;
  private volatile int missing;
  private final AtomicInteger renames = new AtomicInteger();
  private volatile IntPredicate refusedRenames = number -> false;
  private volatile IntPredicate lostRenames = number -> false;
  private volatile boolean hanging;

  Server open(Address address) throws DriverException {
    String password = address.password().map(Secret::reveal).orElse("");
    if (!password.equals(PASSWORD)) {
      throw Failures.explain(
          "connecting",
          new com.rethinkdb.gen.exc.ReqlAuthError("Wrong password: " + password),
          address);
    }
    return new Session(address);
  }

  Source source(String database, String... more) {
    Map<String, String> connection = new TreeMap<>();
    connection.put("host", HOST);
    connection.put("database", database);
    connection.put("user", "backup");
    connection.put("password", "env:BACKUP");
    for (int i = 0; i < more.length; i += 2) {
      connection.put(more[i], more[i + 1]);
    }
    return new Source(
        "a block",
        Options.of(connection),
        Options.NONE,
        reference -> new Secret(reference.equals("env:BACKUP") ? PASSWORD : "wrong " + PASSWORD));
  }

  void die() {
    dead = true;
  }

  /** From now on there is no answer to anything. */
  void hang() {
    hanging = true;
  }

  void revive() {
    dead = false;
    hanging = false;
  }

  /** From now on tables give no documents, and all seems well. */
  void silent() {
    silent = true;
  }

  /** From now on tables give so many documents less than they count. */
  void missing(int documents) {
    missing = documents;
  }

  /**
   * Lets renames fail, by their number, the first is 0.
   *
   * @param lost done all the same, and the connection breaks before the answer
   */
  void failRenames(IntPredicate refused, IntPredicate lost) {
    refusedRenames = refused;
    lostRenames = lost;
  }

  void database(String name) {
    databases.put(name, new ConcurrentSkipListMap<>());
  }

  void table(String database, String table, String primaryKey, String info) {
    List<String> definition = new ArrayList<>(List.of(info));
    databases
        .get(database)
        .put(table, new Table(primaryKey, new ConcurrentSkipListMap<>(), definition));
  }

  void put(String database, String table, String key, String json) {
    databases.get(database).get(table).documents().put(key, json);
  }

  void drop(String database, String table) {
    databases.get(database).remove(table);
  }

  /** Documents that are made when they are read, so that a large table needs no memory. */
  void madeUp(String database, String table, int count, int size) {
    String filling = "x".repeat(size);
    Map<String, String> made =
        new java.util.AbstractMap<>() {
          @Override
          public java.util.Set<Entry<String, String>> entrySet() {
            return new java.util.AbstractSet<>() {
              @Override
              public Iterator<Entry<String, String>> iterator() {
                return IntStream.range(0, count)
                    .mapToObj(
                        i ->
                            Map.entry("" + i, "{\"id\":" + i + ",\"filling\":\"" + filling + "\"}"))
                    .iterator();
              }

              @Override
              public int size() {
                return count;
              }
            };
          }
        };
    databases.get(database).put(table, new Table("id", made, List.of(INFO)));
  }

  static final String INFO =
      "{\"primary_key\":\"id\",\"name\":\"t\",\"indexes\":[],\"write_hook\":null}";

  List<String> names() {
    return List.copyOf(databases.keySet());
  }

  String content(String database) {
    StringBuilder text = new StringBuilder();
    databases
        .get(database)
        .forEach(
            (name, table) -> {
              text.append(name).append(' ').append(table.primaryKey()).append('\n');
              text.append("  ").append(table.info()).append('\n');
              table.documents().forEach((key, json) -> text.append("  ").append(json).append('\n'));
            });
    return text.toString();
  }

  private final class Session implements Server {
    private final Address address;
    private volatile boolean closed;

    Session(Address address) {
      this.address = address;
    }

    private void alive() {
      while (hanging && !closed) {
        java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
      }
      if (dead || closed) {
        throw new Unwell(
            Failures.explain(
                "reading",
                new com.rethinkdb.gen.exc.ReqlDriverError("Connection is closed."),
                address));
      }
    }

    private Table find(String database, String table) {
      alive();
      return databases.get(database).get(table);
    }

    @Override
    public String version() {
      return "rethinkdb 2.4.4";
    }

    @Override
    public List<String> databases() {
      alive();
      return names();
    }

    @Override
    public List<String> tables(String database) {
      alive();
      return List.copyOf(databases.get(database).keySet());
    }

    @Override
    public String info(String database, String table) {
      return find(database, table).info().get(0);
    }

    @Override
    public boolean empty(String database, String table) {
      return find(database, table).documents().isEmpty();
    }

    @Override
    public long count(String database, String table) {
      return find(database, table).documents().size() + missing;
    }

    @Override
    public Rows rows(String database, String table) {
      Iterator<String> documents = find(database, table).documents().values().iterator();
      return new Rows() {
        @Override
        public boolean hasNext() {
          alive();
          return !silent && documents.hasNext();
        }

        @Override
        public String next() {
          return documents.next();
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public void createDatabase(String database) {
      alive();
      if (databases.containsKey(database)) {
        throw new Unwell(
            Failures.explain(
                "creating",
                new com.rethinkdb.gen.exc.ReqlOpFailedError(
                    "Database `" + database + "` already exists."),
                address));
      }
      database(database);
    }

    @Override
    public void renameDatabase(String from, String to) {
      alive();
      if (databases.containsKey(to)) {
        throw new Unwell(new DriverException(Kind.REJECTED, to + " is there"));
      }
      int number = renames.getAndIncrement();
      if (refusedRenames.test(number)) {
        throw new Unwell(new DriverException(Kind.REJECTED, "renames are refused"));
      }
      databases.put(to, databases.remove(from));
      if (lostRenames.test(number)) {
        closed = true;
        alive();
      }
    }

    @Override
    public void dropDatabase(String database) {
      alive();
      databases.remove(database);
    }

    @Override
    public void createTable(String database, String table, String primaryKey) {
      alive();
      table(database, table, primaryKey, "");
    }

    @Override
    public void insert(String database, String table, List<String> documents) {
      Table target = find(database, table);
      for (String document : documents) {
        String key =
            document.replaceAll(
                "(?s)^.*\"" + target.primaryKey() + "\":(\"[^\"]*\"|[^,}]*).*$", "$1");
        if (target.documents().put(key, document) != null) {
          throw new Unwell(new DriverException(Kind.REJECTED, "duplicate " + key));
        }
      }
    }

    @Override
    public void define(String database, String table, String info) {
      find(database, table).info().set(0, info);
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
