package io.keepset.app.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.access.Role;
import io.keepset.app.remote.RemoteAudit;
import io.keepset.app.remote.RemoteServer;
import io.keepset.app.state.Audit;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import io.keepset.source.JsonText;
import io.keepset.source.MapBuilder;
import io.keepset.spi.BackupOperations;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Progress;
import io.keepset.spi.RestoreRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The verbs of backups, as commands and as plain callers use them. */
class BackupApiTest extends ServerContract {
  private BackupOperations backups;

  @BeforeEach
  void operations() {
    backups = remote.operations().orElseThrow();
  }

  @Test
  void deletionsAreWrittenDownWithWhoAsked() throws Exception {
    String id = "orders-20261121T020000Z-aaaa";
    fake.backups.put(id, FakePlatform.backup(id, "orders", BackupKind.ON_DEMAND));
    backups.delete(id);

    assertThat(new RemoteAudit(new RemoteServer(server.address(), RunningServer.TOKEN)).newest(1))
        .singleElement()
        .returns("admin", Audit.Entry::actor)
        .returns("backup.delete", Audit.Entry::action)
        .returns(id, Audit.Entry::target);
    assertProblem(
        server.send("GET", "/api/v1/audit?limit=0"), 400, "urn:keepset:problem:bad-request");
  }

  @Test
  void aBackupIsMadeWithProgress() throws Exception {
    List<Long> heard = new ArrayList<>();
    Progress progress =
        new Progress() {
          @Override
          public void at(long done, long total) {
            heard.add(done);
          }

          @Override
          public void expect(long bytes) {
            heard.add(bytes);
          }
        };

    Backup backup = backups.create("orders", BackupKind.ON_DEMAND, progress);

    assertThat(backup.kind()).isEqualTo(BackupKind.ON_DEMAND);
    assertThat(fake.backups).containsKey(backup.id());
    assertThat(heard).containsExactly(7L, 5L);
  }

  @Test
  void aPlainCallerGetsTheBackupAsTheAnswer() {
    HttpResponse<String> response = server.send("POST", "/api/v1/databases/orders/backups");

    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(RunningServer.json(response).text("state")).contains("CREATED");
  }

  @Test
  void whatFailedIsNoSuccessAndTheCommandStillHearsOfTheBackup() throws Exception {
    fake.failure = "the disk is full: make room";

    HttpResponse<String> created = server.send("POST", "/api/v1/databases/orders/backups");
    HttpResponse<String> uploaded = server.send("POST", "/api/v1/databases/orders/uploads");

    assertProblem(created, 502, "urn:keepset:problem:backup-failed");
    assertProblem(uploaded, 422, "urn:keepset:problem:upload-not-taken");
    assertThat(created.body()).contains("the disk is full", "\"state\": \"FAILED\"");
    for (Backup backup :
        List.of(
            backups.create("orders", BackupKind.ON_DEMAND, Progress.NONE),
            backups.upload("orders", new ByteArrayInputStream(new byte[9]), Progress.NONE))) {
      assertThat(backup.state()).isEqualTo(BackupState.FAILED);
      assertThat(backup.error()).contains("the disk is full: make room");
    }
  }

