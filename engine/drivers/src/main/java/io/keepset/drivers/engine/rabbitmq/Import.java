package io.keepset.drivers.engine.rabbitmq;

import io.keepset.source.JsonText;
import io.keepset.source.MapNode;
import io.keepset.spi.DriverException;
import io.keepset.spi.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Imports one section of a file in parts: a server takes no more than a few megabytes at once
 * ({@code management.http.max_body_size}).
 */
final class Import {
  private static final int PART = 1 << 20;

  private final Broker broker;
  private final Section section;
  private final Selection selection;
  private final ByteArrayOutputStream part = new ByteArrayOutputStream();
  private Optional<DriverException> failure = Optional.empty();

  Import(Broker broker, Section section, Selection selection) {
    this.broker = broker;
    this.section = section;
    this.selection = selection;
  }

  void run(Path file) throws IOException, DriverException {
    try (InputStream in = Files.newInputStream(file)) {
      Verdict verdict =
          DefinitionsFile.read(
              in,
              (of, item) -> {
                if (of == section && failure.isEmpty()) {
                  selection.of(of, item).ifPresent(this::add);
                }
              });
      send();
      if (failure.isPresent()) {
        throw failure.get();
      }
      if (!verdict.good()) {
        throw new DriverException(
            DriverException.Kind.DAMAGED, String.join("; ", verdict.findings()));
      }
    }
  }

  private void add(MapNode item) {
    byte[] json = JsonText.writeCompact(item).getBytes(StandardCharsets.UTF_8);
    if (part.size() > 0 && part.size() + json.length > PART) {
      send();
    }
    part.writeBytes(utf8(part.size() == 0 ? "{\"" + section.key() + "\":[" : ","));
    part.writeBytes(json);
  }

  /** Nothing may be thrown through the reader: the first failure waits for its end. */
  private void send() {
    if (part.size() == 0 || failure.isPresent()) {
      return;
    }
    part.writeBytes(utf8("]}"));
    try {
      broker.importing(part.toByteArray());
    } catch (DriverException e) {
      failure = Optional.of(e);
    }
    part.reset();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
