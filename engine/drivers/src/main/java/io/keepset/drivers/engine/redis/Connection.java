package io.keepset.drivers.engine.redis;

import io.keepset.drivers.tool.Scrubber;
import io.keepset.spi.DriverException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A conversation with a server in its own protocol (RESP 2, redis.io, "Redis serialization protocol
 * specification"). One thread at a time; {@link #close} may come from any.
 */
final class Connection implements AutoCloseable {
  private static final int CONNECT_MILLIS = 10_000;
  private static final int LONGEST_REPLY = 64 << 20;

  private final Address address;
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  private Connection(Address address, Socket socket) throws IOException {
    this.address = address;
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    this.out = socket.getOutputStream();
  }

  /** Connects and logs in. */
  static Connection open(Address address) throws DriverException {
    Socket plain = new Socket();
    try {
      plain.connect(new InetSocketAddress(address.host(), address.port()), CONNECT_MILLIS);
      plain.setSoTimeout((int) address.patience().toMillis());
      plain.setKeepAlive(true);
      Connection connection =
          new Connection(address, address.tls().wrap(plain, address.host(), address.port()));
      connection.login();
      return connection;
    } catch (IOException e) {
      closeQuietly(plain);
      throw Failures.explain("connecting", e, address);
    } catch (DriverException | RuntimeException e) {
      closeQuietly(plain);
      throw e;
    }
  }

  private void login() throws DriverException {
    if (address.password().isEmpty()) {
      ask("PING");
      return;
    }
    List<String> auth = new ArrayList<>(List.of("AUTH"));
    address.user().ifPresent(auth::add);
    auth.add(address.password().get().reveal());
    ask(auth.toArray(new String[0]));
  }

  Address address() {
    return address;
  }

  Scrubber scrubber() {
    return new Scrubber(address.password().map(List::of).orElse(List.of()));
  }

  /** Our own end of it, as the server sees us. */
  InetAddress localAddress() {
    return socket.getLocalAddress();
  }

  InetAddress remoteAddress() {
    return socket.getInetAddress();
  }

  /** Sends a command and returns the answer as text; lists are joined by line breaks. */
  String ask(String... command) throws DriverException {
    try {
      return tryAsk(command);
    } catch (ServerError e) {
      throw Failures.explain(command[0], e, address);
    }
  }

  /** The same for who has an answer to a refusal. */
  String tryAsk(String... command) throws DriverException, ServerError {
    try {
      send(command);
      return text(reply());
    } catch (IOException e) {
      throw Failures.explain(command[0], e, address);
    }
  }

  /** The answer to {@code INFO}, by name. */
  Map<String, String> info() throws DriverException, ServerError {
    Map<String, String> fields = new TreeMap<>();
    for (String line : tryAsk("INFO").split("\r?\n", -1)) {
      int colon = line.indexOf(':');
      if (colon > 0 && !line.startsWith("#")) {
        fields.put(line.substring(0, colon), line.substring(colon + 1));
      }
    }
    return fields;
  }

  void send(String... command) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(ascii("*" + command.length + "\r\n"));
    for (String word : command) {
      byte[] utf8 = word.getBytes(StandardCharsets.UTF_8);
      bytes.writeBytes(ascii("$" + utf8.length + "\r\n"));
      bytes.writeBytes(utf8);
      bytes.writeBytes(ascii("\r\n"));
    }
    out.write(bytes.toByteArray());
    out.flush();
  }

  /** One answer: text, or a list of answers. */
  private Object reply() throws IOException, ServerError {
    String line = line();
    if (line.isEmpty()) {
      throw new IOException("the answer is not of the Redis protocol");
    }
    String rest = line.substring(1);
    return switch (line.charAt(0)) {
      case '+', ':' -> rest;
      case '-' -> throw new ServerError(scrubber().scrub(rest));
      case '$' -> bulk(length(rest));
      case '*' -> {
        int length = length(rest);
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < length; i++) {
          items.add(reply());
        }
        yield items;
      }
      default -> throw new IOException("the answer is not of the Redis protocol");
    };
  }

  private String bulk(int length) throws IOException {
    if (length < 0) {
      return "";
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length || in.readNBytes(2).length < 2) {
      throw new EOFException("the server closed the connection");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static int length(String digits) throws IOException {
    try {
      int length = Integer.parseInt(digits);
      if (length > LONGEST_REPLY) {
        throw new IOException("the answer is longer than expected");
      }
      return length;
    } catch (NumberFormatException e) {
      throw new IOException("the answer is not of the Redis protocol", e);
    }
  }

  private static String text(Object reply) {
    if (reply instanceof List<?> items) {
      StringBuilder text = new StringBuilder();
      items.forEach(item -> text.append(text.isEmpty() ? "" : "\n").append(text(item)));
      return text.toString();
    }
    return (String) reply;
  }

  /** A line of the protocol without its end. */
  String line() throws IOException {
    StringBuilder line = new StringBuilder();
    while (line.length() < 4096) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("the server closed the connection");
      }
      if (next == '\n') {
        return line.toString().replaceAll("\r$", "");
      }
      line.append((char) next);
    }
    throw new IOException("the answer is not of the Redis protocol");
  }

  InputStream stream() {
    return in;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() {
    closeQuietly(socket);
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone either way.
    }
  }
}
