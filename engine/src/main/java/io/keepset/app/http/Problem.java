package io.keepset.app.http;

import io.keepset.access.Role;
import io.keepset.diagnostic.Diagnostic;
import io.keepset.policy.Nearest;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupCodec;
import io.keepset.retention.BackupKind;
import io.keepset.source.DiagnosticCodec;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.spi.DriverException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * An answer that says what went wrong, as RFC 9457 asks: status, a title that is the same for each
 * of its kind, a detail for people and our diagnostics. The one table of HTTP statuses.
 */
final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final HttpStatus status;
  private final String kind;
  private final transient List<Diagnostic> diagnostics;
  private final transient Optional<Backup> backup;

  private Problem(HttpStatus status, String kind, String detail, List<Diagnostic> diagnostics) {
    this(status, kind, detail, diagnostics, Optional.empty());
  }

  private Problem(
      HttpStatus status,
      String kind,
      String detail,
      List<Diagnostic> diagnostics,
      Optional<Backup> backup) {
    super(detail);
    this.backup = backup;
    this.status = status;
    this.kind = kind;
    this.diagnostics = List.copyOf(diagnostics);
  }

  static Problem badRequest(String detail) {
    return new Problem(HttpStatus.BAD_REQUEST, "bad-request", detail, List.of());
  }

  /** A name in the query that means nothing here. */
  static Problem unknownQuery(String name, Set<String> known) {
    return unknown("query", name, known);
  }

  /**
   * @param where it stands: {@code query}, {@code body}
   */
  static Problem unknown(String where, String name, Set<String> known) {
    String shown = name.length() > 60 ? name.substring(0, 60) + "…" : name;
    return badRequest(
        "the "
            + where
            + " has "
            + '"'
            + shown
            + '"'
            + ", which means nothing here"
            + Nearest.to(name, known).map(near -> "; did you mean " + near + "?").orElse("")
            + (known.isEmpty()
                ? "; no name is known here"
                : "; known are " + String.join(", ", known)));
  }

  static Problem badRequest(List<Diagnostic> diagnostics) {
    return new Problem(HttpStatus.BAD_REQUEST, "bad-request", first(diagnostics), diagnostics);
  }

  static Problem tooLarge(long most) {
    return new Problem(
        HttpStatus.CONTENT_TOO_LARGE,
        "too-large",
        "the body is larger than the " + most + " bytes that are taken here",
        List.of());
  }

  static Problem notFound(String detail) {
    return new Problem(HttpStatus.NOT_FOUND, "not-found", detail, List.of());
  }

  static Problem unauthorized(String detail) {
    return new Problem(HttpStatus.UNAUTHORIZED, "unauthorized", detail, List.of());
  }

  /** The caller is known, and may not do this. */
  static Problem forbidden(Role needed, Role has) {
    return new Problem(
        HttpStatus.FORBIDDEN,
        "forbidden",
        "this needs a token with the role "
            + needed
            + "; the one that was sent has the role "
            + has,
        List.of());
  }

  /** The author has to act: the policy files have mistakes. */
  static Problem invalidPolicies(List<Diagnostic> diagnostics) {
    return new Problem(
        HttpStatus.UNPROCESSABLE_CONTENT, "invalid-policies", first(diagnostics), diagnostics);
  }

  static Problem refused(String detail) {
    return new Problem(HttpStatus.CONFLICT, "refused", detail, List.of());
  }

  /** Guards did not let a plan through. */
  static Problem refused(List<Diagnostic> diagnostics) {
    return new Problem(HttpStatus.CONFLICT, "refused", first(diagnostics), diagnostics);
  }

  /** Too much at once, which passes. */
  static Problem busy(String detail) {
    return new Problem(HttpStatus.SERVICE_UNAVAILABLE, "busy", detail, List.of());
  }

  static Problem unavailable(String detail) {
    return new Problem(HttpStatus.SERVICE_UNAVAILABLE, "transient", detail, List.of());
  }

  static Problem of(DriverException trouble) {
    String detail = String.valueOf(trouble.getMessage());
    return switch (trouble.kind()) {
      case TRANSIENT -> unavailable(detail);
      case REJECTED -> new Problem(HttpStatus.UNPROCESSABLE_CONTENT, "rejected", detail, List.of());
      case DENIED -> new Problem(HttpStatus.BAD_GATEWAY, "denied", detail, List.of());
      case NOT_FOUND -> notFound(detail);
      case DAMAGED -> new Problem(HttpStatus.BAD_GATEWAY, "damaged", detail, List.of());
    };
  }

  /** A run that failed, or a file that was not taken in; the entry that tells of it goes along. */
  static Problem failed(Backup backup) {
    boolean upload = backup.kind() == BackupKind.UPLOADED;
    return new Problem(
        upload ? HttpStatus.UNPROCESSABLE_CONTENT : HttpStatus.BAD_GATEWAY,
        upload ? "upload-not-taken" : "backup-failed",
        backup.id() + " failed: " + backup.error().orElse("no reason was given"),
        List.of(),
        Optional.of(backup));
  }

  /** Of Spring's making: no such path, wrong method, wrong content type. */
  static Problem ofStatus(int code, String detail) {
    HttpStatus status = HttpStatus.resolve(code);
    return new Problem(
        status == null ? HttpStatus.INTERNAL_SERVER_ERROR : status, "http", detail, List.of());
  }

  static Problem noSuchPath() {
    return ofStatus(
        404, "the server has no such path: what there is stands in /api/v1/openapi.json");
  }

  static Problem noSuchMethod() {
    return ofStatus(405, "this path does not take the method of the request");
  }

  /** Our bug. What it was stands in the log under this mark, never in the answer. */
  static Problem bug(String mark) {
    return new Problem(
        HttpStatus.INTERNAL_SERVER_ERROR,
        "bug",
        "keepset has a bug; the server's log has the details under " + mark,
        List.of());
  }

  /** When it may be tried again, as the header of that name says it; null if never. */
  @Nullable String retryAfter() {
    return status == HttpStatus.SERVICE_UNAVAILABLE || status == HttpStatus.TOO_MANY_REQUESTS
        ? "5"
        : null;
  }

  HttpStatus status() {
    return status;
  }

  MapNode body() {
    MapBuilder body =
        new MapBuilder()
            .put("type", "urn:keepset:problem:" + kind)
            .put("title", status.getReasonPhrase())
            .put("status", status.value())
            .put("detail", getMessage());
    if (!diagnostics.isEmpty()) {
      body.put("diagnostics", DiagnosticCodec.encode(diagnostics));
    }
    backup.ifPresent(failed -> body.put("backup", BackupCodec.encode(failed)));
    return body.build();
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this; // it is an answer, not a fault of ours
  }

  private static String first(List<Diagnostic> diagnostics) {
    return diagnostics.stream()
        .filter(Diagnostic::isError)
        .findFirst()
        .map(d -> d.at() == null ? d.message() : d.at() + ": " + d.message())
        .orElse("see the diagnostics");
  }
}
