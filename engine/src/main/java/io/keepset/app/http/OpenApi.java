package io.keepset.app.http;

import io.keepset.source.JsonText;
import io.keepset.source.Node;
import io.keepset.source.SourceFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The description of the API, kept by hand in {@code schemas/http/openapi.json}. */
final class OpenApi {
  private static final String PATH = "/schemas/http/openapi.json";

  private OpenApi() {}

  static Node document() {
    try (InputStream in = OpenApi.class.getResourceAsStream(PATH)) {
      if (in == null) {
        throw new IllegalStateException(PATH + " is not in the jar");
      }
      return JsonText.read(new SourceFile(PATH, in.readAllBytes()))
          .valid()
          .orElseThrow(() -> new IllegalStateException(PATH + " is not JSON"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
