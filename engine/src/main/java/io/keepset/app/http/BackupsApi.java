package io.keepset.app.http;

import io.keepset.access.Role;
import io.keepset.app.BackupAddressCodec;
import io.keepset.app.Keepset;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupCodec;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.spi.BackupAddress;
import io.keepset.spi.BackupOperations;
import io.keepset.spi.DriverException;
import io.keepset.spi.Progress;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.Verdict;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Backups and everything that can be done with one. */
@RestController
@RequestMapping("/api/v1")
final class BackupsApi {
  /** What S3 signs at most. */
  private static final Duration LONGEST_ADDRESS = Duration.ofDays(7);

  private final Keepset keepset;
  private final Finder finder;

  BackupsApi(Keepset keepset) {
    this.keepset = keepset;
    this.finder = new Finder(keepset);
  }

  @GetMapping("/backups")
  Node list(@RequestParam(required = false) Optional<List<String>> database)
      throws DriverException {
    return new MapBuilder()
        .put(
            "backups",
            finder.backups(database.orElse(List.of())).stream().map(BackupCodec::encode).toList())
        .build();
  }

  @GetMapping("/backups/{id}")
  Node show(@PathVariable String id) throws DriverException {
    return BackupCodec.encode(finder.backup(id).backup());
  }

  /**
   * Makes one now. A run that fails is a problem that carries the entry it left. No retention ever
   * removes a final one: who may not delete a backup makes none of those either.
   */
  @PostMapping("/databases/{name}/backups")
  void create(
      @PathVariable String name,
      @RequestParam(defaultValue = "on-demand") String kind,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException, DriverException {
    BackupOperations operations = finder.operations(name);
    BackupKind wanted = kind(kind);
    Role role = TokenFilter.caller(request).role();
    if (wanted == BackupKind.FINAL && !role.may(Role.ADMIN)) {
      throw Problem.forbidden(Role.ADMIN, role);
    }
    LongCall.answer(
        request,
        response,
        HttpStatus.CREATED,
        progress -> {
          Backup backup = operations.create(name, wanted, progress);
          note(request, "backup.create", backup);
          return complete(backup);
        });
  }

  /** Takes a file in the engine's own format as the request's body. */
  @PostMapping("/databases/{name}/uploads")
  void upload(@PathVariable String name, HttpServletRequest request, HttpServletResponse response)
      throws IOException, DriverException {
    Backup backup = finder.operations(name).upload(name, request.getInputStream(), Progress.NONE);
    note(request, "backup.upload", backup);
    LongCall.answer(request, response, HttpStatus.CREATED, progress -> complete(backup));
  }

  private void note(HttpServletRequest request, String action, Backup backup)
      throws DriverException {
    keepset.audit().made(TokenFilter.actor(request), action, backup);
  }

  private static Node complete(Backup backup) {
    if (backup.state() == BackupState.FAILED) {
      throw Problem.failed(backup);
    }
    return BackupCodec.encode(backup);
  }

  /**
   * The engine's own file. An answer that breaks off is no backup: its length is not known before.
   * Written down before the first byte leaves: part of it may be all that somebody wanted.
   */
  @GetMapping("/backups/{id}/artifact")
  void download(@PathVariable String id, HttpServletRequest request, HttpServletResponse response)
      throws IOException, DriverException {
    Finder.FoundBackup found = finder.backup(id);
    keepset.audit().note(TokenFilter.actor(request), "backup.download", id, of(found.backup()));
    response.setContentType("application/octet-stream");
    response.setHeader("Content-Disposition", "attachment; filename=\"" + name(found) + "\"");
    found.operations().download(id, response.getOutputStream(), Progress.NONE);
  }

  /** What that file is to be called. */
  @GetMapping("/backups/{id}/artifact/name")
  Node name(@PathVariable String id) throws DriverException {
    return new MapBuilder().put("name", name(finder.backup(id))).build();
  }

  private static String name(Finder.FoundBackup found) throws DriverException {
    String id = found.backup().id();
    return found.operations().fileName(id);
  }

  /** An address from which anybody can fetch the stored bytes for so many seconds. */
  @PostMapping("/backups/{id}/address")
  Node address(@PathVariable String id, @RequestParam long seconds, HttpServletRequest request)
      throws DriverException {
    if (seconds < 1 || seconds > LONGEST_ADDRESS.toSeconds()) {
      throw Problem.badRequest("seconds must be 1 to " + LONGEST_ADDRESS.toSeconds());
    }
    Finder.FoundBackup found = finder.backup(id);
    BackupAddress address = found.operations().address(id, Duration.ofSeconds(seconds));
    // Written down without the address, which is a secret while it is good.
    keepset
        .audit()
        .note(TokenFilter.actor(request), "backup.address", id, "good until " + address.until());
    return BackupAddressCodec.encode(address);
  }

  /**
   * Restores; {@code over} and {@code merge} need the database's name once more, as {@code
   * confirm}. Written down before it begins: it may change things and then fail.
   */
  @PostMapping("/backups/{id}/restore")
  void restore(
      @PathVariable String id,
      @RequestBody(required = false) Optional<MapNode> body,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException, DriverException {
    Finder.FoundBackup found = finder.backup(id);
    RestoreRequest wanted = restoreRequest(body, found.backup());
    if (wanted.newName().filter(BackupsApi::isElsewhere).isPresent()
        && !TokenFilter.caller(request).role().may(Role.ADMIN)) {
      throw Problem.refused(
          "a name with a slash or a colon chooses any place on the server's disk, or any server, which"
              + " is then told the database's password: that needs a token with the role "
              + Role.ADMIN
              + "; leave it out, or give a plain name");
    }
    keepset
        .audit()
        .note(
            TokenFilter.actor(request),
            "backup.restore",
            id,
            wanted.describe(found.backup().database()));
    LongCall.answer(
        request,
        response,
        HttpStatus.OK,
        progress -> encode(found.operations().restore(id, wanted, progress)));
  }

  /**
   * Reads it back; with {@code restore=true} it is also restored into an instance that lives only
   * for that, in the server's own temporary directory: no caller chooses a place there.
   */
  @PostMapping("/backups/{id}/verify")
  void verify(
      @PathVariable String id,
      @RequestParam(defaultValue = "false") boolean restore,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException, DriverException {
    Finder.FoundBackup found = finder.backup(id);
    LongCall.answer(
        request,
        response,
        HttpStatus.OK,
        progress ->
            encode(
                restore
                    ? prove(found, TokenFilter.actor(request), progress)
                    : found.operations().verify(id, progress)));
  }

  private Verdict prove(Finder.FoundBackup found, String actor, Progress progress)
      throws DriverException {
    String id = found.backup().id();
    keepset.audit().note(actor, "backup.prove", id, "begun");
    Verdict verdict = found.operations().prove(id, Optional.empty(), progress);
    keepset.audit().note(actor, "backup.prove", id, verdict.good() ? "good" : "bad");
    return verdict;
  }

  @DeleteMapping("/backups/{id}")
  ResponseEntity<Void> delete(@PathVariable String id, HttpServletRequest request)
      throws DriverException {
    Finder.FoundBackup found = finder.backup(id);
    // Before it goes: better an entry too many than a backup that nobody deleted.
    keepset.audit().note(TokenFilter.actor(request), "backup.delete", id, of(found.backup()));
    found.operations().delete(id);
    return ResponseEntity.noContent().build();
  }

  private static String of(Backup backup) {
    return backup.kind().word() + " backup of " + backup.time();
  }

  private static BackupKind kind(String word) {
    return switch (word) {
      case "on-demand" -> BackupKind.ON_DEMAND;
      case "final" -> BackupKind.FINAL;
      default -> throw Problem.badRequest("kind must be on-demand or final, was " + word);
    };
  }

  /** A path, a bucket with a prefix, or {@code host:port}. */
  private static boolean isElsewhere(String name) {
    return name.contains("/") || name.contains("\\") || name.contains("..") || name.contains(":");
  }

  private static RestoreRequest restoreRequest(Optional<MapNode> body, Backup backup) {
    body.ifPresent(map -> Bodies.onlyKnown(map, "mode", "name", "or_copy", "confirm"));
    String word = body.flatMap(map -> map.text("mode")).orElse("new");
    Optional<String> name = body.flatMap(map -> map.text("name"));
    boolean orCopy = body.flatMap(map -> map.text("or_copy")).filter("true"::equals).isPresent();
    RestoreRequest.Mode mode =
        RestoreRequest.Mode.of(word)
            .orElseThrow(() -> Problem.badRequest("mode must be new, over or merge, was " + word));
    String confirmed = body.flatMap(map -> map.text("confirm")).orElse("");
    if (mode.intoExisting() && !confirmed.equals(backup.database())) {
      throw Problem.refused(
          (mode == RestoreRequest.Mode.OVER ? "this replaces what is in " : "this changes ")
              + backup.database()
              + ": say so with \"confirm\": \""
              + backup.database()
              + "\"");
    }
    return new RestoreRequest(mode, name, orCopy);
  }

  private static MapNode encode(RestoreReport report) {
    return new MapBuilder()
        .put("target", report.target())
        .putTexts("notes", report.notes())
        .putTexts("connection", report.connection())
        .putTexts("options", report.options())
        .build();
  }

  private static MapNode encode(Verdict verdict) {
    return new MapBuilder()
        .put("good", verdict.good())
        .putTexts("findings", verdict.findings())
        .build();
  }
}
