package io.keepset.drivers.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands between a client and a server, so that the server can die for that client alone, or fall
 * silent.
 */
public final class Relay implements AutoCloseable {
  private final ServerSocket front;
  private final URI behind;
  private final Optional<String> statement;
  private final boolean forGood;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicInteger busy = new AtomicInteger();
  private final AtomicLong passed = new AtomicLong();
  private volatile long last = Long.MAX_VALUE;
  private volatile boolean frozen;
  private volatile boolean closed;

  public Relay(URI behind) throws IOException {
    this(behind, Optional.empty(), false);
  }

  /**
   * One that loses the answer to a statement, which the server has carried out by then.
   *
   * @param statement text in what the client sends
   * @param forGood whether nobody is let through afterwards; else only that connection breaks
   */
  public static Relay losingAnswer(URI behind, String statement, boolean forGood)
      throws IOException {
    return new Relay(behind, Optional.of(statement), forGood);
  }

  private Relay(URI behind, Optional<String> statement, boolean forGood) throws IOException {
    this.behind = behind;
    this.statement = statement;
    this.forGood = forGood;
    this.front = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    thread(this::accept);
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + front.getLocalPort());
  }

  /** From now on nothing passes any more, and nobody is told. */
  public void freeze() {
    frozen = true;
  }

  /** Breaks all connections, and makes no new ones, once so many more bytes have passed. */
  public void dieAfter(long bytes) {
    last = passed.get() + bytes;
  }

  /** Has what nobody reads any more been given up? Connections that wait for work may be there. */
  public boolean quiet() {
    return busy.get() == 0;
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = front.accept();
      if (closed) {
        client.close();
        continue;
      }
      Socket server = new Socket(behind.getHost(), behind.getPort());
      sockets.add(client);
      sockets.add(server);
      AtomicBoolean asked = new AtomicBoolean();
      thread(() -> ask(client, server, asked));
      thread(() -> answer(server, client, asked));
    }
  }

  private void ask(Socket from, Socket to, AtomicBoolean asked) throws IOException {
    try (from;
        to) {
      byte[] buffer = new byte[1 << 16];
      for (int n; (n = from.getInputStream().read(buffer)) >= 0; ) {
        String text = new String(buffer, 0, n, StandardCharsets.ISO_8859_1);
        if (statement.isPresent() && text.contains(statement.get())) {
          asked.set(true);
        }
        pass(buffer, n, to);
      }
    }
  }

  private void answer(Socket from, Socket to, AtomicBoolean asked) throws IOException {
    try (from;
        to) {
      byte[] buffer = new byte[1 << 16];
      for (int n; (n = from.getInputStream().read(buffer)) >= 0; ) {
        if (asked.get()) {
          if (forGood) {
            close();
          }
          return;
        }
        pass(buffer, n, to);
      }
    }
  }

  private void pass(byte[] bytes, int length, Socket to) throws IOException {
    while (frozen && !closed) {
      LockSupport.parkNanos(10_000_000);
    }
    if (passed.addAndGet(length) > last) {
      close();
      return;
    }
    busy.incrementAndGet();
    try {
      to.getOutputStream().write(bytes, 0, length);
    } finally {
      busy.decrementAndGet();
    }
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
                // One end has gone: so does the other.
              }
            },
            "relay");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    closed = true;
    try {
      front.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
