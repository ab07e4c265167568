package io.keepset.drivers.engine.rethinkdb;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.rethinkdb.gen.proto.ErrorType;
import com.rethinkdb.gen.proto.ResponseType;
import io.keepset.drivers.lab.ScramServer;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A server in memory that speaks RethinkDB's protocol (V1_0 with SCRAM, then JSON), so that the
 * driver and what we do by it are tried; no package has the real one.
 */
final class RethinkWire implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Documents of a table that go at once. */
  static final int BATCH = 100;

  private static final int WRONG_PASSWORD = 12;

  private final ServerSocket listener;
  private final String password;
  private final RethinkQueries queries = new RethinkQueries();
  private volatile Trouble trouble = Trouble.NONE;

  /** What happens when the second batch of documents is asked for. */
  enum Trouble {
    NONE,
    ERROR,
    LOST
  }

  /**
   * @param port 0 for a free one
   * @param password of the only user, {@code admin}
   */
  RethinkWire(int port, String password) throws IOException {
    this(new ServerSocket(port, 50, InetAddress.getLoopbackAddress()), password);
  }

  /** One that listens there. */
  RethinkWire(ServerSocket listener, String password) {
    this.listener = listener;
    this.password = password;
    thread(
        () -> {
          while (true) {
            Socket client = listener.accept();
            thread(() -> serve(client));
          }
        });
  }

  void inTheMiddle(Trouble of) {
    trouble = of;
  }

  int port() {
    return listener.getLocalPort();
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void thread(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // The other end is gone.
              }
            },
            "rethink-wire");
    thread.setDaemon(true);
    thread.start();
  }

  private void serve(Socket client) throws IOException {
    try (client) {
      DataInputStream in = new DataInputStream(client.getInputStream());
      OutputStream out = client.getOutputStream();
      in.readInt(); // The number of the protocol.
      tell(
          out,
          JSON.createObjectNode()
              .put("success", true)
              .put("min_protocol_version", 0)
              .put("max_protocol_version", 0)
              .put("server_version", "2.4.4"));
      if (!login(in, out)) {
        return;
      }
      Map<Long, Iterator<JsonNode>> cursors = new ConcurrentHashMap<>();
      while (true) {
        ByteBuffer head = ByteBuffer.wrap(in.readNBytes(12)).order(ByteOrder.LITTLE_ENDIAN);
        if (head.limit() < 12) {
          return;
        }
        long token = head.getLong();
        JsonNode query = JSON.readTree(in.readNBytes(head.getInt()));
        answer(out, token, respond(token, query, cursors));
      }
    }
  }

  private boolean login(DataInputStream in, OutputStream out) throws IOException {
    ScramServer talk = new ScramServer(hear(in).get("authentication").textValue());
    tell(out, JSON.createObjectNode().put("success", true).put("authentication", talk.first()));
    String last = hear(in).get("authentication").textValue();
    Optional<String> good =
        talk.user().equals("admin") ? talk.last(last, password) : Optional.empty();
    ObjectNode end = JSON.createObjectNode().put("success", good.isPresent());
    good.ifPresentOrElse(
        proof -> end.put("authentication", proof),
        () -> end.put("error", "Wrong password").put("error_code", WRONG_PASSWORD));
    tell(out, end);
    return good.isPresent();
  }

  private static void tell(OutputStream out, JsonNode message) throws IOException {
    out.write((message + "\0").getBytes(UTF_8));
    out.flush();
  }

  private static JsonNode hear(DataInputStream in) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (int next = in.readUnsignedByte(); next != 0; next = in.readUnsignedByte()) {
      text.write(next);
    }
    return JSON.readTree(text.toByteArray());
  }

  /** To START, CONTINUE and STOP, by their numbers. */
  private ObjectNode respond(long token, JsonNode query, Map<Long, Iterator<JsonNode>> cursors)
      throws IOException {
    switch (query.get(0).intValue()) {
      case 1 -> {
        try {
          RethinkQueries.Answer answer = queries.run(query.get(1));
          if (!answer.sequence()) {
            return response(ResponseType.SUCCESS_ATOM, JSON.createArrayNode().add(answer.value()));
          }
          cursors.put(token, answer.value().iterator());
          return next(token, cursors);
        } catch (RethinkQueries.Failed e) {
          return error(ErrorType.OP_FAILED, e.getMessage());
        }
      }
      case 2 -> {
        return switch (trouble) {
          case NONE -> next(token, cursors);
          case ERROR -> error(ErrorType.OP_FAILED, "Cannot perform read: lost contact");
          case LOST -> throw new EOFException();
        };
      }
      default -> {
        cursors.remove(token);
        return response(ResponseType.SUCCESS_SEQUENCE, JSON.createArrayNode());
      }
    }
  }

  private static ObjectNode error(ErrorType type, String message) {
    return response(ResponseType.RUNTIME_ERROR, JSON.createArrayNode().add(message))
        .put("e", type.value)
        .set("b", JSON.createArrayNode());
  }

  /** That a batch is the last one is known when the next one is asked for: that is empty then. */
  private static ObjectNode next(long token, Map<Long, Iterator<JsonNode>> cursors) {
    Iterator<JsonNode> left = cursors.get(token);
    ArrayNode some = JSON.createArrayNode();
    while (left != null && left.hasNext() && some.size() < BATCH) {
      some.add(left.next());
    }
    boolean more = some.size() == BATCH;
    return response(more ? ResponseType.SUCCESS_PARTIAL : ResponseType.SUCCESS_SEQUENCE, some);
  }

  private static ObjectNode response(ResponseType type, ArrayNode values) {
    return JSON.createObjectNode().put("t", type.value).set("r", values);
  }

  private static void answer(OutputStream out, long token, JsonNode response) throws IOException {
    byte[] text = response.toString().getBytes(UTF_8);
    ByteBuffer head = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    head.putLong(token).putInt(text.length);
    synchronized (out) {
      out.write(head.array());
      out.write(text);
      out.flush();
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
