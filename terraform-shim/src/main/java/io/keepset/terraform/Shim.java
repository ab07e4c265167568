package io.keepset.terraform;

import io.keepset.source.DiagnosticCodec;
import io.keepset.source.JsonText;
import io.keepset.source.MapBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything under {@code /terraform}: finds the section that answers, and makes an honest answer
 * of what a section refuses. Safe for several threads.
 */
public final class Shim {
  /** RFC 9457. */
  public static final String PROBLEM = "application/problem+json";

  private final SortedMap<String, Section> sections;

  /**
   * @param sections by the first segment of their paths: {@code state}, {@code v1}, {@code outputs}
   */
  public Shim(SortedMap<String, Section> sections) {
    this.sections = new TreeMap<>(sections);
  }

  /**
   * @throws IOException if the request's body could not be read: the caller has gone
   */
  public Reply answer(Request request) throws IOException {
    Section section = request.path().isEmpty() ? null : sections.get(request.path().get(0));
    if (section == null) {
      return problem(
          new Refusal(
              404,
              "there is nothing at this path: the shim answers under /terraform/"
                  + String.join(", /terraform/", sections.keySet())));
    }
    try {
      return section.answer(request);
    } catch (Refusal e) {
      return problem(e);
    }
  }

  /** The answer to what is not granted. */
  public static Reply problem(Refusal refusal) {
    MapBuilder body =
        new MapBuilder()
            .put("type", "urn:keepset:problem:terraform")
            .put("ok", false)
            .put("status", refusal.status())
            .put("detail", String.valueOf(refusal.getMessage()));
    if (!refusal.diagnostics().isEmpty()) {
      body.put("diagnostics", DiagnosticCodec.encode(refusal.diagnostics()));
    }
    refusal.members().forEach(body::put);
    return Reply.of(
        refusal.status(), PROBLEM, JsonText.write(body.build()).getBytes(StandardCharsets.UTF_8));
  }
}
