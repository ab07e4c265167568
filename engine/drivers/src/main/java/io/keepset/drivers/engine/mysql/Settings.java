package io.keepset.drivers.engine.mysql;

import io.keepset.drivers.tool.Silence;
import io.keepset.policy.Durations;
import io.keepset.policy.Options;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The engine's options, as {@code mysql.schema.json} describes them.
 *
 * @param excluded tables to leave out, with {@code *} and {@code ?}
 * @param leftOut of triggers, routines, events
 * @param lockWait how long a dump waits for a lock that somebody holds
 * @param patience how long the dump tool may say nothing
 * @param definers whether definers are restored; empty: where the login may
 */
record Settings(
    List<Pattern> excluded,
    List<String> leftOut,
    Duration lockWait,
    Duration patience,
    Optional<Boolean> definers) {

  /** Nothing left out. */
  static final Settings ALL = of(Options.NONE);

  static Settings of(Options options) {
    return new Settings(
        options.list("exclude_tables").stream().map(Settings::glob).toList(),
        options.list("leave_out"),
        options.get("lock_wait").flatMap(Durations::parse).orElse(Duration.ofSeconds(30)),
        Silence.whileDumping(options),
        options.get("definers").map(Boolean::parseBoolean));
  }

  boolean dumps(String kind) {
    return !leftOut.contains(kind);
  }

  boolean excludes(String table) {
    return excluded.stream().anyMatch(glob -> glob.matcher(table).matches());
  }

  private static Pattern glob(String glob) {
    StringBuilder regex = new StringBuilder();
    glob.chars()
        .forEach(
            c ->
                regex.append(
                    c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(Character.toString(c))));
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }
}
