package io.keepset.drivers.engine.scylla;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * The first entry of an artifact: where it is from.
 *
 * @param kind {@code cassandra} or {@code scylla}
 * @param release as the server says it: {@code 5.0.5}
 */
record Header(String kind, String release, String keyspace, List<String> nodes) {
  static final String ENTRY = "keepset.properties";
  private static final String FORMAT = "1";

  Header {
    nodes = List.copyOf(nodes);
  }

  byte[] bytes() {
    List<String> lines = new ArrayList<>();
    lines.add("format=" + FORMAT);
    lines.add("kind=" + kind);
    lines.add("release=" + release);
    lines.add("keyspace=" + keyspace);
    lines.add("nodes=" + String.join(",", nodes));
    return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  static Header of(byte[] bytes) throws MalformedSnapshot {
    Properties values = new Properties();
    try {
      values.load(new StringReader(new String(bytes, StandardCharsets.UTF_8)));
    } catch (IOException | IllegalArgumentException e) {
      throw new MalformedSnapshot(ENTRY + " can't be read");
    }
    if (!FORMAT.equals(values.getProperty("format"))) {
      throw new MalformedSnapshot("its format is " + values.getProperty("format") + ", not 1");
    }
    String nodes = values.getProperty("nodes", "");
    Header header =
        new Header(
            values.getProperty("kind", ""),
            values.getProperty("release", ""),
            values.getProperty("keyspace", ""),
            List.of(nodes.split(",", -1)));
    if (header.keyspace().isEmpty() || header.release().isEmpty() || nodes.isEmpty()) {
      throw new MalformedSnapshot(ENTRY + " does not say all that it should");
    }
    return header;
  }
}
