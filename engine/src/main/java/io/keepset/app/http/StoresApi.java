package io.keepset.app.http;

import io.keepset.app.Keepset;
import io.keepset.app.StoreReportCodec;
import io.keepset.app.StoreSpecCodec;
import io.keepset.source.MapBuilder;
import io.keepset.source.Node;
import io.keepset.spi.DriverException;
import io.keepset.spi.StoreOperations;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Stores as a whole. */
@RestController
@RequestMapping("/api/v1/stores")
final class StoresApi {
  private final Keepset keepset;

  StoresApi(Keepset keepset) {
    this.keepset = keepset;
  }

  @GetMapping
  Node list() throws DriverException {
    return new MapBuilder()
        .putTexts("stores", keepset.stores().names())
        .put("specs", keepset.storeSpecs().values().stream().map(StoreSpecCodec::encode).toList())
        .build();
  }

  @PostMapping("/{name}/check")
  void check(
      @PathVariable String name,
      @RequestParam(name = "read_data", defaultValue = "false") boolean readData,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException, DriverException {
    requireKnown(name);
    LongCall.answer(
        request,
        response,
        HttpStatus.OK,
        progress -> StoreReportCodec.encode(keepset.stores().check(name, readData, progress)));
  }

  @PostMapping("/{name}/rescan")
  void rescan(@PathVariable String name, HttpServletRequest request, HttpServletResponse response)
      throws IOException, DriverException {
    requireKnown(name);
    LongCall.answer(
        request,
        response,
        HttpStatus.OK,
        progress -> {
          StoreOperations.Report report = keepset.stores().rescan(name, progress);
          keepset
              .audit()
              .note(
                  TokenFilter.actor(request),
                  "store.rescan",
                  name,
                  report.changes().size() + " changes of the catalogue");
          return StoreReportCodec.encode(report);
        });
  }

  private void requireKnown(String name) throws DriverException {
    if (!keepset.stores().names().contains(name)) {
      throw Problem.notFound("there is no store " + name);
    }
  }
}
