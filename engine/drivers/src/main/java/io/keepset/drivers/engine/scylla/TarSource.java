package io.keepset.drivers.engine.scylla;

import io.keepset.drivers.stream.PulledTar;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

/**
 * The entries of an artifact: small texts, then files, and at last a list with a CRC-32 of every
 * other, taken as they pass.
 */
final class TarSource implements PulledTar.Entries {
  static final String CHECKSUMS = "checksums.crc32";

  /** A small entry. */
  @SuppressWarnings("ArrayRecordComponent") // written once, never compared
  record Text(String entry, byte[] content) {}

  private final List<Text> texts;
  private final List<SnapshotFiles.Item> files;
  private final StringBuilder checksums = new StringBuilder();
  private Optional<CheckedInputStream> passing = Optional.empty();
  private String name = "";
  private int next;
  private boolean listed;

  TarSource(List<Text> texts, List<SnapshotFiles.Item> files) {
    this.texts = texts;
    this.files = files;
  }

  @Override
  public Optional<PulledTar.Entry> next() throws IOException {
    sum();
    int at = next++;
    if (at < texts.size()) {
      Text text = texts.get(at);
      return Optional.of(
          entry(text.entry(), text.content().length, new ByteArrayInputStream(text.content())));
    }
    if (at < texts.size() + files.size()) {
      SnapshotFiles.Item item = files.get(at - texts.size());
      return Optional.of(entry(item.entry(), item.size(), Files.newInputStream(item.path())));
    }
    if (!listed) {
      listed = true;
      byte[] list = checksums.toString().getBytes(StandardCharsets.UTF_8);
      return Optional.of(entry(CHECKSUMS, list.length, new ByteArrayInputStream(list)));
    }
    return Optional.empty();
  }

  private PulledTar.Entry entry(String entry, long size, InputStream content) {
    CheckedInputStream checked = new CheckedInputStream(content, new CRC32());
    passing = Optional.of(checked);
    name = entry;
    return new PulledTar.Entry(entry, size, checked);
  }

  /** Of the entry that has passed. */
  private void sum() {
    passing.ifPresent(
        stream ->
            checksums.append(String.format("%08x %s%n", stream.getChecksum().getValue(), name)));
    passing = Optional.empty();
  }
}
