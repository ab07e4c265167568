package io.keepset.app.terraform.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.terraform.ServedKeepset;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Terraform sends, and what it never would, sent to a whole server. */
@Timeout(300)
class StateHttpTest {
  private static final String LOCK =
      """
      {"ID":"865dab0c-c22e-49a5-e2cf-89c43d4f2b4c","Operation":"OperationTypeApply","Info":"",\
      "Who":"me@here","Version":"1.11.4","Created":"2026-11-21T12:00:00.212080185Z","Path":""}""";
  private static final String ID = "865dab0c-c22e-49a5-e2cf-89c43d4f2b4c";
  private static final String OTHER = LOCK.replace("865dab0c", "00000000");

  @TempDir private static Path home;
  private static ServedKeepset server;

  @BeforeAll
  static void start() throws Exception {
    server = ServedKeepset.start(home);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpResponse<byte[]> send(
      String method, String state, String body, String... headers) throws Exception {
    return server.send(method, "/terraform/state/" + state, body.getBytes(UTF_8), headers);
  }

  private static int status(String method, String state, String body, String... headers)
      throws Exception {
    return send(method, state, body, headers).statusCode();
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), UTF_8);
  }

  private static String md5(String body) throws Exception {
    return Base64.getEncoder()
        .encodeToString(MessageDigest.getInstance("MD5").digest(body.getBytes(UTF_8)));
  }

  @Test
  void aStateIsReadAsItWasWrittenWithItsSum() throws Exception {
    String body = "{\"serial\": 1,\r\n \"ö\": 2}\n";
    assertThat(status("GET", "sum", "")).isEqualTo(404);
    assertThat(status("POST", "sum", body, "Content-MD5", md5(body))).isEqualTo(200);

    HttpResponse<byte[]> read = send("GET", "sum", "");

    assertThat(text(read)).isEqualTo(body);
    assertThat(read.headers().firstValue("Content-MD5")).hasValue(md5(body));
    assertThat(read.headers().firstValue("Content-Type")).hasValue("application/json");
  }

  @Test
  void aBodyThatIsNotWhatItsSumSaysIsRefused() throws Exception {
    assertThat(status("POST", "wrong", "{}", "Content-MD5", md5("{}"))).isEqualTo(200);

    HttpResponse<byte[]> refused = send("POST", "wrong", "{ }", "Content-MD5", md5("{}"));

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(text(refused)).contains("not what its Content-MD5 says");
    assertThat(status("POST", "wrong", "{ }", "Content-MD5", "?")).isEqualTo(400);
    assertThat(status("LOCK", "wrong", LOCK, "Content-MD5", md5("{}"))).isEqualTo(400);
    assertThat(status("POST", "wrong", "")).isEqualTo(400);
    assertThat(text(send("GET", "wrong", ""))).isEqualTo("{}");
  }

  @Test
  void aLockedStateAnswersWithItsHoldersLock() throws Exception {
    assertThat(status("LOCK", "held", LOCK)).isEqualTo(200);
    assertThat(status("LOCK", "held", LOCK)).isEqualTo(200);

    HttpResponse<byte[]> refused = send("LOCK", "held", OTHER);

    assertThat(refused.statusCode()).isEqualTo(423);
    assertThat(text(refused)).isEqualTo(LOCK);
    assertThat(text(send("POST", "held", "{}"))).isEqualTo(LOCK);
    assertThat(status("POST", "held?ID=another", "{}")).isEqualTo(423);
    assertThat(status("DELETE", "held", "")).isEqualTo(423);
    assertThat(status("UNLOCK", "held", OTHER)).isEqualTo(423);
    assertThat(status("POST", "held?ID=" + ID, "{}")).isEqualTo(200);
    assertThat(status("UNLOCK", "held", LOCK)).isEqualTo(200);
    assertThat(status("UNLOCK", "held", LOCK)).isEqualTo(200);
    assertThat(status("LOCK", "held", OTHER)).isEqualTo(200);
  }

  @Test
  void forceUnlockIsAnEmptyBodyOrALockThatIsOnlyItsId() throws Exception {
    assertThat(status("LOCK", "forced", LOCK)).isEqualTo(200);
    assertThat(status("UNLOCK", "forced", "", "Content-MD5", md5(""))).isEqualTo(200);
    assertThat(status("LOCK", "forced", OTHER)).isEqualTo(200);
    String bare =
        "{\"ID\":\"%s\",\"Operation\":\"\",\"Info\":\"\",\"Who\":\"\",\"Version\":\"\","
            + "\"Created\":\"0001-01-01T00:00:00Z\",\"Path\":\"\"}";
    assertThat(status("UNLOCK", "forced", bare.formatted(ID))).isEqualTo(423);
    assertThat(status("UNLOCK", "forced", bare.formatted("00000000" + ID.substring(8))))
        .isEqualTo(200);
    assertThat(status("LOCK", "forced", LOCK)).isEqualTo(200);
  }

  @Test
  void theQueryIsReadAsAFormIs() throws Exception {
    assertThat(status("LOCK", "form?team=a%20b", "{\"ID\":\"1 2/3\"}")).isEqualTo(200);
    assertThat(status("POST", "form?ID=1+2%2F3&team=a+b", "{}")).isEqualTo(200);
    assertThat(status("POST", "form?team=a+b", "{}")).isEqualTo(423);
  }

  @Test
  void whatIsNoLockIsNotTakenForOne() throws Exception {
    assertThat(text(send("LOCK", "strange", "[]"))).contains("the body is no JSON object");
    assertThat(text(send("LOCK", "strange", "{\"Who\":\"me\"}"))).contains("it has no ID");
    assertThat(text(send("LOCK", "strange", "{\"ID\":\"1\",\"Created\":\"noon\"}")))
        .contains("its Created is no time");
    assertThat(text(send("LOCK", "strange", "{\"ID\":\"1\",\"Who\":{}}")))
        .contains("its Who is no text");
    assertThat(status("LOCK", "strange", "{\"ID\":\"" + "x".repeat(20_000) + "\"}")).isEqualTo(413);
    assertThat(status("UNLOCK", "strange", "nonsense")).isEqualTo(400);
    assertThat(status("LOCK", "strange", LOCK)).isEqualTo(200);
  }

  @Test
  void namesAndMethodsThatAreNoneSayWhatThereIs() throws Exception {
    assertThat(text(send("GET", ".hidden", ""))).contains("a state's name has letters");
    assertThat(status("GET", "a/b", "")).isEqualTo(404);
    assertThat(status("GET", "", "")).isEqualTo(404);
    HttpResponse<byte[]> patch = send("PATCH", "a", "");
    assertThat(patch.statusCode()).isEqualTo(405);
    assertThat(patch.headers().firstValue("Allow").orElseThrow()).contains("UNLOCK");
  }

  @Test
  void aDeletedStateIsGoneAndDeletingItAgainIsHarmless() throws Exception {
    assertThat(status("DELETE", "gone", "")).isEqualTo(200);
    assertThat(status("POST", "gone", "{}")).isEqualTo(200);
    assertThat(status("DELETE", "gone", "")).isEqualTo(200);
    assertThat(status("DELETE", "gone", "")).isEqualTo(200);
    assertThat(status("GET", "gone", "")).isEqualTo(404);
  }

  @Test
  void aClientThatHangsInTheMiddleOfItsStateHoldsNobodyUp() throws Exception {
    assertThat(status("POST", "hung", "{}")).isEqualTo(200);
    String basic =
        Base64.getEncoder().encodeToString(("ci:" + ServedKeepset.TOKEN).getBytes(UTF_8));
    try (Socket hung = new Socket("127.0.0.1", server.address().getPort())) {
      OutputStream out = hung.getOutputStream();
      out.write(
          ("POST /terraform/state/hung HTTP/1.1\r\nHost: keepset\r\nContent-Length: 1000000\r\n"
                  + "Authorization: Basic "
                  + basic
                  + "\r\nContent-Type: application/json\r\n\r\n{\"half\": ")
              .getBytes(UTF_8));
      out.flush();

      assertThat(status("LOCK", "hung", LOCK)).isEqualTo(200);
      assertThat(status("POST", "hung?ID=" + ID, "{\"whole\": 1}")).isEqualTo(200);
      assertThat(status("UNLOCK", "hung", LOCK)).isEqualTo(200);
    }

    assertThat(text(send("GET", "hung", ""))).isEqualTo("{\"whole\": 1}");
  }

  @Test
  void withoutATokenThereIsNothing() throws Exception {
    try (Socket stranger = new Socket("127.0.0.1", server.address().getPort())) {
      stranger
          .getOutputStream()
          .write(
              "GET /terraform/state/sum HTTP/1.1\r\nHost: keepset\r\nConnection: close\r\n\r\n"
                  .getBytes(UTF_8));
      String answer = new String(stranger.getInputStream().readAllBytes(), UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 401").contains("Basic realm");
    }
  }
}
