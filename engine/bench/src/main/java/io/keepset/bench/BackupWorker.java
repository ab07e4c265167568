package io.keepset.bench;

import io.keepset.drivers.Drivers;
import io.keepset.policy.Options;
import io.keepset.spi.Engine;
import io.keepset.spi.Secret;
import io.keepset.spi.Source;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A program of its own that makes the same backup whenever its input says {@link #GO}, and answers
 * {@link #DONE}. What it backs up comes by its input, as {@link BackupProcess} writes it, because
 * there are secrets in it.
 */
public final class BackupWorker {
  static final int GO = 1;
  static final String DONE = "done";

  private BackupWorker() {}

  public static void main(String[] arguments) throws Exception {
    PrintStream answers = System.out;
    System.setOut(System.err);
    DataInputStream in = new DataInputStream(System.in);
    String name = in.readUTF();
    Engine engine = Objects.requireNonNull(Drivers.engines(InstantSource.system()).get(name), name);
    String key = in.readUTF();
    Path store = Path.of(in.readUTF());
    String database = in.readUTF();
    Options connection = Options.of(read(in));
    Options options = Options.of(read(in));
    Map<String, String> secrets = read(in);
    Source source =
        new Source(
            database,
            connection,
            options,
            reference -> new Secret(secrets.getOrDefault(reference, "")));
    while (in.read() == GO) {
      OneBackup.run(engine, source, key, store);
      answers.println(DONE);
    }
  }

  private static Map<String, String> read(DataInputStream in) throws IOException {
    Map<String, String> values = new TreeMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      values.put(in.readUTF(), in.readUTF());
    }
    return values;
  }
}
