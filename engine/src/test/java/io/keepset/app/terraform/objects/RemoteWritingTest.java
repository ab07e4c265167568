package io.keepset.app.terraform.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.PolicyLocation;
import io.keepset.app.git.GitHttpServer;
import io.keepset.app.git.GitSettings;
import io.keepset.app.git.GitSshServer;
import io.keepset.app.git.RealGit;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Objects pushed to remotes: real git behind HTTP and SSH. */
@Timeout(300)
class RemoteWritingTest {
  private static final Map<String, String> TOKEN = Map.of("GIT_TOKEN", "a-token-for-git");

  @TempDir private Path root;
  private WritingLab lab;
  private GitHttpServer remote;

  @BeforeEach
  void start() throws Exception {
    lab = WritingLab.in(root.toRealPath());
    remote = new GitHttpServer(lab.root, "git", "a-token-for-git");
  }

  @AfterEach
  void stop() {
    lab.close();
    remote.close();
  }

  private PolicyLocation http(String ref) {
    return new PolicyLocation.Repository(
        GitSettings.of(remote.url("policies.git"), ref).withToken("git", "env:GIT_TOKEN"));
  }

  private WritingLab serve() throws Exception {
    return serve("main");
  }

  private WritingLab serve(String ref) throws Exception {
    allowPushes();
    return lab.serve(http(ref), TOKEN);
  }

  private void allowPushes() {
    lab.people.run("--git-dir", lab.bare.toString(), "config", "http.receivepack", "true");
  }

  @Test
  void aWriteIsPushed() throws Exception {
    serve("HEAD");

    HttpResponse<String> put = lab.put("database/orders", lab.database("orders", 9));

    assertThat(put.statusCode()).as(put.body()).isEqualTo(201);
    assertThat(put.headers().firstValue("Keepset-State")).contains("in-force");
    assertThat(lab.commits("main")).isEqualTo(2);
    lab.pull();
    assertThat(lab.people.directory().resolve("keepset.d/terraform/database/orders.json")).exists();
  }

  @Test
  void aWriteIsPushedOverSsh() throws Exception {
    RealGit.needs("ssh-keygen", "-?");
    for (String name : List.of("host", "user")) {
      lab.people.run(
          "-c",
          "alias.k=!ssh-keygen",
          "k",
          "-q",
          "-t",
          "ed25519",
          "-N",
          "",
          "-f",
          lab.root.resolve(name).toString());
    }
    Files.copy(lab.root.resolve("user.pub"), lab.root.resolve("authorized_keys"));
    try (GitSshServer ssh =
        new GitSshServer(lab.root, lab.root.resolve("host"), lab.root.resolve("authorized_keys"))) {
      Path known = lab.root.resolve("known_hosts");
      Files.writeString(
          known,
          "[127.0.0.1]:" + ssh.port() + " " + Files.readString(lab.root.resolve("host.pub")));
      lab.serve(
          GitSettings.of(ssh.url(lab.bare), "main")
              .withKey("file:" + lab.root.resolve("user"), known));

      HttpResponse<String> put = lab.put("database/orders", lab.database("orders", 9));

      assertThat(put.statusCode()).as(put.body()).isEqualTo(201);
      assertThat(lab.commits("main")).isEqualTo(2);
      lab.stop();
    }
  }

  @Test
  void aRemoteThatMayOnlyBeReadSaysSo() throws Exception {
    lab.serve(http("main"), TOKEN);

    HttpResponse<String> put = lab.put("database/orders", lab.database("orders", 9));

    assertThat(put.statusCode()).isEqualTo(409);
    assertThat(put.body()).contains("lets Keepset read, but not write", "right to push");
    assertThat(lab.commits("main")).isEqualTo(1);
  }

  @Test
  void whatIsNoBranchIsNotWritten() throws Exception {
    lab.people.run("--git-dir", lab.bare.toString(), "tag", "v1", "main");
    serve("v1");

    HttpResponse<String> put = lab.put("database/orders", lab.database("orders", 9));

    assertThat(put.statusCode()).isEqualTo(409);
    assertThat(put.body()).contains("is no branch", "--ref");
  }

  @Test
  void aHookThatRefusesIsHeard() throws Exception {
    serve();
    lab.hook("echo no pushes on Sundays >&2; exit 1");

    HttpResponse<String> put = lab.put("database/orders", lab.database("orders", 9));

    assertThat(put.statusCode()).isEqualTo(409);
    assertThat(put.body()).contains("no pushes on Sundays");
    assertThat(lab.commits("main")).isEqualTo(1);
    assertThat(lab.get("database/orders").statusCode()).isEqualTo(404);
  }

  @Test
  void aHookOfALocalRepositoryIsHeardToo() throws Exception {
    lab.serve();
    lab.hook("echo no pushes on Sundays >&2; exit 1");
    HttpResponse<String> put = lab.put("database/orders", lab.database("orders", 9));
    assertThat(put.statusCode()).as(put.body()).isEqualTo(409);
    assertThat(put.body()).contains("no pushes on Sundays");
    assertThat(lab.commits("main")).isEqualTo(1);

    lab.hook("exit 0");

    assertThat(lab.put("database/orders", lab.database("orders", 9)).statusCode()).isEqualTo(201);
    assertThat(lab.commits("main")).isEqualTo(2);
  }

