package io.keepset.drivers.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands between a client and a server, so that the server can die for that client alone. */
public final class Relay implements AutoCloseable {
  private final ServerSocket front;
  private final URI behind;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  public Relay(URI behind) throws IOException {
    this.behind = behind;
    this.front = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    thread(this::accept);
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + front.getLocalPort());
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = front.accept();
      Socket server = new Socket(behind.getHost(), behind.getPort());
      sockets.add(client);
      sockets.add(server);
      thread(() -> pump(client, server));
      thread(() -> pump(server, client));
    }
  }

  private static void pump(Socket from, Socket to) throws IOException {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
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
