package io.keepset.drivers.engine.rethinkdb;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Puts the tables of an archive into a database, in batches. Documents that come before the
 * definition of their table, as in some archives of the tool, wait in a spool.
 */
final class Loading implements ArchiveReader.Taker, AutoCloseable {
  private static final int BATCH_DOCUMENTS = 200;
  private static final int BATCH_CHARS = 1 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Server server;
  private final Address address;
  private final String database;
  private final Map<String, TableInfo> infos = new TreeMap<>();
  private final Map<String, Spool> waiting = new TreeMap<>();
  private final List<String> batch = new ArrayList<>();
  private int batchChars;

  Loading(Server server, Address address, String database) {
    this.server = server;
    this.address = address;
    this.database = database;
  }

  @Override
  public void info(String table, TableInfo info) {
    infos.put(table, info);
    server.createTable(database, table, info.primaryKey());
  }

  @Override
  public void document(String table, String json) throws IOException {
    if (infos.containsKey(table)) {
      add(table, json);
      return;
    }
    Spool spool = waiting.get(table);
    if (spool == null) {
      spool = new Spool(address.spool());
      waiting.put(table, spool);
    }
    byte[] line = (json + "\n").getBytes(StandardCharsets.UTF_8);
    spool.write(line, 0, line.length);
  }

  private void add(String table, String json) {
    batch.add(json);
    batchChars += json.length();
    if (batch.size() == BATCH_DOCUMENTS || batchChars > BATCH_CHARS) {
      flush(table);
    }
  }

  @Override
  public void end(String table) {
    flush(table);
  }

  private void flush(String table) {
    if (!batch.isEmpty()) {
      server.insert(database, table, batch);
      batch.clear();
      batchChars = 0;
    }
  }

  /** What waited, and then indexes and hooks: a hook would change documents as they come. */
  void complete() throws IOException {
    for (Map.Entry<String, Spool> late : waiting.entrySet()) {
      try (InputStream lines = late.getValue().read();
          var documents = JSON.readerFor(Object.class).readValues(lines)) {
        while (documents.hasNext()) {
          add(late.getKey(), JSON.writeValueAsString(documents.next()));
        }
      }
      flush(late.getKey());
    }
    infos.forEach((table, info) -> server.define(database, table, info.json()));
  }

  @Override
  public void close() throws IOException {
    for (Spool spool : waiting.values()) {
      spool.close();
    }
  }
}
