package io.keepset.app.git;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Secrets;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.eclipse.jgit.api.TransportCommand;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.eclipse.jgit.transport.sshd.SshdSessionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;

/** The rights with which a remote is asked. Secrets are resolved anew for each question. */
final class GitAccess {
  private final GitSettings settings;
  private final Secrets secrets;

  private GitAccess(GitSettings settings, Secrets secrets) {
    this.settings = settings;
    this.secrets = secrets;
  }

  /**
   * @throws DriverException if the URL is none that Keepset fetches from
   */
  static GitAccess of(GitSettings settings, Secrets secrets) throws DriverException {
    if (settings.holdsSecret()) {
      throw new DriverException(
          Kind.REJECTED,
          "the URL "
              + settings.shown()
              + " holds a name or password, which anybody can read in the list of processes: leave it"
              + " out, and put the token or password into KEEPSET_GIT_TOKEN (or name its place with"
              + " --git-token env:NAME or file:PATH), and the user into --git-user");
    }
    if (!settings.ssh() && !settings.http()) {
      throw new DriverException(
          Kind.REJECTED,
          "policies are fetched over https:// and ssh:// only, besides local paths: git:// and others"
              + " prove neither who sends nor what");
    }
    if (settings.url().startsWith("http://") && settings.token() != null && !isLoopback(settings)) {
      throw new DriverException(
          Kind.REJECTED, "a token is not sent over http://, where all can read it: use https://");
    }
    return new GitAccess(settings, secrets);
  }

  private static boolean isLoopback(GitSettings settings) {
    String host = URI.create(settings.url()).getHost();
    return host != null
        && (host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]"));
  }

  void configure(TransportCommand<?, ?> command) throws DriverException {
    if (settings.http()) {
      String token = settings.token();
      if (token != null) {
        command.setCredentialsProvider(
            new UsernamePasswordCredentialsProvider(
                settings.user(), secrets.resolve(token).reveal()));
      }
      return;
    }
    SshdSessionFactory sessions = sessions();
    command.setTransportConfigCallback(
        transport -> {
          if (transport instanceof SshTransport ssh) {
            ssh.setSshSessionFactory(sessions);
          }
        });
  }

  private SshdSessionFactory sessions() throws DriverException {
    Path home = Path.of(System.getProperty("user.home"));
    SshdSessionFactoryBuilder builder =
        new SshdSessionFactoryBuilder()
            .setHomeDirectory(home.toFile())
            .setSshDirectory(home.resolve(".ssh").toFile())
            .setPreferredAuthentications("publickey")
            .setServerKeyDatabase((h, ssh) -> new StrictHosts(knownHosts(ssh.toPath())));
    String key = settings.key();
    if (key != null) {
      List<KeyPair> pairs = keys(key);
      builder
          .setConfigStoreFactory((h, file, user) -> null)
          .setDefaultIdentities(ssh -> List.of())
          .setDefaultKeysProvider(ssh -> pairs);
    }
    return builder.build(null);
  }

  private List<Path> knownHosts(Path ssh) {
    Path named = settings.knownHosts();
    return named != null
        ? List.of(named)
        : List.of(ssh.resolve("known_hosts"), Path.of("/etc/ssh/ssh_known_hosts"));
  }

  private List<KeyPair> keys(String reference) throws DriverException {
    String text = secrets.resolve(reference).reveal() + "\n";
    String passphrase = settings.passphrase();
    FilePasswordProvider password =
        passphrase == null
            ? FilePasswordProvider.EMPTY
            : FilePasswordProvider.of(secrets.resolve(passphrase).reveal());
    List<KeyPair> pairs = new ArrayList<>();
    try {
      Iterable<KeyPair> read =
          SecurityUtils.loadKeyPairIdentities(
              null,
              NamedResource.ofName(reference),
              new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
              password);
      if (read != null) {
        read.forEach(pairs::add);
      }
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      throw new DriverException(
          Kind.DENIED,
          "the key "
              + reference
              + " can't be read as an OpenSSH or PEM private key: check the file,"
              + " and give its passphrase with --git-passphrase",
          e);
    }
    if (pairs.isEmpty()) {
      throw new DriverException(
          Kind.DENIED,
          "the key " + reference + " holds no private key: name the file without .pub");
    }
    return pairs;
  }
}
