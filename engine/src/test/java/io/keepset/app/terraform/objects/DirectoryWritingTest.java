package io.keepset.app.terraform.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.PolicyLocation;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Objects in a plain directory that is followed. */
@Timeout(300)
class DirectoryWritingTest {
  @TempDir private Path root;
  private WritingLab lab;
  private Path policies;

  @BeforeEach
  void serve() throws Exception {
    lab = WritingLab.in(root.toRealPath());
    policies = Files.createDirectories(lab.root.resolve("plain"));
    Files.copy(lab.people.directory().resolve("all.yaml"), policies.resolve("all.yaml"));
    lab.serve(new PolicyLocation.Directory(policies), Map.of());
  }

  @AfterEach
  void stop() {
    lab.close();
  }

  @Test
  void aFileIsWrittenAndNothingElseIsLeft() throws Exception {
    String before = Files.readString(policies.resolve("all.yaml"));

    HttpResponse<String> put = lab.put("database/orders", lab.database("orders", 9));

    assertThat(put.statusCode()).as(put.body()).isEqualTo(201);
    assertThat(put.headers().firstValue("Keepset-State")).contains("in-force");
    assertThat(lab.get("database/orders").body()).isEqualTo(lab.database("orders", 9));
    assertThat(Files.readString(policies.resolve("all.yaml"))).isEqualTo(before);
    try (Stream<Path> all = Files.walk(policies)) {
      assertThat(all.filter(Files::isRegularFile).map(policies::relativize).map(Path::toString))
          .containsExactlyInAnyOrder("all.yaml", "keepset.d/terraform/database/orders.json");
    }
  }

  @Test
  void whatGuardsRefuseIsNotWritten() throws Exception {
    lab.put("database/orders", lab.database("orders", 9));

    assertThat(lab.delete("database/orders").statusCode()).isEqualTo(409);
    assertThat(lab.put("database/orders", lab.database("orders", 2)).statusCode()).isEqualTo(409);

    assertThat(lab.get("database/orders").body()).isEqualTo(lab.database("orders", 9));
  }

  @Test
  void aLinkThatLeadsOutIsNotFollowed() throws Exception {
    Path outside = Files.createDirectories(lab.root.resolve("outside"));
    Files.createSymbolicLink(policies.resolve("keepset.d"), outside);

    HttpResponse<String> put = lab.put("database/orders", lab.database("orders", 9));

    assertThat(put.statusCode()).isEqualTo(409);
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void thereAreNoBranches() throws Exception {
    HttpResponse<String> put = lab.put("database/orders?branch=tf/a", lab.database("orders", 9));

    assertThat(put.statusCode()).isEqualTo(409);
    assertThat(put.body()).contains("no branches", "--git");
  }
}
