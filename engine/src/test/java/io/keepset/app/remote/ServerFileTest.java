package io.keepset.app.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerFileTest {
  @TempDir private Path data;

  @Test
  void aCommandThatLooksDoesNotKeepAServerFromStarting() throws IOException {
    AtomicInteger pauses = new AtomicInteger();
    try (FileChannel command = lock()) {
      Optional<ServerFile> file =
          ServerFile.claim(
              data,
              () -> {
                if (pauses.incrementAndGet() == 3) {
                  close(command);
                }
              });

      assertThat(file).isPresent();
      file.get().close();
    }
    assertThat(pauses).hasValue(3);
  }

  @Test
  void aServerThatStaysIsTheOne() throws IOException {
    AtomicInteger pauses = new AtomicInteger();
    try (FileChannel server = lock()) {
      assertThat(ServerFile.claim(data, pauses::incrementAndGet)).isEmpty();
      assertThat(server.isOpen()).isTrue();
    }
    assertThat(pauses.get()).isPositive();
  }

  private FileChannel lock() throws IOException {
    FileChannel channel =
        FileChannel.open(
            data.resolve("server.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    assertThat(channel.tryLock()).isNotNull();
    return channel;
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
