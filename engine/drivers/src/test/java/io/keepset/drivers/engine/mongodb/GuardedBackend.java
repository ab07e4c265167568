package io.keepset.drivers.engine.mongodb;

import static java.nio.charset.StandardCharsets.UTF_8;

import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import de.bwaldvogel.mongo.bson.BinData;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;
import io.netty.channel.Channel;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The fake server with users: SCRAM-SHA-256 (RFC 7677), the user {@code backup} who may do all and
 * {@code nobody} who may only log in. And with a feature compatibility version.
 */
final class GuardedBackend extends MemoryBackend {
  private static final int ROUNDS = 4096;
  private static final byte[] SALT = "salt of the tests".getBytes(UTF_8);
  private static final Set<String> OPEN =
      Set.of("hello", "ismaster", "buildinfo", "ping", "endsessions", "getparameter");

  private record Talk(String user, String firstBare, String serverFirst) {}

  private final Map<String, String> passwords;
  private final Map<Channel, Talk> talks = new ConcurrentHashMap<>();
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
    String bare = first.substring("n,,".length());
    String user = bare.replaceAll("^n=([^,]*),.*$", "$1");
    String nonce = bare.substring(bare.indexOf(",r=") + ",r=".length()); // any letters but commas
    String answer =
        "r=" + nonce + "server,s=" + Base64.getEncoder().encodeToString(SALT) + ",i=" + ROUNDS;
    talks.put(channel, new Talk(user, bare, answer));
    return step(answer, false);
  }

  private Document proceed(Channel channel, String last) {
    Talk talk = talks.remove(channel);
    String password = passwords.getOrDefault(talk.user(), "");
    String withoutProof = last.substring(0, last.lastIndexOf(",p="));
    byte[] proof = Base64.getDecoder().decode(last.substring(last.lastIndexOf(",p=") + 3));
    String message = talk.firstBare() + "," + talk.serverFirst() + "," + withoutProof;
    try {
      byte[] salted =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
              .generateSecret(new PBEKeySpec(password.toCharArray(), SALT, ROUNDS, 256))
              .getEncoded();
      byte[] client = hmac(salted, "Client Key");
      byte[] signature = hmac(MessageDigest.getInstance("SHA-256").digest(client), message);
      for (int i = 0; i < client.length; i++) {
        client[i] ^= signature[i];
      }
      if (!MessageDigest.isEqual(client, proof)) {
        throw new MongoServerError(18, "AuthenticationFailed", "Authentication failed.");
      }
      users.put(channel, talk.user());
      byte[] server = hmac(hmac(salted, "Server Key"), message);
      return step("v=" + Base64.getEncoder().encodeToString(server), true);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Document step(String payload, boolean done) {
    return new Document("conversationId", 1)
        .append("done", done)
        .append("payload", new BinData(payload.getBytes(UTF_8)))
        .append("ok", 1.0);
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(UTF_8));
  }
}
