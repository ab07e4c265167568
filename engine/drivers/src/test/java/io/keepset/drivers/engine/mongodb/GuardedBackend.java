package io.keepset.drivers.engine.mongodb;

import static java.nio.charset.StandardCharsets.UTF_8;

import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import de.bwaldvogel.mongo.bson.BinData;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;
import io.keepset.drivers.lab.ScramServer;
import io.netty.channel.Channel;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;

/**
 * The fake server with users: SCRAM-SHA-256 (RFC 7677), the user {@code backup} who may do all and
 * {@code nobody} who may only log in. And with a feature compatibility version.
 */
final class GuardedBackend extends MemoryBackend {
  private static final Set<String> OPEN =
      Set.of("hello", "ismaster", "buildinfo", "ping", "endsessions", "getparameter");

  private final Map<String, String> passwords;
  private final Map<Channel, ScramServer> talks = new ConcurrentHashMap<>();
  private final Map<Channel, String> users = new ConcurrentHashMap<>();
  private final AtomicInteger renames = new AtomicInteger();
  private volatile IntPredicate refusedRenames = number -> false;
  private volatile IntPredicate lostRenames = number -> false;
  private volatile String compatibility = "5.0";

  GuardedBackend(Map<String, String> passwords) {
    this.passwords = new ConcurrentHashMap<>(passwords);
  }

  /**
   * Lets renames fail, by their number from now on, the first is 0.
   *
   * @param lost done all the same: only the answer is an error
   */
  void failRenames(IntPredicate refused, IntPredicate lost) {
    renames.set(0);
    refusedRenames = refused;
    lostRenames = lost;
  }

  void compatibility(String version) {
    compatibility = version;
  }

  @Override
  public Document handleCommand(Channel channel, String database, String name, Document query) {
    String command = name.toLowerCase(Locale.ROOT);
    switch (command) {
      case "saslstart":
        return start(channel, payload(query));
      case "saslcontinue":
        return proceed(channel, payload(query));
      case "getparameter":
        return new Document("featureCompatibilityVersion", new Document("version", compatibility))
            .append("ok", 1.0);
      case "createuser":
        // The first comes from this machine and needs no login.
        if (!passwords.isEmpty()) {
          authorize(channel, database, command);
        }
        passwords.put(query.get(name).toString(), query.get("pwd").toString());
        return new Document("ok", 1.0);
      default:
        authorize(channel, database, command);
    }
    int rename = command.equals("renamecollection") ? renames.getAndIncrement() : -1;
    if (refusedRenames.test(rename)) {
      throw new MongoServerError(8, "UnknownError", "renames are refused");
    }
    Document answer = super.handleCommand(channel, database, name, query);
    if (lostRenames.test(rename)) {
      throw new MongoServerError(8, "UnknownError", "the answer is lost");
    }
    if (query.containsKey("saslSupportedMechs")) {
      answer.append("saslSupportedMechs", List.of("SCRAM-SHA-256"));
    }
    return answer;
  }

  private void authorize(Channel channel, String database, String command) {
    if (OPEN.contains(command)) {
      return;
    }
    String user = users.get(channel);
    if (user == null) {
      throw new MongoServerError(
          13, "Unauthorized", "command " + command + " requires authentication");
    }
    if (user.equals("nobody")) {
      throw new MongoServerError(
          13, "Unauthorized", "not authorized on " + database + " to execute command " + command);
    }
  }

  private static String payload(Document query) {
    return new String(
        query.get("payload") instanceof BinData data
            ? data.getData()
            : (byte[]) query.get("payload"),
        UTF_8);
  }

  private Document start(Channel channel, String first) {
    ScramServer talk = new ScramServer(first);
    talks.put(channel, talk);
    return step(talk.first(), false);
  }

  private Document proceed(Channel channel, String last) {
    ScramServer talk = talks.remove(channel);
    String answer =
        talk.last(last, passwords.getOrDefault(talk.user(), ""))
            .orElseThrow(
                () -> new MongoServerError(18, "AuthenticationFailed", "Authentication failed."));
    users.put(channel, talk.user());
    return step(answer, true);
  }

  private static Document step(String payload, boolean done) {
    return new Document("conversationId", 1)
        .append("done", done)
        .append("payload", new BinData(payload.getBytes(UTF_8)))
        .append("ok", 1.0);
  }
}
