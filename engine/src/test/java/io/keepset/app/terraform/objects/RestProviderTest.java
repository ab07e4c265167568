package io.keepset.app.terraform.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.terraform.TerraformBinary;
import io.keepset.source.JsonText;
import io.keepset.source.SourceFile;
import io.keepset.terraform.objects.CanonicalJson;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bytes that the provider Mastercard/restapi sends for a resource's life, as its client writes
 * them: Go's own headers, the object as Go encodes it, and a body with each GET.
 */
@Timeout(300)
class RestProviderTest {
  private static final String OBJECT = "/terraform/v1/objects/database/orders";

  @TempDir private Path root;

  @Test
  void createsReadsChangesAndSeesWhatPeopleChanged() throws Exception {
    try (WritingLab lab = WritingLab.in(root.toRealPath()).serve()) {
      String first = lab.database("orders", 9);
      String second = lab.database("orders", 10);

      Answer refresh = send(lab, "GET", "{}");
      Answer create = send(lab, "PUT", first);
      Answer read = send(lab, "GET", "{}");
      Answer change = send(lab, "PUT", second);
      Answer destroy = send(lab, "DELETE", "");

      assertThat(refresh.status()).isEqualTo(404);
      assertThat(create.status()).isIn(201, 202);
      assertThat(create.body()).isEqualTo(first);
      assertThat(create.head()).containsIgnoringCase("Content-Type: application/json");
      assertThat(read.status()).isEqualTo(200);
      assertThat(read.body()).isEqualTo(first);
      assertThat(change.status()).isIn(200, 202);
      assertThat(change.body()).isEqualTo(second);
      assertThat(destroy.status()).isEqualTo(409);
      assertThat(destroy.body()).contains("guard.weakening", "approve-orders");

      lab.pull();
      Path file = lab.people.directory().resolve("keepset.d/terraform/database/orders.json");
      java.nio.file.Files.writeString(
          file, java.nio.file.Files.readString(file).replace("\"daily\": 10", "\"daily\": 12"));
      lab.people.commit("By hand");
      lab.push();
      assertThat(send(lab, "GET", "{}").body()).isEqualTo(lab.database("orders", 12));
    }
  }

  @Test
  void answersAreWhatJsonencodeWrites() throws Exception {
    TerraformBinary terraform = TerraformBinary.in(root.resolve("terraform"));
    terraform.write(
        "main.tf",
        """
        output "json" {
          value = jsonencode({
            z     = [1, 2.5, 1e3, -0.1, true, null, []]
            a     = "<b> & \\"c\\" \\\\ \\t \\n \\r"
            "é"   = "\\u2028 \\u2029 \\u00e9 \\U0001F600 \\u007f \\b"
            empty = {}
            "Z-z" = "\\u0001 \\f"
          })
        }
        """
            .replace(" \\b", "")
            .replace(" \\f", ""));
    terraform.succeed("init");
    terraform.succeed("apply", "-auto-approve");
    String encoded = terraform.run("output", "-raw", "json").out();

    byte[] ours =
        CanonicalJson.write(
            JsonText.read(new SourceFile("json", encoded.getBytes(StandardCharsets.UTF_8)))
                .valid()
                .orElseThrow());

    assertThat(new String(ours, StandardCharsets.UTF_8)).isEqualTo(encoded);
  }

  private record Answer(int status, String head, String body) {}

  private static Answer send(WritingLab lab, String method, String body) throws IOException {
    int port = lab.address().getPort();
    StringBuilder request =
        new StringBuilder(method + " " + OBJECT + " HTTP/1.1\r\n")
            .append("Host: 127.0.0.1:" + port + "\r\n")
            .append("User-Agent: Go-http-client/1.1\r\n");
    if (!body.isEmpty()) {
      request.append("Content-Length: " + body.length() + "\r\n");
    }
    request.append("Authorization: Bearer " + WritingLab.TOKEN + "\r\n");
    if (!body.isEmpty()) {
      request.append("Content-Type: application/json\r\n");
    }
    request.append("Accept-Encoding: gzip\r\n\r\n").append(body);
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(120_000);
      OutputStream out = socket.getOutputStream();
      out.write(request.toString().getBytes(StandardCharsets.UTF_8));
      out.flush();
      return answer(socket);
    }
  }

  private static Answer answer(Socket socket) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        throw new IOException("no answer after " + head);
      }
      head.append((char) next);
    }
    String length = head.toString().replaceAll("(?is).*content-length: (\\d+).*", "$1");
    byte[] body = socket.getInputStream().readNBytes(Integer.parseInt(length));
    return new Answer(
        Integer.parseInt(head.substring(9, 12)),
        head.toString(),
        new String(body, StandardCharsets.UTF_8));
  }
}
