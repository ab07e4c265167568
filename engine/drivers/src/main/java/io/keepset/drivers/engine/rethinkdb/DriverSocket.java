package io.keepset.drivers.engine.rethinkdb;

import com.rethinkdb.gen.exc.ReqlDriverError;
import com.rethinkdb.net.ConnectionSocket;
import io.keepset.spi.DriverException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What the driver talks over. Its own socket does not check the server's name with TLS, and waits
 * for the first byte by asking how many have come, which of TLS nobody knows before he reads.
 */
final class DriverSocket implements ConnectionSocket {
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  private DriverSocket(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  /**
   * Connects.
   *
   * @throws ReqlDriverError if that fails
   */
  static DriverSocket connect(Address address) {
    Socket socket = new Socket();
    try {
      int patience = Math.toIntExact(address.timeout().toMillis());
      socket.connect(new InetSocketAddress(address.host(), address.port()), patience);
      socket.setTcpNoDelay(true);
      socket.setKeepAlive(true);
      socket.setSoTimeout(patience);
      Socket secured = address.tls().wrap(socket, address.host(), address.port());
      secured.setSoTimeout(0);
      return new DriverSocket(secured);
    } catch (IOException | DriverException e) {
      close(socket);
      throw new ReqlDriverError(e);
    }
  }

  @Override
  public void write(ByteBuffer buffer) {
    buffer.flip();
    try {
      out.write(buffer.array(), buffer.arrayOffset(), buffer.limit());
    } catch (IOException e) {
      throw new ReqlDriverError(e);
    }
  }

  /**
   * A text that ends with a zero.
   *
   * @param timeout milliseconds between two bytes; null for no limit
   */
  @Override
  public String readCString(@Nullable Long timeout) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try {
      socket.setSoTimeout(timeout == null ? 0 : Math.toIntExact(timeout));
      int next = in.read();
      while (next > 0) {
        text.write(next);
        next = in.read();
      }
      if (next < 0) {
        throw new EOFException("the server ended the connection");
      }
      socket.setSoTimeout(0);
      return text.toString(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new ReqlDriverError(e);
    }
  }

  @Override
  public ByteBuffer read(int length) {
    try {
      byte[] bytes = in.readNBytes(length);
      if (bytes.length < length) {
        throw new EOFException("the server ended the connection");
      }
      return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw new ReqlDriverError(e);
    }
  }

  @Override
  public boolean isOpen() {
    return socket.isConnected() && !socket.isClosed();
  }

  @Override
  public void close() {
    close(socket);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // Closed either way.
    }
  }
}
