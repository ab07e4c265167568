package io.keepset.app.terraform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.everit.json.schema.Schema;
import org.everit.json.schema.ValidationException;
import org.everit.json.schema.loader.SchemaLoader;
import org.json.JSONObject;

/** Checks answers by the schemas that document them. */
public final class HttpSchemas {
  private static final Path FOLDER = Path.of("..", "schemas", "http");

  private HttpSchemas() {}

  /**
   * @param schema name of the file without {@code .schema.json}
   * @throws AssertionError with all that does not fit
   */
  public static void check(String schema, String document) {
    try {
      Schema loaded =
          SchemaLoader.builder()
              .schemaJson(new JSONObject(Files.readString(FOLDER.resolve(schema + ".schema.json"))))
              .draftV7Support()
              .build()
              .load()
              .build();
      loaded.validate(new JSONObject(document));
    } catch (ValidationException e) {
      throw new AssertionError(schema + ": " + e.getAllMessages() + "\n" + document);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
