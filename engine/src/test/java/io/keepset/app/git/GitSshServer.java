package io.keepset.app.git;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A real OpenSSH server: one {@code sshd -i} for each connection to a port of ours. */
public final class GitSshServer implements AutoCloseable {
  private static final String SSHD = "/usr/sbin/sshd";

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<Process> processes = ConcurrentHashMap.newKeySet();
  private final ServerSocket socket;
  private final Path configuration;

  public GitSshServer(Path directory, Path hostKey, Path authorizedKeys) throws IOException {
    RealGit.needs(SSHD, "-?");
    Path privilegeSeparation = Path.of("/run/sshd");
    if (System.getProperty("user.name").equals("root") && !Files.exists(privilegeSeparation)) {
      Files.createDirectory(privilegeSeparation);
    }
    configuration = directory.resolve("sshd_config");
    Files.write(
        configuration,
        List.of(
            "HostKey " + hostKey,
            "AuthorizedKeysFile " + authorizedKeys,
            "UsePAM no",
            "StrictModes no",
            "PasswordAuthentication no",
            "PermitRootLogin prohibit-password",
            "PidFile none"));
    socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  public int port() {
    return socket.getLocalPort();
  }

  public String url(Path repository) {
    return "ssh://" + System.getProperty("user.name") + "@127.0.0.1:" + port() + repository;
  }

  private void accept() {
    try {
      while (true) {
        Socket connection = socket.accept();
        Process sshd =
            new ProcessBuilder(SSHD, "-i", "-e", "-f", configuration.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        processes.add(sshd);
        threads.execute(() -> pump(connection, sshd, true));
        threads.execute(() -> pump(connection, sshd, false));
      }
    } catch (IOException e) {
      // closed: the test is over
    }
  }

  private static void pump(Socket connection, Process sshd, boolean inwards) {
    try (connection;
        InputStream in = inwards ? connection.getInputStream() : sshd.getInputStream();
        OutputStream out = inwards ? sshd.getOutputStream() : connection.getOutputStream()) {
      byte[] buffer = new byte[8192];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
        out.flush();
      }
    } catch (IOException e) {
      // one side hung up
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
    processes.forEach(Process::destroy);
    threads.shutdownNow();
  }
}
