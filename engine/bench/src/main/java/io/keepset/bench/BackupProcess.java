package io.keepset.bench;

import io.keepset.spi.DriverException;
import io.keepset.spi.Source;
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** A {@link BackupWorker} under way: Keepset in a process of its own, with a heap of 64 MiB. */
final class BackupProcess implements AutoCloseable {
  private final Process process;
  private final DataOutputStream toWorker;
  private final BufferedReader fromWorker;
  private final Path log;

  BackupProcess(Subject subject, String key, Path store, Path log)
      throws IOException, DriverException {
    this.log = log;
    this.process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                BackupWorker.class.getName())
            .redirectError(log.toFile())
            .start();
    this.toWorker = new DataOutputStream(process.getOutputStream());
    this.fromWorker = process.inputReader();
    Source source = subject.source();
    toWorker.writeUTF(subject.engine());
    toWorker.writeUTF(key);
    toWorker.writeUTF(store.toString());
    toWorker.writeUTF(source.database());
    send(source.connection().values());
    send(source.options().values());
    send(secrets(source));
  }

  /** By its name, each setting of the connection that resolves to a secret. */
  private static Map<String, String> secrets(Source source) throws DriverException {
    Map<String, String> secrets = new TreeMap<>();
    for (String value : source.connection().values().values()) {
      if (value.startsWith("env:")) {
        secrets.put(value, source.secrets().resolve(value).reveal());
      }
    }
    return secrets;
  }

  private void send(Map<String, String> values) throws IOException {
    toWorker.writeInt(values.size());
    for (Map.Entry<String, String> value : values.entrySet()) {
      toWorker.writeUTF(value.getKey());
      toWorker.writeUTF(value.getValue());
    }
  }

  /** Has it make one backup; returns when that is verified. */
  void backup() throws IOException {
    toWorker.write(BackupWorker.GO);
    toWorker.flush();
    String said = fromWorker.readLine();
    if (!BackupWorker.DONE.equals(said)) {
      throw new IOException("no backup: " + said + "\n" + Files.readString(log));
    }
  }

  /** The most memory it ever held, in bytes; the tools that it starts are not counted. */
  long peak() throws IOException {
    return Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    toWorker.close();
    process.waitFor();
  }
}
