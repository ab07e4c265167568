package io.keepset.app.cli;

import io.keepset.app.security.OwnAuthority;
import io.keepset.app.security.TlsFiles;
import io.keepset.spi.DriverException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What commands that listen have in common. */
final class Listening {
  private Listening() {}

  /**
   * The files to speak TLS with, if that is wanted.
   *
   * @param own with the installation's own authority
   * @throws DriverException if they are no good
   */
  static Optional<TlsFiles> tls(
      boolean own,
      @Nullable Path certificate,
      @Nullable Path key,
      Path data,
      String address,
      Instant now)
      throws CommandException, DriverException {
    if ((certificate == null) != (key == null)) {
      throw new CommandException(
          ExitCode.USAGE, "--tls-cert and --tls-key are given together or not at all");
    }
    if (certificate != null && key != null) {
      if (own) {
        throw new CommandException(ExitCode.USAGE, "choose one of --tls and --tls-cert");
      }
      TlsFiles files = new TlsFiles(certificate.toAbsolutePath(), key.toAbsolutePath());
      files.check(now);
      return Optional.of(files);
    }
    return own ? Optional.of(new OwnAuthority(data).ready(address, now)) : Optional.empty();
  }

  /**
   * Tokens are not to be read along.
   *
   * @throws CommandException if others can reach it and nothing is encrypted, unless that is wanted
   */
  static void requirePrivate(Console console, String address, boolean tls, boolean insecure)
      throws CommandException {
    boolean loopback;
    try {
      loopback = InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new CommandException(
          ExitCode.USAGE, "--address " + address + " is no address of this machine");
    }
    if (tls || loopback) {
      return;
    }
    if (!insecure) {
      throw new CommandException(
          ExitCode.USAGE,
          "others can reach "
              + address
              + ", and tokens would go there in clear: add --tls, or --tls-cert and --tls-key; or"
              + " --insecure-http, if a proxy with TLS is in front");
    }
    console.note("NOTE: others can reach this server, and what it says is not encrypted");
  }
}
