package io.keepset.app.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Secret;
import io.keepset.spi.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A remote repository behind a real OpenSSH server. */
class GitOverSshTest {
  private static final Secrets FILES =
      reference -> {
        try {
          return new Secret(Files.readString(Path.of(reference.substring(5))).stripTrailing());
        } catch (IOException e) {
          throw new DriverException(Kind.DENIED, reference, e);
        }
      };

  @TempDir Path temp;
  private RealGit git;
  private @Nullable GitSshServer server;

  @BeforeEach
  void start() throws Exception {
    RealGit.needs("ssh-keygen", "-?");
    git = RealGit.init(temp.resolve("repo"));
    git.write("a.yaml", "a: 1").commit("one");
    key("host", "ed25519", "");
    key("other", "ed25519", "");
    key("user", "ed25519", "");
    key("stranger", "ed25519", "");
    Files.copy(temp.resolve("user.pub"), temp.resolve("authorized_keys"));
    server = new GitSshServer(temp, temp.resolve("host"), temp.resolve("authorized_keys"));
    trust("host");
  }

  @AfterEach
  void stop() throws IOException {
    if (server != null) {
      server.close();
    }
  }

  private void key(String name, String type, String passphrase) {
    git.run(
        "-c",
        "alias.k=!ssh-keygen",
        "k",
        "-q",
        "-t",
        type,
        "-N",
        passphrase,
        "-f",
        temp.resolve(name).toString());
  }

  private void trust(String host) throws IOException {
    String key = Files.readString(temp.resolve(host + ".pub"));
    Files.writeString(temp.resolve("known_hosts"), "[127.0.0.1]:" + server.port() + " " + key);
  }

  private GitSettings settings(String key) {
    return GitSettings.of(server.url(git.directory()), "main")
        .withKey("file:" + temp.resolve(key), temp.resolve("known_hosts"));
  }

  private DriverException trouble(GitSettings settings) {
    return catchThrowableOfType(
        DriverException.class,
        () -> GitPolicies.open(settings, temp.resolve("data"), FILES).read());
  }

  @ParameterizedTest
  @CsvSource({"ed25519, ''", "rsa, ''", "ecdsa, ''", "ed25519, a passphrase"})
  void readsWithAKeyByReference(String type, String passphrase) throws Exception {
    String name = type + passphrase.length();
    key(name, type, passphrase);
    Files.copy(
        temp.resolve(name + ".pub"),
        temp.resolve("authorized_keys"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    Files.writeString(temp.resolve("passphrase"), passphrase + "\n");
    GitSettings plain = settings(name);
    GitSettings settings =
        passphrase.isEmpty()
            ? plain
            : new GitSettings(
                plain.url(),
                plain.ref(),
                "",
                "git",
                null,
                plain.key(),
                "file:" + temp.resolve("passphrase"),
                plain.knownHosts());

    try (GitPolicies policies = GitPolicies.open(settings, temp.resolve("data"), FILES)) {
      assertThat(policies.read().files().files()).hasSize(1);
      git.write("b.yaml", "b: 1").commit("two");
      assertThat(policies.poll().orElseThrow().files().files()).hasSize(2);
    }
  }

  @Test
  void aHostThatIsNotKnownIsNotTrusted() throws Exception {
    Files.writeString(temp.resolve("known_hosts"), "");
    DriverException unknown = trouble(settings("user"));
    assertThat(unknown.kind()).isEqualTo(Kind.DENIED);
    assertThat(unknown).hasMessageContaining("the host's key is not in " + temp);
    assertThat(temp.resolve("known_hosts")).isEmptyFile();

    trust("other");
    assertThat(trouble(settings("user"))).hasMessageContaining("or has changed");
  }

  @Test
  void aKeyThatTheServerDoesNotKnowIsRefused() throws Exception {
    DriverException refused = trouble(settings("stranger"));
    assertThat(refused.kind()).isEqualTo(Kind.DENIED);
    assertThat(refused).hasMessageContaining("add its public half on the server");

    assertThat(trouble(settings("user.pub"))).hasMessageContaining("user.pub");
    assertThat(trouble(settings("nothing")).kind()).isEqualTo(Kind.DENIED);
    key("locked", "ed25519", "a passphrase");
    assertThat(trouble(settings("locked"))).hasMessageContaining("--git-passphrase");
  }

  @Test
  void aRepositoryThatIsNotThereIsSaid() throws Exception {
    GitSettings settings = settings("user");
    GitSettings missing =
        GitSettings.of(server.url(temp.resolve("missing")), "main")
            .withKey(settings.key(), settings.knownHosts());

    DriverException e = trouble(missing);

    assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(e).hasMessageContaining("was not found: check the URL");
  }
}