  @Test
  void troubleDuringALongCallArrivesThere() {
    fake.trouble = null;
    assertThatThrownBy(() -> backups.verify("orders-20261121T020700Z-9999", Progress.NONE))
        .isInstanceOfSatisfying(
            DriverException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
  }

  @Test
  void aDownloadIsTheBytesAndABrokenOneIsAFailure() throws Exception {
    Backup backup = backups.create("orders", BackupKind.ON_DEMAND, Progress.NONE);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    backups.download(backup.id(), bytes, Progress.NONE);

    assertThat(bytes.toByteArray()).isEqualTo(fake.content);
    assertThat(backups.fileName(backup.id())).isEqualTo(backup.id() + ".tar");
    assertThat(
            server
                .send("GET", "/api/v1/backups/" + backup.id() + "/artifact")
                .headers()
                .firstValue("Content-Disposition"))
        .contains("attachment; filename=\"" + backup.id() + ".tar\"");
    for (int length : new int[] {0, 100, 1 << 20}) {
      fake.breakAfter = length;
      assertThatThrownBy(
              () -> backups.download(backup.id(), new ByteArrayOutputStream(), Progress.NONE))
          .as("broken after " + length)
          .isInstanceOf(DriverException.class);
    }
  }

  @Test
  void aServerChoosesTheExtensionOfADownloadAndNeverItsPlace() throws Exception {
    Backup backup = backups.create("orders", BackupKind.ON_DEMAND, Progress.NONE);
    for (String bad : List.of("/../../.profile", ".tar/x", ".tar\nx", " .tar")) {
      fake.extension = bad;
      assertThat(backups.fileName(backup.id())).as(bad).isEqualTo(backup.id());
    }
    fake.extension = ".archive.gz";
    assertThat(backups.fileName(backup.id())).isEqualTo(backup.id() + ".archive.gz");
  }

  @Test
  void whoFetchesABackupStandsInTheAudit() throws Exception {
    Backup backup = backups.create("orders", BackupKind.ON_DEMAND, Progress.NONE);

    server.sendJsonAs(Role.OPERATOR, "GET", "/api/v1/backups/" + backup.id() + "/artifact", "");

    assertThat(new RemoteAudit(new RemoteServer(server.address(), RunningServer.TOKEN)).newest(1))
        .singleElement()
        .returns("backup.download", Audit.Entry::action)
        .returns("a-operator", Audit.Entry::actor)
        .returns(backup.id(), Audit.Entry::target);
  }

  @Test
  void whatNoRetentionRemovesOnlyAnAdminMakes() {
    String path = "/api/v1/databases/orders/backups?kind=final";

    HttpResponse<String> refused = server.sendJsonAs(Role.OPERATOR, "POST", path, "");

    assertProblem(refused, 403, "urn:keepset:problem:forbidden");
    assertThat(fake.backups).isEmpty();
    assertThat(server.sendJsonAs(Role.ADMIN, "POST", path, "").statusCode()).isEqualTo(201);
  }

  @Test
  void anUploadArrivesWhole() throws Exception {
    byte[] bytes = "x".repeat(3_000_000).getBytes(StandardCharsets.UTF_8);

    Backup backup = backups.upload("orders", new ByteArrayInputStream(bytes), Progress.NONE);

    assertThat(backup.kind()).isEqualTo(BackupKind.UPLOADED);
    assertThat(fake.uploaded).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example:6379", "/srv/elsewhere", "bucket/prefix", "..", "a\\b"})
  void whoIsNoAdminSendsNoPasswordAndNoDataElsewhere(String name) throws Exception {
    Backup backup = backups.create("orders", BackupKind.ON_DEMAND, Progress.NONE);
    String path = "/api/v1/backups/" + backup.id() + "/restore";
    String body = JsonText.writeCompact(new MapBuilder().put("name", name).build());

    HttpResponse<String> refused = server.sendJsonAs(Role.OPERATOR, "POST", path, body);

    assertProblem(refused, 409, "urn:keepset:problem:refused");
    assertThat(refused.body()).contains("role admin");
    assertThat(fake.restores).isEmpty();
    assertThat(server.sendJsonAs(Role.ADMIN, "POST", path, body).statusCode()).isEqualTo(200);
  }

  @Test
  void aRestoreOverTheDatabaseNeedsItsName() throws Exception {
    Backup backup = backups.create("orders", BackupKind.ON_DEMAND, Progress.NONE);

    HttpResponse<String> refused =
        server.sendJson(
            "POST", "/api/v1/backups/" + backup.id() + "/restore", "{\"mode\": \"over\"}");

    assertProblem(refused, 409, "urn:keepset:problem:refused");
    assertThat(fake.restores).isEmpty();
    RestoreRequest over = new RestoreRequest(RestoreRequest.Mode.OVER, Optional.empty());
    assertThat(backups.restore(backup.id(), over, Progress.NONE).target())
        .isEqualTo("orders_restored");
    assertThat(fake.restores).containsExactly(over);
  }

  /** A token that was to expire must not live for ever because of a letter. */
  @Test
  void whatABodySaysAndNobodyWouldHearIsRefused() throws Exception {
    Backup backup = backups.create("orders", BackupKind.ON_DEMAND, Progress.NONE);
    Map<String, String> bodies =
        Map.of(
            "/api/v1/tokens",
            "{\"name\": \"ci\", \"role\": \"reader\", \"expire\": \"1h\"}",
            "/api/v1/holds",
            "{\"name\": \"h\", \"database\": [\"orders\"], \"labels\": {\"a\": \"b\"},"
                + " \"reason\": \"r\", \"review_by\": \"2027-01-01\"}",
            "/api/v1/backups/" + backup.id() + "/restore",
            "{\"to_new\": \"copy\"}",
            "/api/v1/databases/orders/restore",
            "{\"to_tme\": \"2026-11-21T00:00:00Z\", \"directory\": \"/srv/x\"}");
    for (Map.Entry<String, String> body : bodies.entrySet()) {
      HttpResponse<String> refused = server.sendJson("POST", body.getKey(), body.getValue());

      assertProblem(refused, 400, "urn:keepset:problem:bad-request");
      assertThat(refused.body()).contains("which means nothing here", "known are");
    }
    assertThat(fake.restores).isEmpty();
  }

  @Test
  void aBodyThatIsSentAsAFormIsToldSo() throws Exception {
    HttpResponse<String> refused =
        server.sendForm("/api/v1/tokens", "{\"name\": \"ci\", \"role\": \"reader\"}");

    assertProblem(refused, 400, "urn:keepset:problem:bad-request");
    assertThat(refused.body()).contains("add the header Content-Type: application/json");
    assertThat(server.sendForm("/api/v1/databases/orders/backups", "").statusCode()).isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"to_lsn\": \"0/1\", \"to_name\": \"x\", \"directory\": \"/srv/x\"}",
        "{\"to_lsn\": \"0/1\", \"wal\": \"fetch\", \"directory\": \"/srv/x\"}"
      })
  void aPointInTimeIsOnePointAndItsLogComesInOneWay(String body) throws Exception {
    HttpResponse<String> refused =
        server.sendJson("POST", "/api/v1/databases/orders/restore", body);

    assertProblem(refused, 400, "urn:keepset:problem:bad-request");
  }

  @Test
  void aMergeNeedsTheDatabasesNameAndIsWrittenDown() throws Exception {
    Backup backup = backups.create("orders", BackupKind.ON_DEMAND, Progress.NONE);
    String path = "/api/v1/backups/" + backup.id() + "/restore";

    HttpResponse<String> refused = server.sendJson("POST", path, "{\"mode\": \"merge\"}");
    HttpResponse<String> unknown = server.sendJson("POST", path, "{\"mode\": \"mrege\"}");

    assertProblem(refused, 409, "urn:keepset:problem:refused");
    assertProblem(unknown, 400, "urn:keepset:problem:bad-request");
    assertThat(fake.restores).isEmpty();
    RestoreRequest merge = new RestoreRequest(RestoreRequest.Mode.MERGE, Optional.empty());
    backups.restore(backup.id(), merge, Progress.NONE);
    assertThat(fake.restores).containsExactly(merge);
    assertThat(new RemoteAudit(new RemoteServer(server.address(), RunningServer.TOKEN)).newest(1))
        .singleElement()
        .returns("backup.restore", Audit.Entry::action)
        .returns(Optional.of("merge into orders"), Audit.Entry::detail);
  }

  @Test
  void aBackupCanBeCheckedAndDeleted() throws Exception {
    Backup backup = backups.create("orders", BackupKind.ON_DEMAND, Progress.NONE);

    assertThat(backups.verify(backup.id(), Progress.NONE).findings())
        .containsExactly("checksum differs");
    backups.delete(backup.id());

    assertThat(fake.backups).isEmpty();
  }
}
