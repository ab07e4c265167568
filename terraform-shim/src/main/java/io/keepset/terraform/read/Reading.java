package io.keepset.terraform.read;

import io.keepset.source.MapBuilder;
import io.keepset.spi.DriverException;
import io.keepset.terraform.Refusal;
import io.keepset.terraform.Reply;
import io.keepset.terraform.Request;
import io.keepset.terraform.Section;
import java.util.List;

/**
 * A section that is only read. What can't be told now is an answer too: {@code data "http"} would
 * try a status of 500 or more again and then give up without showing why.
 */
interface Reading extends Section {
  /**
   * @throws Refusal if there is no such thing, or the request is wrong
   * @throws DriverException if what is asked for can't be had now
   */
  Reply read(Request request) throws DriverException;

  @Override
  default Reply answer(Request request) {
    only(request, List.of("GET", "HEAD"));
    try {
      return read(request);
    } catch (DriverException e) {
      return failure(request, e);
    }
  }

  /** The answer when the engine can't tell: 200, {@code ok} false, and why. */
  static Reply failure(Request request, DriverException e) {
    return Rendered.of(
            new MapBuilder()
                .put("ok", false)
                .put("code", "read." + e.kind().name().toLowerCase(java.util.Locale.ROOT))
                .put("reason", String.valueOf(e.getMessage()))
                .build())
        .answer(request);
  }

  static void only(Request request, List<String> methods) {
    if (!methods.contains(request.method())) {
      throw new Refusal(405, "this path takes " + String.join(" and ", methods) + " alone");
    }
  }
}
