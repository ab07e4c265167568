package io.keepset.app.http;

import io.keepset.app.Keepset;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.spi.DriverException;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.wal.Lsn;
import io.keepset.spi.wal.SegmentName;
import io.keepset.spi.wal.WalTarget;
import io.keepset.wal.WalOperations.Delivery;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Logs of databases, and restores to a point in time. */
@RestController
@RequestMapping("/api/v1/databases/{name}")
final class WalApi {
  private final Keepset keepset;
  private final RestorePlaces places;

  WalApi(Keepset keepset, RestorePlaces places) {
    this.keepset = keepset;
    this.places = places;
  }

  /** Takes one file of the log as the request's body; answers once it is durable. */
  @PutMapping("/wal/{file}")
  ResponseEntity<Void> push(
      @PathVariable String name, @PathVariable String file, HttpServletRequest request)
      throws IOException, DriverException {
    keepset.wal().push(name, file, request.getInputStream());
    return ResponseEntity.noContent().build();
  }

  /** One file of the log. An answer that breaks off is no file. */
  @GetMapping("/wal/{file}")
  void fetch(
      @PathVariable String name,
      @PathVariable String file,
      @RequestParam(required = false) Optional<String> system,
      HttpServletResponse response)
      throws IOException, DriverException {
    if (SegmentName.parse(file).isEmpty() && !SegmentName.isHistory(file)) {
      throw Problem.notFound(file + " is no name of a file of the log");
    }
    response.setContentType("application/octet-stream");
    keepset.wal().fetch(name, system, file, response.getOutputStream());
  }

  /** Restores to a point in time, into a new directory of the server's machine. */
  @PostMapping("/restore")
  void restore(
      @PathVariable String name,
      @RequestBody MapNode body,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException, DriverException {
    Bodies.onlyKnown(body, "to_time", "to_lsn", "to_name", "directory", "wal");
    WalTarget target = target(body);
    Delivery delivery = delivery(body.text("wal").orElse("beside"));
    Path directory =
        places.choose(
            body.text("directory")
                .orElseThrow(() -> Problem.badRequest("directory is missing: where to restore")),
            request);
    keepset
        .audit()
        .note(
            TokenFilter.actor(request),
            "backup.restore",
            name,
            "to " + target.value() + " into " + directory);
    LongCall.answer(
        request,
        response,
        HttpStatus.OK,
        progress -> encode(keepset.wal().restore(name, target, directory, delivery, progress)));
  }

  private static Delivery delivery(String word) {
    return switch (word) {
      case "fetched" -> Delivery.FETCHED;
      case "beside" -> Delivery.BESIDE;
      default -> throw Problem.badRequest("wal must be beside or fetched, was " + word);
    };
  }

  private static WalTarget target(MapNode body) {
    if (Stream.of("to_time", "to_lsn", "to_name").filter(key -> body.text(key).isPresent()).count()
        > 1) {
      throw Problem.badRequest("choose one of to_time, to_lsn and to_name");
    }
    Optional<String> time = body.text("to_time");
    if (time.isPresent()) {
      try {
        return new WalTarget.Time(OffsetDateTime.parse(time.get()).toInstant());
      } catch (DateTimeException e) {
        throw Problem.badRequest("to_time is no time with an offset: " + time.get());
      }
    }
    Optional<String> lsn = body.text("to_lsn");
    if (lsn.isPresent()) {
      return new WalTarget.Position(
          Lsn.parse(lsn.get())
              .orElseThrow(() -> Problem.badRequest("to_lsn is no position: " + lsn.get())));
    }
    return new WalTarget.Name(
        body.text("to_name")
            .orElseThrow(
                () -> Problem.badRequest("one of to_time, to_lsn and to_name is missing")));
  }

  private static MapNode encode(RestoreReport report) {
    return new MapBuilder()
        .put("target", report.target())
        .putTexts("notes", report.notes())
        .build();
  }
}
