package io.keepset.drivers.engine.redis;

import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * Plays the primary that a restored server replicates from, once: it hands out one RDB file and
 * then nothing. So the server itself takes the file in as a whole, with everything that its version
 * knows, and what it had stays until the whole file has arrived. Only the restored server's address
 * is let in.
 */
final class Primary implements AutoCloseable {
  /** The first byte of whoever begins with TLS (RFC 8446, 5.1: content type handshake). */
  private static final int TLS_HANDSHAKE = 0x16;

  private final ServerSocket listener;
  private final InetAddress replica;
  private final String where;
  private final InputStream artifact;
  private final String mark = newMark();
  private final Thread thread;
  private volatile Optional<Socket> connected = Optional.empty();
  private volatile Optional<DriverException> failure = Optional.empty();
  private volatile long sent;
  private volatile boolean whole;

  private Primary(ServerSocket listener, Connection target, InputStream artifact) {
    this.listener = listener;
    this.replica = target.remoteAddress();
    this.where = target.address().where();
    this.artifact = artifact;
    this.thread = new Thread(this::serve, "redis-restore");
    this.thread.setDaemon(true);
  }

  /**
   * Listens where the server can reach us.
   *
   * @param port 0 for a free one
   */
  static Primary start(Connection target, int port, InputStream artifact) throws DriverException {
    try {
      ServerSocket listener = new ServerSocket(port, 4, target.localAddress());
      Primary primary = new Primary(listener, target, artifact);
      primary.thread.start();
      return primary;
    } catch (IOException e) {
      throw new DriverException(
          Kind.REJECTED,
          "can't listen on port " + port + " for the server to fetch the backup: " + e.getMessage(),
          e);
    }
  }

  /** The name of the history that the data are of, for whoever loads them. */
  String mark() {
    return mark;
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Bytes of the file that went out. */
  long sent() {
    return sent;
  }

  boolean asked() {
    return connected.isPresent();
  }

  /** Has the whole file gone out? */
  boolean whole() {
    return whole;
  }

  Optional<DriverException> failure() {
    return failure;
  }

  private static String newMark() {
    byte[] random = new byte[20];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  private void serve() {
    while (!listener.isClosed() && failure.isEmpty() && !whole) {
      try (Socket socket = listener.accept()) {
        if (socket.getInetAddress().equals(replica)) {
          connected = Optional.of(socket);
          serve(socket);
        }
      } catch (BrokenStream e) {
        failure = Optional.of(e.failure());
      } catch (IOException e) {
        if (!listener.isClosed() && connected.isPresent()) {
          failure =
              Optional.of(
                  new DriverException(
                      Kind.TRANSIENT,
                      "the server broke off while it fetched the backup: " + e.getMessage(),
                      e));
        }
      } catch (RuntimeException e) {
        // Nobody hears of a thread that ends: whoever waits has to be told.
        failure =
            Optional.of(
                new DriverException(
                    Kind.TRANSIENT, "the backup could not be handed to the server: " + e, e));
      }
    }
  }

  private void serve(Socket socket) throws IOException {
    InputStream in = new BufferedInputStream(socket.getInputStream());
    OutputStream out = socket.getOutputStream();
    while (true) {
      String command = command(in);
      switch (command) {
        case "PING" -> answer(out, "+PONG");
        case "AUTH", "REPLCONF" -> answer(out, "+OK");
        case "PSYNC", "SYNC" -> {
          hand(out, command.equals("PSYNC"));
          // It stays connected, as a replica does; what it says from now on needs no answer.
          in.transferTo(OutputStream.nullOutputStream());
          return;
        }
        default -> answer(out, "-ERR this server only hands out a backup");
      }
    }
  }

  private void hand(OutputStream out, boolean named) throws IOException {
    if (named) {
      answer(out, "+FULLRESYNC " + mark + " 0");
    }
    answer(out, "$EOF:" + mark);
    byte[] buffer = new byte[1 << 16];
    long handed = 0;
    for (int n = read(buffer); n >= 0; n = read(buffer)) {
      out.write(buffer, 0, n);
      handed += n;
      sent = handed;
    }
    out.write(mark.getBytes(StandardCharsets.US_ASCII));
    out.flush();
    whole = true;
  }

  /** What goes wrong on our side of it is told apart from what the server does. */
  private int read(byte[] buffer) throws IOException {
    try {
      return artifact.read(buffer);
    } catch (IOException e) {
      throw new BrokenStream(BrokenStream.unreadable(e));
    }
  }

  /** The first word of a command, in capitals; the others are read and left. */
  private String command(InputStream in) throws IOException {
    String line = line(in);
    if (!line.startsWith("*")) {
      return line.split(" ", 2)[0].toUpperCase(Locale.ROOT);
    }
    String first = "";
    for (int left = number(line); left > 0; left--) {
      int length = number(line(in));
      String word = new String(in.readNBytes(length), StandardCharsets.UTF_8);
      in.skipNBytes(2);
      first = first.isEmpty() ? word.toUpperCase(Locale.ROOT) : first;
    }
    return first;
  }

  private static int number(String line) throws IOException {
    if (!line.matches("[*$][0-9]{1,4}")) {
      throw foreign();
    }
    return Integer.parseInt(line.substring(1));
  }

  private String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    while (line.length() < 1024) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("it closed the connection");
      }
      if (next == TLS_HANDSHAKE && line.isEmpty()) {
        throw new BrokenStream(RestoreCheck.tlsReplication(where));
      }
      if (next == '\n') {
        return line.toString().strip();
      }
      line.append((char) next);
    }
    throw foreign();
  }

  private static IOException foreign() {
    return new IOException("it does not speak the Redis protocol");
  }

  private static void answer(OutputStream out, String line) throws IOException {
    out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  @Override
  public void close() {
    try {
      listener.close();
      Optional<Socket> socket = connected;
      if (socket.isPresent()) {
        socket.get().close();
      }
    } catch (IOException e) {
      // Closed either way.
    }
  }
}
