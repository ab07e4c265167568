package io.keepset.app.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class ShimServletTest extends OnRunningServer {
  @Test
  void methodsOfTerraformArriveWithDecodedPathAndQuery() {
    HttpResponse<String> reply = server.send("LOCK", "/terraform/echo/a+b%20c?team=x+y&ID=1%2F2");

    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("LOCK [echo, a+b c] {ID=[1/2], team=[x y]} admin admin");
  }

  @Test
  void theShimTakesATokenAsThePasswordOfBasicAuthenticationAndNothingElseDoes() {
    String basic = "Basic " + base64("anybody:" + RunningServer.TOKEN);

    assertThat(server.getWith("/terraform/echo", "Authorization", basic).statusCode())
        .isEqualTo(200);
    assertThat(server.getWith("/api/v1/status", "Authorization", basic).statusCode())
        .isEqualTo(401);
    HttpResponse<String> wrong =
        server.getWith("/terraform/echo", "Authorization", "Basic " + base64("anybody:wrong"));
    assertThat(wrong.statusCode()).isEqualTo(401);
    assertThat(wrong.headers().allValues("WWW-Authenticate")).anyMatch(v -> v.startsWith("Basic"));
    assertThat(server.getWith("/terraform/echo", "Authorization", "Basic %%%").statusCode())
        .isEqualTo(401);
  }

  @Test
  void aBrokenAddressIsTheCallersMistake() {
    assertThat(server.send("GET", "/terraform/nothing").statusCode()).isEqualTo(404);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
