package io.keepset.app.terraform.objects;

import io.keepset.app.PolicyLocation;
import io.keepset.app.Wiring;
import io.keepset.app.git.GitSettings;
import io.keepset.app.git.RealGit;
import io.keepset.app.serve.Service;
import io.keepset.app.serve.ServiceSettings;
import io.keepset.policy.Mode;
import io.keepset.source.JsonText;
import io.keepset.source.MapNode;
import io.keepset.source.SourceFile;
import io.keepset.testing.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A server that follows the branch main of a bare repository, and somebody who works in a clone of
 * it.
 */
final class WritingLab implements AutoCloseable {
  static final String TOKEN = "a-token-for-tests-only";
  static final String OBJECTS = "/terraform/v1/objects/";

  /** What people wrote: a policy, a store, a database. */
  final RealGit people;

  final Path root;
  final Path bare;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Path data;
  private Service service;
  private String token = TOKEN;

  private WritingLab(WritingLab other, String data) {
    this.root = other.root;
    this.people = other.people;
    this.bare = other.bare;
    this.data = root.resolve(data);
  }

  private WritingLab(Path root, Path bare) {
    this.root = root;
    this.people = null;
    this.bare = bare;
    this.data = root.resolve("data");
  }

  /** For a bare repository that is there, and nobody who works with it. */
  static WritingLab over(Path root, Path bare) {
    return new WritingLab(root, bare);
  }

  private WritingLab(Path root) throws IOException {
    this.root = root;
    this.data = root.resolve("data");
    Files.createDirectories(root.resolve("files"));
    people = RealGit.init(root.resolve("people"));
    people.write("all.yaml", policies());
    people.commit("Begin");
    bare = root.resolve("policies.git");
    people.run("clone", "-q", "--bare", ".", bare.toString());
    people.run("remote", "add", "origin", bare.toString());
    people.run("fetch", "-q", "origin");
    Path hooks = bare.resolve("hooks");
    if (Files.isDirectory(hooks)) {
      try (var samples = Files.list(hooks)) {
        for (Path sample : samples.toList()) {
          Files.delete(sample);
        }
      }
    }
  }

  /** Nothing is started yet. */
  static WritingLab in(Path root) throws IOException {
    return new WritingLab(root);
  }

  /** Another server for the same repository, with a state of its own. */
  WritingLab beside() {
    return new WritingLab(this, "other-data");
  }

  Path data() {
    return data;
  }

  /** Follows the bare repository where it lies. */
  WritingLab serve() throws Exception {
    return serve(GitSettings.of(bare.toString(), "main"));
  }

  WritingLab serve(GitSettings git) throws Exception {
    return serve(new PolicyLocation.Repository(git), Map.of());
  }

  WritingLab serve(PolicyLocation location, Map<String, String> environment) throws Exception {
    Wiring wiring = new Wiring(data, Clock.systemUTC(), environment, Service.journal(), note -> {});
    service =
        Service.start(
            ServiceSettings.of(data).mode(Optional.of(Mode.FULL)).token(Optional.of(TOKEN)).build(),
            wiring,
            wiring.feed(location));
    awaitInForce();
    return this;
  }

  /** Until the first look at the policies has put them into force. */
  private void awaitInForce() throws InterruptedException {
    Await.until(
        "policies in force",
        () -> send("GET", "/api/v1/status", "").body().contains("\"state\": \"in-force\""),
        () -> send("GET", "/api/v1/status", "").body());
  }

  URI address() {
    return service.address();
  }

  /** As Terraform's jsonencode would write it. */
  String database(String name, int daily) throws IOException {
    Path files = Files.createDirectories(root.resolve("files").resolve(name));
    return "{\"connection\":{\"path\":\""
        + files
        + "\"},\"engine\":\"volume\",\"override\":{\"retention\":{\"daily\":"
        + daily
        + "}},\"policy\":\"gold\",\"store\":\"main\"}";
  }

  private String policies() {
    return """
        # What people wrote stays as they wrote it.
        policy:
          gold:
            schedule:
              yearly:   {cron: "0 0 1 1 *", timezone: UTC}
            retention: {daily: 7}
        database:
          files:
            engine: volume
            policy: gold
            store: main
            connection: {path: %s}
        store:
          main: {type: directory, path: %s}
        """
        .formatted(root.resolve("files"), root.resolve("backups"));
  }

  /** From now on with a token of this person. */
  void callAs(String person) {
    HttpResponse<String> made =
        send(
            "POST",
            "/api/v1/tokens",
            "{\"name\": \"a-person\", \"role\": \"admin\", \"person\": \"" + person + "\"}",
            "Content-Type",
            "application/json");
    token = json(made).text("secret").orElseThrow();
  }

  HttpResponse<String> put(String object, String body, String... headers) {
    return send("PUT", OBJECTS + object, body, headers);
  }

  HttpResponse<String> get(String object, String... headers) {
    return send("GET", OBJECTS + object, "", headers);
  }

  HttpResponse<String> delete(String object, String... headers) {
    return send("DELETE", OBJECTS + object, "", headers);
  }

  HttpResponse<String> send(String method, String path, String body, String... headers) {
    List<String> all = new ArrayList<>(List.of("Authorization", "Bearer " + token));
    all.addAll(List.of(headers));
    if (!all.contains("Prefer")) {
      all.addAll(List.of("Prefer", "wait=120")); // a slow machine is not what is tested
    }
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(service.address() + path))
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .headers(all.toArray(new String[0]))
            .timeout(Duration.ofSeconds(240))
            .build();
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static MapNode json(HttpResponse<String> response) {
    return (MapNode)
        JsonText.read(new SourceFile("answer", response.body().getBytes(StandardCharsets.UTF_8)))
            .valid()
            .orElseThrow();
  }

  /** How many commits a branch of the bare repository has. */
  int commits(String branch) {
    return Integer.parseInt(
        people.run("--git-dir", bare.toString(), "rev-list", "--count", branch).strip());
  }

  /** Has the bare repository run a script before it takes something in. */
  void hook(String script) throws IOException {
    Path hook = Files.createDirectories(bare.resolve("hooks")).resolve("pre-receive");
    Files.writeString(hook, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  String show(String... what) {
    List<String> words = new ArrayList<>(List.of("--git-dir", bare.toString(), "show"));
    words.addAll(List.of(what));
    return people.run(words.toArray(new String[0]));
  }

  /** What people do by hand. */
  void push() {
    people.run("push", "-q", "origin", "HEAD:main");
  }

  void pull() {
    people.run("pull", "-q", "--rebase", "origin", "main");
  }

  void stop() {
    if (service != null) {
      service.close();
      service = null;
    }
  }

  @Override
  public void close() {
    stop();
  }
}
