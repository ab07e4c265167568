package io.keepset.app.cli;

import io.keepset.app.http.Gateway;
import io.keepset.app.http.Server;
import io.keepset.app.remote.ServerAddress;
import io.keepset.app.security.TlsFiles;
import io.keepset.app.security.Trust;
import io.keepset.spi.DriverException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "serve",
    description = {
      "Answer Terraform in front of a server elsewhere (--server), as a process of its own.",
      "Tokens are handed on: the server decides who may do what. Ends on Ctrl-C or SIGTERM."
    })
@SuppressWarnings("NullAway.Init") // picocli sets spec
final class TerraformServeCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Shell shell;
  @Spec private CommandSpec spec;

  @Option(
      names = "--port",
      defaultValue = "8081",
      description = "Port; 0 takes a free one (${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--address",
      defaultValue = "127.0.0.1",
      description = "Address to listen on (${DEFAULT-VALUE}: this machine only).")
  private String address = "127.0.0.1";

  @Option(
      names = "--token-from",
      paramLabel = "REF",
      description =
          "Where the token is for requests that bring none: env:NAME or file:PATH. For this machine"
              + " only.")
  private @Nullable String tokenFrom;

  @Option(
      names = "--tls",
      description = "Speak TLS with a certificate of this installation's own authority.")
  private boolean tls;

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description = "Speak TLS with this certificate and those above it, in PEM.")
  private @Nullable Path tlsCert;

  @Option(names = "--tls-key", paramLabel = "FILE", description = "Its private key, in PEM.")
  private @Nullable Path tlsKey;

  @Option(
      names = "--insecure-http",
      description = "Let others reach this though nothing is encrypted.")
  private boolean insecureHttp;

  TerraformServeCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    GlobalOptions globals = shell.globals();
    URI engine =
        ServerAddress.parse(
            globals
                .server()
                .orElseThrow(
                    () ->
                        new ParameterException(
                            spec.commandLine(), "--server is missing: whom to stand in front of")));
    Optional<TlsFiles> files =
        Listening.tls(tls, tlsCert, tlsKey, globals.data(), address, shell.clock().instant());
    Listening.requirePrivate(shell.console(), address, files.isPresent(), insecureHttp);
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  stop.countDown();
                  await(stopped);
                },
                "keepset-stop"));
    try (Gateway gateway =
        Gateway.start(
            new Server.Settings(address, port, Optional.empty(), PATIENCE, files, 0),
            new Gateway.Engine(engine, token(), trusted()))) {
      shell
          .console()
          .note(
              "keepset answers Terraform at "
                  + (files.isPresent() ? "https://" : "http://")
                  + address
                  + ":"
                  + gateway.port()
                  + "/terraform for "
                  + engine
                  + " (Ctrl-C ends it)");
      stop.await();
    } finally {
      stopped.countDown();
    }
    return ExitCode.DONE.code();
  }

  /** Whoever reaches the port has it, so nobody else may reach it. */
  private Optional<String> token() throws CommandException, DriverException {
    if (tokenFrom == null) {
      return Optional.empty();
    }
    try {
      if (!InetAddress.getByName(address).isLoopbackAddress()) {
        throw new CommandException(
            ExitCode.USAGE,
            "--token-from lets everybody in who reaches the port: it goes with an address of this"
                + " machine alone");
      }
    } catch (UnknownHostException e) {
      throw new CommandException(
          ExitCode.USAGE, "--address " + address + " is no address of this machine");
    }
    return Optional.of(shell.wiring().secrets().resolve(tokenFrom).reveal());
  }

  private Optional<SSLContext> trusted() throws DriverException {
    Optional<Path> file = shell.globals().authorities();
    return file.isPresent() ? Optional.of(Trust.authorities(file.get())) : Optional.empty();
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(PATIENCE.toMillis() * 2, TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
