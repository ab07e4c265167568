package io.keepset.drivers.engine;

import io.keepset.drivers.lab.Relay;
import io.keepset.policy.Options;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.Engine;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.Secret;
import io.keepset.spi.Secrets;
import io.keepset.spi.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A real database of one engine, for {@link EngineContract}. What an engine has no notion of (a
 * directory has no password) is empty, and the law about it is skipped with that reason.
 */
public interface EngineLab extends AutoCloseable {
  String FILE = "file:";

  Engine engine();

  /** Makes a small database with everything in it that the engine promises to bring back. */
  Source small();

  /** Makes a database whose dump has at least this many bytes. */
  Source big(long bytes);

  /** Everything in a database, order and physical places aside, as text to compare. */
  String content(Source source);

  /** The same of what a restore made. */
  String content(RestoreReport restored);

  /** Changes the database, so that a restore over it has something to undo. */
  void spoil(Source source);

  /** Changes the database to another one that can be dumped too. */
  default void change(Source source) {
    spoil(source);
  }

  /** What databases or directories there are, to see whether something was left behind. */
  List<String> inventory();

  /** Does a restore into something new find a name by itself? */
  default boolean choosesNames() {
    return true;
  }

  /** A name for a restore that nothing has yet. */
  String freshName();

  /** A name that is taken. */
  String takenName();

  /**
   * The engine's own program that reads an artifact, or the usual one for its format; empty if this
   * machine has none. It ends with 0 if it likes the file.
   */
  default Optional<ProcessBuilder> reader(Path artifact) {
    return Optional.empty();
  }

  /** Artifacts of other programs, and things that are none. */
  List<byte[]> foreign();

  /** Ends what serves the dump that is under way, as a crash would. */
  Optional<Runnable> serverDeath(Source source);

  /** The same database with a wrong password. */
  default Optional<Source> wrongPassword(Source source) {
    return login(source, Map.of("password", "env:WRONG"));
  }

  /** The same database by a login that may connect and not read. */
  default Optional<Source> withoutRights(Source source) {
    return login(source, Map.of("user", "nobody", "password", "env:NOBODY"));
  }

  private static Optional<Source> login(Source source, Map<String, String> login) {
    return source.connection().get("password").isPresent()
        ? Optional.of(changed(source, login, Map.of()))
        : Optional.empty();
  }

  /** The same database with the engine's programs out of reach. */
  default Optional<Source> withoutTools(Source source) {
    return Optional.empty();
  }

  /** The password in {@link #small()}. */
  Optional<String> secret();

  /** The same database, to dump, by a server that can fail. */
  Optional<Fragile> fragile(Source source);

  /** Does a restore hear of a server that says nothing? */
  default boolean restoresKnowSilence() {
    return true;
  }

  /** Something new to restore a backup of this database into, by a server that can fail. */
  Optional<Fragile> fragileRestore(Source source);

  /**
   * The same database, dumped by this program instead of the engine's own, which must not keep us
   * waiting for more than a few seconds.
   *
   * @param script for a shell; that the program is asked for its version, it need not know
   */
  default Optional<Source> withTool(Source source, String script) {
    return Optional.empty();
  }

  /** An artifact like this that is too new, if versions matter. */
  Optional<Newer> newer(ArtifactFacts facts);

  /**
   * Adds something to what a backup of this database would hold; what {@link #content} then shows
   * of it. Asked only of engines that merge.
   */
  default String add(Source source) {
    throw new UnsupportedOperationException("never merges");
  }

  /** What messages call a thing of the {@link #inventory}. */
  default String nameOf(String item) {
    return item;
  }

  /**
   * The passwords of a lab's login, {@code env:LAB}, and of {@code nobody}, and what lies in files;
   * others are wrong.
   */
  static Secrets secrets(String password) {
    return reference ->
        new Secret(
            switch (reference) {
              case "env:LAB" -> password;
              case "env:NOBODY" -> "n-" + password;
              default -> reference.startsWith(FILE) ? read(reference) : "wrong-" + password;
            });
  }

  private static String read(String reference) {
    try {
      return Files.readString(Path.of(reference.substring(FILE.length())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same database at another address, or by other options. */
  static Source changed(
      Source source, Map<String, String> connection, Map<String, String> options) {
    TreeMap<String, String> to = new TreeMap<>(source.connection().values());
    to.putAll(connection);
    TreeMap<String, String> by = new TreeMap<>(source.options().values());
    by.putAll(options);
    return new Source(source.database(), new Options(to), new Options(by), source.secrets());
  }

  /** The same database by way of a relay; {@code limits} are options of the engine. */
  static Fragile behindRelay(
      Source source, Map<String, String> connection, Map<String, String> limits, String name) {
    try {
      int port = Integer.parseInt(source.connection().get("port").orElseThrow());
      Relay relay = new Relay(URI.create("http://127.0.0.1:" + port));
      TreeMap<String, String> to = new TreeMap<>(connection);
      to.put("port", String.valueOf(relay.address().getPort()));
      return Fragile.behind(relay, changed(source, to, limits), name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A server of this name ({@code host:port}) by way of a relay, to be restored into. */
  static Fragile serverBehindRelay(String name, Source login, Map<String, String> connection) {
    try {
      Relay relay = new Relay(URI.create("http://" + name));
      return Fragile.behind(
          relay, changed(login, connection, Map.of()), relay.address().getAuthority());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  void close();
}
