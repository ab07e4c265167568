package io.keepset.drivers.engine.etcd;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * {@code etcdctl} at one server.
 *
 * @param endpoint {@code 127.0.0.1:2379}
 * @param login {@code root:password}, where one is asked for
 */
record EtcdTool(String endpoint, Optional<String> login) {
  static final Path PROGRAM = Path.of("/usr/bin/etcdctl");

  /** Makes the data of a member of a snapshot, as an operator would. */
  static void restore(Path snapshot, Path data) {
    new EtcdTool("127.0.0.1:1", Optional.empty())
        .run(
            "",
            "snapshot",
            "restore",
            snapshot.toString(),
            "--name=lab",
            "--initial-cluster=lab=http://127.0.0.1:1",
            "--initial-advertise-peer-urls=http://127.0.0.1:1",
            "--data-dir=" + data);
  }

  /** What it prints. */
  String run(String input, String... arguments) {
    try {
      Process process = start(arguments);
      try (var in = process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      }
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      requireSuccess(process, arguments[0] + " said " + said);
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of what it prints: a large cluster would not fit into the tests' memory several times. */
  String digest(String... arguments) {
    try {
      Process process = start(arguments);
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      try (var out = new DigestInputStream(process.getInputStream(), sha)) {
        out.transferTo(OutputStream.nullOutputStream());
      }
      requireSuccess(process, arguments[0]);
      return HexFormat.of().formatHex(sha.digest());
    } catch (IOException | NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(PROGRAM.toString(), "--endpoints=" + endpoint));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("ETCDCTL_API", "3");
    login.ifPresent(who -> builder.environment().put("ETCDCTL_USER", who));
    return builder.start();
  }

  private static void requireSuccess(Process process, String what) {
    try {
      if (process.waitFor() != 0) {
        throw new IllegalStateException("etcdctl " + what);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
