package io.keepset.drivers.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * An authority of its own and what it signed, in PEM files that every user of this machine may
 * read: a server's certificate for 127.0.0.1 that is good for clients too, and a client's. Made by
 * openssl.
 */
public record Certificates(Path directory) {
  private static final Path OPENSSL = Path.of("/usr/bin/openssl");

  /** Makes them; skips the test if there is no openssl. */
  public static Certificates make(Path parent) {
    Assumptions.assumeTrue(Files.isExecutable(OPENSSL), "skipped: openssl is not installed");
    try {
      Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
      Certificates made = new Certificates(Files.createDirectory(parent.resolve("certificates")));
      made.openssl(
          "req", "-x509", "-subj", "/CN=lab authority", "-keyout", "ca.key", "-out", "ca.pem");
      made.sign("server", "/CN=lab");
      made.sign("client", "/CN=somebody");
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /**
   * {@code ca.pem}, {@code server.pem}, {@code server.key}, {@code client.pem}, {@code client.key}.
   */
  public String file(String name) {
    return directory.resolve(name).toString();
  }

  private void sign(String name, String subject) throws IOException, InterruptedException {
    openssl(
        "req",
        "-x509",
        "-subj",
        subject,
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca.key",
        "-addext",
        "subjectAltName=IP:127.0.0.1",
        "-addext",
        "basicConstraints=critical,CA:FALSE",
        "-addext",
        "extendedKeyUsage=serverAuth,clientAuth",
        "-keyout",
        name + ".key",
        "-out",
        name + ".pem");
    Files.setPosixFilePermissions(
        directory.resolve(name + ".key"), PosixFilePermissions.fromString("rw-r--r--"));
  }

  private void openssl(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(OPENSSL.toString()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("-newkey", "rsa:2048", "-nodes", "-days", "2"));
    Path log = directory.resolve("log");
    int code =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    if (code != 0) {
      throw new IOException("openssl: " + Files.readString(log));
    }
  }
}