  @Test
  void aLostNetworkLosesNothing() throws Exception {
    serve();
    remote.tap(
        new GitHttpServer.Tap() {
          @Override
          public void before(String request) throws IOException {
            throw new IOException("the cable is out");
          }
        });

    HttpResponse<String> put = lab.put("database/orders", lab.database("orders", 9));

    assertThat(put.statusCode()).as(put.body()).isEqualTo(503);
    assertThat(put.headers().firstValue("Retry-After")).isPresent();
    assertThat(lab.commits("main")).isEqualTo(1);
    remote.tap(new GitHttpServer.Tap() {});
    assertThat(lab.put("database/orders", lab.database("orders", 9)).statusCode()).isEqualTo(201);
    assertThat(lab.commits("main")).isEqualTo(2);
  }

  @Test
  void anAnswerThatIsLostOnTheWayIsFoundOut() throws Exception {
    serve();
    AtomicBoolean lost = new AtomicBoolean();
    remote.tap(
        new GitHttpServer.Tap() {
          @Override
          public void after(String request) throws IOException {
            if (request.startsWith("POST") && request.endsWith("/git-receive-pack")) {
              if (!lost.getAndSet(true)) {
                throw new IOException("the answer is lost");
              }
            }
          }
        });

    HttpResponse<String> put = lab.put("database/orders", lab.database("orders", 9));

    assertThat(lost).isTrue();
    assertThat(put.statusCode()).as(put.body()).isEqualTo(201);
    assertThat(lab.commits("main")).isEqualTo(2);
  }

  @Test
  void aRaceThatIsLostToPeopleIsRunAgain() throws Exception {
    serve();
    AtomicBoolean faster = new AtomicBoolean();
    remote.tap(
        new GitHttpServer.Tap() {
          @Override
          public void before(String request) throws IOException {
            if (request.contains("service=git-receive-pack") && !faster.getAndSet(true)) {
              lab.people.write("notes/README.md", "people were here\n");
              lab.people.commit("Faster");
              lab.push();
            }
          }
        });

    HttpResponse<String> put = lab.put("database/orders", lab.database("orders", 9));

    assertThat(put.statusCode()).as(put.body()).isEqualTo(201);
    assertThat(lab.commits("main")).isEqualTo(3);
    assertThat(lab.show("main:notes/README.md")).isEqualTo("people were here\n");
    assertThat(lab.show("-s", "--format=%s", "main~1").strip()).isEqualTo("Faster");
  }

  @Test
  void aRaceForTheSameObjectIsLostHonestly() throws Exception {
    serve();
    lab.put("database/orders", lab.database("orders", 9));
    String theirs = lab.database("orders", 11);
    AtomicBoolean faster = new AtomicBoolean();
    remote.tap(
        new GitHttpServer.Tap() {
          @Override
          public void before(String request) throws IOException {
            if (request.contains("service=git-receive-pack") && !faster.getAndSet(true)) {
              lab.pull();
              Path file =
                  lab.people.directory().resolve("keepset.d/terraform/database/orders.json");
              Files.writeString(
                  file, Files.readString(file).replace("\"daily\": 9", "\"daily\": 11"));
              lab.people.commit("Faster");
              lab.push();
            }
          }
        });

    HttpResponse<String> put = lab.put("database/orders", lab.database("orders", 10));

    assertThat(put.statusCode()).as(put.body()).isEqualTo(409);
    assertThat(put.body()).contains("at the same time");
    assertThat(lab.get("database/orders").body()).isEqualTo(theirs);
  }

  @Test
  void twoServersWriteAtTheSameTime() throws Exception {
    serve();
    try (WritingLab other = lab.beside()) {
      other.serve(http("main"), TOKEN);
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        for (WritingLab one : List.of(lab, other)) {
          String name = (one == lab ? "one" : "other") + i;
          String body = lab.database(name, 9);
          answers.add(
              CompletableFuture.supplyAsync(
                  () -> one.put("database/" + name, body, "Prefer", "respond-async")));
        }
      }
      for (CompletableFuture<HttpResponse<String>> answer : answers) {
        assertThat(answer.get().statusCode()).as(answer.get().body()).isIn(201, 202);
      }
    }
    assertThat(lab.commits("main")).isEqualTo(9);
    assertThat(lab.people.run("--git-dir", lab.bare.toString(), "ls-tree", "-r", "main").lines())
        .hasSize(9);
  }

  @Test
  void aBranchIsMadeOnTheRemote() throws Exception {
    serve();

    HttpResponse<String> put =
        lab.put("database/orders?branch=tf/run-1", lab.database("orders", 9));
    HttpResponse<String> again =
        lab.put("database/users?branch=tf/run-1", lab.database("users", 9));

    assertThat(put.statusCode()).as(put.body()).isEqualTo(201);
    assertThat(again.statusCode()).as(again.body()).isEqualTo(201);
    assertThat(lab.commits("tf/run-1")).isEqualTo(3);
    assertThat(lab.commits("main")).isEqualTo(1);
  }

  @Test
  void aBranchThatIsCheckedOutIsNotMovedBeneathAnybody() throws Exception {
    lab.serve(GitSettings.of(lab.people.url(), "main"));

    HttpResponse<String> put = lab.put("database/orders", lab.database("orders", 9));

    assertThat(put.statusCode()).isEqualTo(409);
    assertThat(put.body()).contains("checked out", "--bare");
    assertThat(lab.put("database/orders?branch=tf/a", lab.database("orders", 9)).statusCode())
        .isEqualTo(201);
    assertThat(lab.people.run("status", "--porcelain")).isEmpty();
  }
}
