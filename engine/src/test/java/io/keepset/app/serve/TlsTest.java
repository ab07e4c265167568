package io.keepset.app.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.access.Role;
import io.keepset.app.cli.CommandLineForTests;
import io.keepset.app.cli.CommandLineForTests.Result;
import io.keepset.app.remote.ServerFile;
import io.keepset.app.security.OwnAuthority;
import io.keepset.app.security.TlsFiles;
import io.keepset.app.security.Trust;
import io.keepset.app.terraform.TerraformBinary;
import io.keepset.testing.Await;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
  @TempDir private Path home;
  private OwnAuthority authority;

  @BeforeEach
  void write() throws Exception {
    Files.createDirectories(home.resolve("followed"));
    authority = new OwnAuthority(home.resolve("data"));
  }

  @Test
  void anAuthorityOfOnesOwnIsMadeAndShown() throws Exception {
    Result made = commands().run("terraform", "ca", "init", "--host", "keepset.internal");

    assertThat(made.code()).as(made.err()).isZero();
    assertThat(made.out()).contains("SHA-256", "keepset.internal", "127.0.0.1", "SSL_CERT_FILE");
    for (String key : List.of("ca.key", "server.key")) {
      assertThat(Files.getPosixFilePermissions(home.resolve("data/tls").resolve(key)))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
    X509Certificate ca = TlsFiles.read(authority.certificate()).get(0);
    X509Certificate leaf = authority.server().leaf();
    leaf.verify(ca.getPublicKey());
    assertThat(ca.getBasicConstraints()).isZero();
    assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
    assertThat(Duration.between(Instant.now(), leaf.getNotAfter().toInstant()))
        .isLessThan(Duration.ofDays(398));
    assertThat(commands().run("terraform", "ca", "init").err()).contains("already");
    assertThat(commands().run("terraform", "ca", "issue", "--host", "http://x").err())
        .contains("without scheme");
    Path out = home.resolve("gateway");
    assertThat(
            commands()
                .run("terraform", "ca", "issue", "--host", "10.0.0.7", "--out", out.toString())
                .code())
        .isZero();
    assertThat(OwnAuthority.names(TlsFiles.read(out.resolve("server.pem")).get(0)))
        .contains("10.0.0.7", "localhost");
  }

  @Test
  void whatEndsSoonIsMadeAnewWithItsNames() throws Exception {
    Instant now = Instant.now();
    authority.make(now);
    authority.issue(List.of("keepset.internal"), now);
    String before = Files.readString(authority.server().certificate());

    authority.ready("127.0.0.1", now.plus(Duration.ofDays(200)));
    assertThat(Files.readString(authority.server().certificate())).isEqualTo(before);
    authority.ready("127.0.0.1", now.plus(Duration.ofDays(380)));

    assertThat(Files.readString(authority.server().certificate())).isNotEqualTo(before);
    assertThat(OwnAuthority.names(authority.server().leaf())).contains("keepset.internal");
  }

  @Test
  void terraformAndCommandsSpeakHttps() throws Exception {
    try (ServiceLab lab = new ServiceLab(home, authority.ready("127.0.0.1", Instant.now()))) {
      assertThat(lab.address().getScheme()).isEqualTo("https");
      Result here = lab.here().run("token", "list");
      assertThat(here.code()).as(here.err()).isZero();

      CommandLineForTests elsewhere = lab.elsewhere(ServiceLab.token(Role.READER));
      Result stranger = elsewhere.run("status");
      assertThat(stranger.code()).isEqualTo(1);
      assertThat(stranger.err()).contains("not trusted", "--ca");
      Result known = elsewhere.run("status", "--ca", authority.certificate().toString());
      assertThat(known.err()).doesNotContain("not trusted");
      assertThat(known.out()).isNotEmpty();

      String state = "https://localhost:" + lab.address().getPort() + "/terraform/state/prod";
      TerraformBinary terraform =
          TerraformBinary.in(home.resolve("tf"))
              .with("TF_HTTP_ADDRESS", state)
              .with("TF_HTTP_LOCK_ADDRESS", state)
              .with("TF_HTTP_UNLOCK_ADDRESS", state)
              .with("TF_HTTP_RETRY_MAX", "0")
              .with("TF_HTTP_USERNAME", "terraform")
              .with("TF_HTTP_PASSWORD", ServiceLab.token(Role.OPERATOR))
              .write("main.tf", TerraformBinary.GREETING);
      assertThat(terraform.run("init").said()).contains("certificate");

      terraform.with("SSL_CERT_FILE", authority.certificate().toString());
      terraform.succeed("init");
      terraform.succeed("apply", "-auto-approve");
      assertThat(terraform.succeed("output", "-raw", "greeting").out()).isEqualTo("hello");
    }
  }

  @Test
  void filesThatChangeAreTakenUpWithoutARestart() throws Exception {
    Instant now = Instant.now();
    TlsFiles files = authority.ready("127.0.0.1", now);
    try (ServiceLab lab = new ServiceLab(home, files)) {
      X509Certificate before = shown(lab.address());
      authority.issue(List.of("other.internal"), now);
      X509Certificate wanted = files.leaf();
      assertThat(wanted).isNotEqualTo(before);

      Await.until("the new certificate", () -> shown(lab.address()).equals(wanted));
      Await.until(
          "the new certificate in the file that commands read",
          () ->
              ServerFile.await(lab.data(), Await.PATIENCE)
                  .flatMap(ServerFile.Address::certificate)
                  .equals(Optional.of(TlsFiles.pem(wanted))));
      assertThat(lab.here().run("token", "list").code()).isZero();
    }
  }

  @Test
  void oldProtocolsAndClearTextAreNotSpoken() throws Exception {
    try (ServiceLab lab = new ServiceLab(home, authority.ready("127.0.0.1", Instant.now()))) {
      assertThatThrownBy(() -> handshake(lab.address(), "TLSv1.1"))
          .isInstanceOf(SSLException.class);
      handshake(lab.address(), "TLSv1.2");
      handshake(lab.address(), "TLSv1.3");
      URI clear = URI.create("http://127.0.0.1:" + lab.address().getPort());
      Result result =
          lab.elsewhere(ServiceLab.token(Role.READER))
              .with("KEEPSET_SERVER", clear.toString())
              .run("status");
      assertThat(result.code()).isEqualTo(1);
    }
  }

  @Test
  void clearTextBeyondThisMachineMustBeWanted() {
    Result open = commands().run("serve", "--address", "0.0.0.0", "--port", "0");
    assertThat(open.code()).isEqualTo(64);
    assertThat(open.err()).contains("--tls", "--insecure-http");
    Result half = commands().run("serve", "--tls-cert", "x.pem");
    assertThat(half.code()).isEqualTo(64);
    Result none = commands().run("serve", "--tls-cert", "x.pem", "--tls-key", "x.key");
    assertThat(none.code()).isEqualTo(1);
    assertThat(none.err()).contains("can't read", "x.pem");
  }

  private CommandLineForTests commands() {
    return new CommandLineForTests(home.resolve("data")).at(Clock.systemUTC());
  }

  private X509Certificate shown(URI address) throws Exception {
    try (SSLSocket socket = connect(address)) {
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  private void handshake(URI address, String protocol) throws Exception {
    try (SSLSocket socket = connect(address)) {
      socket.setEnabledProtocols(new String[] {protocol});
      socket.startHandshake();
    }
  }

  private SSLSocket connect(URI address) throws Exception {
    return (SSLSocket)
        Trust.authorities(authority.certificate())
            .getSocketFactory()
            .createSocket("127.0.0.1", address.getPort());
  }
}
