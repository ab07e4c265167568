package io.keepset.app.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.remote.RemotePlatform;
import io.keepset.app.remote.RemoteServer;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** A server with a command's side of it; each test finds it as new. */
abstract class ServerContract extends OnRunningServer {
  FakePlatform fake;

  RemotePlatform remote;

  @BeforeEach
  void reset() {
    fake = server.platform;
    fake.trouble = null;
    fake.bug = null;
    fake.failure = null;
    fake.breakAfter = -1;
    fake.extension = ".tar";
    fake.backups.clear();
    fake.restores.clear();
    server.plans.brought.clear();
    server.plans.callers.clear();
    server.plans.refusals = List.of();
    fake.targets.clear();
    fake.targets.put("orders", RunningServer.live(RunningServer.protection("orders")));
    remote =
        new RemotePlatform(
            "runner", new RemoteServer(server.address(), RunningServer.TOKEN), new FakePlatform());
  }

  static void assertProblem(HttpResponse<String> response, int status, String type) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type"))
        .hasValueSatisfying(value -> assertThat(value).startsWith("application/problem+json"));
    assertThat(RunningServer.json(response).text("type")).contains(type);
    assertThat(RunningServer.json(response).text("status")).contains(String.valueOf(status));
  }
}
