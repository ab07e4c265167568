package io.keepset.app.terraform.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.terraform.ServedKeepset;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk with no room left: a small file system in memory, which only root can mount. */
@Timeout(600)
class FullDiskTest {
  @TempDir private Path home;

  @Test
  void aFullDiskCostsNothingThatWasAcknowledged() throws Exception {
    Path data = Files.createDirectories(home.resolve("data"));
    Assumptions.assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=24m,mode=700", "keepset-test", data.toString()),
        "skipped: only root can mount a small file system, and not in every container");
    try {
      byte[] last = fill();
      assertThat(run("mount", "-o", "remount,size=200m", data.toString())).isTrue();
      try (ServedKeepset server = ServedKeepset.start(home)) {
        assertThat(send(server, "GET", new byte[0]).body()).isEqualTo(last);
        assertThat(send(server, "POST", content(1000)).statusCode()).isEqualTo(200);
        assertThat(send(server, "GET", new byte[0]).body()).isEqualTo(content(1000));
      }
    } finally {
      run("umount", "-l", data.toString());
    }
  }

  /** Writes until there is no room any more; what was acknowledged last. */
  private byte[] fill() throws Exception {
    byte[] last = {};
    try (ServedKeepset server = ServedKeepset.start(home)) {
      for (int i = 1; i < 100; i++) {
        HttpResponse<byte[]> answer = send(server, "POST", content(i));
        if (answer.statusCode() != 200) {
          assertThat(answer.statusCode()).isBetween(500, 599);
          assertThat(new String(answer.body(), UTF_8)).contains("state database");
          assertThat(i).isGreaterThan(2);
          // As Terraform does: again, and it is still full.
          assertThat(send(server, "POST", content(i)).statusCode()).isBetween(500, 599);
          return last;
        }
        last = content(i);
      }
    }
    throw new AssertionError("the disk was never full");
  }

  private static HttpResponse<byte[]> send(ServedKeepset server, String method, byte[] body)
      throws Exception {
    return server.send(method, "/terraform/state/prod", body);
  }

  private static byte[] content(int serial) {
    byte[] noise = new byte[1_000_000];
    new Random(serial).nextBytes(noise);
    return ("{\"serial\": "
            + serial
            + ", \"noise\": \""
            + Base64.getEncoder().encodeToString(noise)
            + "\"}")
        .getBytes(UTF_8);
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false; // no such program
    }
  }
}
