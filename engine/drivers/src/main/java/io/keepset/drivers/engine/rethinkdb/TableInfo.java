package io.keepset.drivers.engine.rethinkdb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The definition of a table ({@code TABLE.info}).
 *
 * @param json as it stands in the archive
 */
record TableInfo(String json, String primaryKey, long indexes) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static TableInfo of(byte[] content) throws MalformedArchive {
    JsonNode info;
    try {
      info = JSON.readTree(content);
    } catch (IOException e) {
      throw new MalformedArchive("a definition is no JSON: " + e.getMessage());
    }
    JsonNode key = info == null ? null : info.get("primary_key");
    if (info == null || key == null || !key.isTextual()) {
      throw new MalformedArchive("a definition names no primary key");
    }
    JsonNode indexes = info.get("indexes");
    return new TableInfo(
        new String(content, StandardCharsets.UTF_8).strip(),
        key.textValue(),
        indexes == null ? 0 : indexes.size());
  }
}
