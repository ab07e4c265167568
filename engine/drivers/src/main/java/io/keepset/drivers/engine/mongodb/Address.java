package io.keepset.drivers.engine.mongodb;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCredential;
import com.mongodb.WriteConcern;
import io.keepset.drivers.tls.Tls;
import io.keepset.drivers.tool.Scrubber;
import io.keepset.drivers.tool.SecretFiles;
import io.keepset.drivers.tool.Silence;
import io.keepset.policy.Options;
import io.keepset.spi.DriverException;
import io.keepset.spi.Secret;
import io.keepset.spi.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/**
 * Where a deployment listens and who we are there.
 *
 * @param hosts {@code host:port}, or the one name of an SRV record
 * @param database its name on the server
 * @param user empty if there is no authentication
 * @param timeout how long to look for a server
 * @param silence how long a server or a tool may say nothing
 */
record Address(
    List<String> hosts,
    boolean srv,
    String database,
    Optional<String> replicaSet,
    Optional<String> user,
    Optional<Secret> password,
    String authDatabase,
    Tls tls,
    String readPreference,
    Duration timeout,
    Duration silence) {
  private static final String USUAL_PORT = "27017";

  /** Of the login that reads. */
  static Address toDump(Source source) throws DriverException {
    return of(source, "");
  }

  /** Of the login that writes: {@code restore_user}, if there is one. */
  static Address toRestore(Source source) throws DriverException {
    return of(source, source.connection().get("restore_user").isPresent() ? "restore_" : "");
  }

  private static Address of(Source source, String prefix) throws DriverException {
    Options connection = source.connection();
    Optional<String> reference = connection.get(prefix + "password");
    Optional<Secret> password =
        reference.isEmpty()
            ? Optional.empty()
            : Optional.of(source.secrets().resolve(reference.get()));
    return new Address(
        hosts(connection),
        connection.flag("srv", false),
        connection.get("database", source.database()),
        connection.get("replica_set"),
        connection.get(prefix + "user"),
        password,
        connection.get("auth_database", "admin"),
        Tls.of(connection, source.secrets()),
        source.options().get("read_preference", "primary"),
        Duration.ofSeconds(Long.parseLong(connection.get("timeout", "30"))),
        Silence.whileDumping(source.options()));
  }

  /** As they are written, with their ports. */
  static List<String> hosts(Options connection) {
    List<String> named = connection.list("hosts");
    if (!named.isEmpty()) {
      return named;
    }
    String host = connection.get("host", "localhost");
    if (connection.flag("srv", false)) {
      return List.of(host);
    }
    String address = host.contains(":") ? "[" + host + "]" : host;
    return List.of(address + ":" + connection.get("port", USUAL_PORT));
  }

  /** For messages: {@code db1.internal:27017}. */
  String where() {
    return String.join(",", hosts);
  }

  Scrubber scrubber() {
    List<Secret> secrets = new ArrayList<>();
    password.ifPresent(
        secret -> {
          secrets.add(secret);
          // As it stands in the URI that the tools print when they fail.
          secrets.add(new Secret(encode(secret.reveal())));
        });
    return new Scrubber(secrets);
  }

  /** For the driver, without the password in any text. */
  MongoClientSettings settings() throws DriverException {
    ConnectionString plain = new ConnectionString(uri(false, ""));
    MongoClientSettings.Builder settings =
        MongoClientSettings.builder()
            .applyConnectionString(plain)
            .applicationName("keepset")
            .writeConcern(WriteConcern.MAJORITY)
            .applyToClusterSettings(
                cluster ->
                    cluster.serverSelectionTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS))
            .applyToSocketSettings(
                socket ->
                    socket
                        .connectTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                        .readTimeout(silence.toMillis(), TimeUnit.MILLISECONDS));
    if (user.isPresent()) {
      char[] secret = password.map(Secret::reveal).orElse("").toCharArray();
      settings.credential(MongoCredential.createCredential(user.get(), authDatabase, secret));
    }
    if (tls.enabled()) {
      SSLContext context = tls.context();
      settings.applyToSslSettings(ssl -> ssl.enabled(true).context(context));
    }
    return settings.build();
  }

  /** A configuration file for the tools; it holds the password. */
  Path config(SecretFiles files) throws DriverException {
    StringBuilder extra = new StringBuilder();
    if (tls.enabled()) {
      extra.append("&tls=true");
      tls.ca().ifPresent(file -> extra.append("&tlsCAFile=").append(encode(file)));
      if (tls.cert().isPresent() && tls.key().isPresent()) {
        Path both =
            files.write("client.pem", read(tls.cert().get()) + "\n" + tls.key().get().reveal());
        extra.append("&tlsCertificateKeyFile=").append(encode(both.toString()));
      }
    }
    return files.write("mongo.yaml", "uri: \"" + uri(true, extra.toString()) + "\"\n");
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String uri(boolean login, String extra) {
    StringBuilder uri = new StringBuilder(srv ? "mongodb+srv://" : "mongodb://");
    if (login && user.isPresent()) {
      uri.append(encode(user.get()));
      password.ifPresent(secret -> uri.append(':').append(encode(secret.reveal())));
      uri.append('@');
    }
    uri.append(String.join(",", hosts)).append("/?readPreference=").append(readPreference);
    if (login && user.isPresent()) {
      uri.append("&authSource=").append(encode(authDatabase));
    }
    replicaSet.ifPresent(name -> uri.append("&replicaSet=").append(encode(name)));
    return uri.append(extra).toString();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
