package io.keepset.drivers.lab;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * TCP ports of 127.0.0.1 for servers that can't choose one themselves. Nobody gets the same port
 * before this JVM ends: not another test here, not one of another JVM, and not the outgoing
 * connection of anybody, in the time that the server needs to take it.
 */
public final class FreePort {
  /** Below what Linux gives to outgoing connections and to servers that let it choose. */
  private static final int BEYOND = 32_768;

  private static final int LOWEST = 12_000;

  /** Whoever holds the UDP port of a number may use the TCP port. The kernel lets go of it. */
  private static final List<DatagramSocket> CLAIMS = new ArrayList<>();

  private FreePort() {}

  public static synchronized int take() throws IOException {
    for (int i = 0; i < 1000; i++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, BEYOND);
      if (claim(port)) {
        return port;
      }
    }
    throw new BindException("no free port from " + LOWEST + " to " + (BEYOND - 1));
  }

  private static boolean claim(int port) throws IOException {
    InetAddress here = InetAddress.getByName("127.0.0.1");
    DatagramSocket claim;
    try {
      claim = new DatagramSocket(new InetSocketAddress(here, port));
    } catch (SocketException taken) {
      return false;
    }
    try (ServerSocket unused = new ServerSocket(port, 1, here)) {
      CLAIMS.add(claim);
      return true;
    } catch (BindException taken) {
      claim.close();
      return false;
    }
  }
}
