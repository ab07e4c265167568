package io.keepset.app.cli;

import io.keepset.app.security.OwnAuthority;
import io.keepset.app.security.TlsFiles;
import io.keepset.source.MapBuilder;
import io.keepset.spi.DriverException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "ca",
    description = "A certificate authority of one's own, for serve --tls and terraform serve.")
@SuppressWarnings("NullAway.Init") // picocli sets spec
final class TerraformCaCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  static CommandLine tree(Shell shell) {
    return new CommandLine(new TerraformCaCommand())
        .addSubcommand(new Init(shell))
        .addSubcommand(new Issue(shell))
        .addSubcommand(new Show(shell));
  }

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "a command is missing: init, issue or show");
  }

  @Command(
      name = "init",
      description = {
        "Make the authority, and a certificate for the server of this data directory.",
        "Terraform trusts it by SSL_CERT_FILE, see docs/terraform.md."
      })
  static final class Init implements Callable<Integer> {
    private final Shell shell;

    @Option(
        names = "--host",
        paramLabel = "NAME",
        description =
            "A name or address by which the server is reached; may be given several"
                + " times. localhost, 127.0.0.1 and ::1 are always among them.")
    private List<String> hosts = new ArrayList<>();

    Init(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws DriverException {
      OwnAuthority authority = new OwnAuthority(shell.globals().data());
      authority.make(shell.clock().instant());
      authority.issue(hosts, shell.clock().instant());
      print(shell, authority);
      return ExitCode.DONE.code();
    }
  }

  @Command(
      name = "issue",
      description = "Make a new certificate and key for a server.",
      footer = {
        "",
        "A running server takes it up by itself.",
        "",
        "Example: keepset terraform ca issue --host gateway.internal --out gateway-tls"
      })
  static final class Issue implements Callable<Integer> {
    private final Shell shell;

    @Option(
        names = "--host",
        paramLabel = "NAME",
        description =
            "A name or address by which the server is reached; may be given several" + " times.")
    private List<String> hosts = new ArrayList<>();

    @Option(
        names = "--out",
        paramLabel = "DIR",
        description =
            "Where server.pem and server.key are written (default: for the server of"
                + " this data directory).")
    private @Nullable Path out;

    Issue(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws DriverException {
      OwnAuthority authority = new OwnAuthority(shell.globals().data());
      TlsFiles files =
          out == null
              ? authority.issue(hosts, shell.clock().instant())
              : authority.issue(hosts, out, shell.clock().instant());
      shell.console().out().println("Wrote " + files.certificate() + " and " + files.key());
      return ExitCode.DONE.code();
    }
  }

  @Command(name = "show", description = "What is to be trusted, and until when.")
  static final class Show implements Callable<Integer> {
    private final Shell shell;

    Show(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws DriverException {
      print(shell, new OwnAuthority(shell.globals().data()));
      return ExitCode.DONE.code();
    }
  }

  private static void print(Shell shell, OwnAuthority authority) throws DriverException {
    X509Certificate ca = TlsFiles.read(authority.certificate()).get(0);
    MapBuilder json =
        new MapBuilder()
            .put("certificate", authority.certificate().toString())
            .put("sha256", OwnAuthority.fingerprint(ca))
            .put("until", ca.getNotAfter().toInstant());
    List<String> lines = new ArrayList<>();
    lines.add("Authority  " + authority.certificate());
    lines.add("  SHA-256  " + OwnAuthority.fingerprint(ca));
    lines.add("  until    " + ca.getNotAfter().toInstant());
    TlsFiles server = authority.server();
    if (Files.exists(server.certificate())) {
      X509Certificate leaf = server.leaf();
      json.put(
          "server",
          new MapBuilder()
              .put("certificate", server.certificate().toString())
              .putTexts("names", OwnAuthority.names(leaf))
              .put("until", leaf.getNotAfter().toInstant()));
      lines.add("Server     " + server.certificate());
      lines.add("  names    " + String.join(", ", OwnAuthority.names(leaf)));
      lines.add("  until    " + leaf.getNotAfter().toInstant());
    }
    lines.add("Terraform trusts it by: export SSL_CERT_FILE=" + authority.certificate());
    if (shell.globals().json()) {
      shell.console().json(json.build());
    } else {
      lines.forEach(shell.console().out()::println);
    }
  }
}
