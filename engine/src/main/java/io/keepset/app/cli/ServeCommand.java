package io.keepset.app.cli;

import io.keepset.app.LastResort;
import io.keepset.app.Wiring;
import io.keepset.app.security.TlsFiles;
import io.keepset.app.serve.Service;
import io.keepset.app.serve.ServiceSettings;
import io.keepset.app.terraform.objects.PolicyObjects;
import io.keepset.policy.Durations;
import io.keepset.policy.Mode;
import io.keepset.spi.DriverException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "serve",
    description = {
      "Run the server: follow the policies, run the schedules, answer the API.",
      "Ends on Ctrl-C or SIGTERM, after what is under way."
    })
final class ServeCommand implements Callable<Integer> {
  private final Shell shell;

  @Option(
      names = "--port",
      defaultValue = "8080",
      description = "Port; 0 takes a free one (${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--address",
      defaultValue = "127.0.0.1",
      description = "Address to listen on (${DEFAULT-VALUE}: this machine only).")
  private String address = "127.0.0.1";

  @Option(
      names = "--mode",
      description =
          "How far changes of the policies are applied: observe, additive or full (what the"
              + " policies say, otherwise full).")
  private @Nullable Mode mode;

  @Option(
      names = "--poll",
      defaultValue = "30s",
      description = "Look at the policies that often (${DEFAULT-VALUE}).")
  private String poll = "30s";

  @Option(
      names = "--patience",
      defaultValue = "30s",
      description = "How long a stop waits for runs under way (${DEFAULT-VALUE}).")
  private String patience = "30s";

  @Option(
      names = "--new-token",
      description =
          "Replace the admin token, by KEEPSET_TOKEN or a new one that is printed once; the old"
              + " one is no longer good.")
  private boolean newToken;

  @Option(
      names = "--tls",
      description =
          "Speak TLS with a certificate of this installation's own authority; what is missing is"
              + " made (see keepset terraform ca).")
  private boolean tls;

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description = "Speak TLS with this certificate and those above it, in PEM.")
  private @Nullable Path tlsCert;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "Its private key, in PEM. Both files are read again when they change.")
  private @Nullable Path tlsKey;

  @Option(
      names = "--rate",
      defaultValue = "500",
      description =
          "Requests a second that each token may send on average (${DEFAULT-VALUE}); more wait for"
              + " their turn. 0 for any.")
  private int rate;

  @Option(
      names = "--insecure-http",
      description = "Let others reach this server though nothing is encrypted.")
  private boolean insecureHttp;

  @Option(
      names = "--restore-below",
      paramLabel = "DIR",
      description =
          "Let tokens with the role admin restore into directories below DIR of this machine;"
              + " otherwise only commands of this machine do.")
  private @Nullable Path restoreBelow;

  @Option(
      names = "--terraform-folder",
      paramLabel = "DIR",
      defaultValue = "keepset.d/terraform",
      description = "Folder below the policies for what Terraform writes (${DEFAULT-VALUE}).")
  private String terraformFolder = "keepset.d/terraform";

  @Option(
      names = "--terraform-branches",
      paramLabel = "PREFIX",
      defaultValue = "tf/",
      description =
          "What the names of branches begin with that Terraform may write (${DEFAULT-VALUE}).")
  private String terraformBranches = "tf/";

  ServeCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Duration wait = duration("--patience", patience);
    Thread hook =
        new Thread(
            () -> {
              stop.countDown();
              await(stopped, wait.multipliedBy(4).plusSeconds(10));
            },
            "keepset-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    LastResort.install();
    try (Service service = start(wait)) {
      shell.console().note("keepset serves at " + service.address() + " (Ctrl-C ends it)");
      stop.await();
      shell.console().note("stopping …");
    } finally {
      stopped.countDown();
    }
    return ExitCode.DONE.code();
  }

  private Service start(Duration wait) throws CommandException, DriverException, IOException {
    GlobalOptions globals = shell.globals();
    Console console = shell.console();
    Wiring wiring =
        new Wiring(
            globals.data(),
            shell.clock(),
            shell.environment(),
            Service.journal(),
            note -> console.note("NOTE: " + note));
    if (rate < 0) {
      throw new CommandException(ExitCode.USAGE, "--rate must be 0 or more, was " + rate);
    }
    Optional<TlsFiles> files =
        Listening.tls(tls, tlsCert, tlsKey, globals.data(), address, shell.clock().instant());
    Listening.requirePrivate(console, address, files.isPresent(), insecureHttp);
    ServiceSettings settings =
        ServiceSettings.of(globals.data())
            .listenOn(address)
            .port(port)
            .mode(Optional.ofNullable(mode))
            .poll(duration("--poll", poll))
            .patience(wait)
            .token(globals.token())
            .replaceToken(newToken)
            .newToken(
                token ->
                    console
                        .out()
                        .println(
                            "The admin token of this server, shown this once: "
                                + token
                                + "\nSend it as: Authorization: Bearer "
                                + token))
            .note(note -> console.note("NOTE: " + note))
            .tls(files)
            .rate(rate)
            .objects(objects())
            .restoreBelow(Optional.ofNullable(restoreBelow).map(Path::toAbsolutePath))
            .build();
    return Service.start(settings, wiring, wiring.feed(globals.policies()));
  }

  private PolicyObjects.Settings objects() throws CommandException {
    try {
      return new PolicyObjects.Settings(terraformFolder, terraformBranches);
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()));
    }
  }

  private static Duration duration(String option, String text) throws CommandException {
    return Durations.parse(text)
        .orElseThrow(
            () ->
                new CommandException(
                    ExitCode.USAGE, option + " must be a duration such as 30s or 5m, was " + text));
  }

  private static void await(CountDownLatch latch, Duration wait) {
    try {
      if (!latch.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
        return; // what is left is settled at the next start
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
