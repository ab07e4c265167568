package io.keepset.drivers.engine.s3;

import com.sun.net.httpserver.HttpServer;
import io.keepset.drivers.aws.S3Clients;
import io.keepset.drivers.aws.S3Lab;
import io.keepset.drivers.engine.EngineLab;
import io.keepset.drivers.engine.Fragile;
import io.keepset.drivers.engine.Newer;
import io.keepset.drivers.lab.Relay;
import io.keepset.policy.Options;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.Engine;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.Secret;
import io.keepset.spi.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A bucket of S3Mock; what it has no notion of (keys, rights) a server of our own answers. */
public final class S3EngineLab implements EngineLab {
  private static final String SECRET = "secret-" + UUID.randomUUID();

  private final URI endpoint;
  private final S3Client client;
  private final String bucket = "lab-" + UUID.randomUUID();
  private final List<AutoCloseable> others = new ArrayList<>();
  private Optional<Relay> relay = Optional.empty();
  private int prefixes;

  public S3EngineLab() {
    try {
      endpoint = S3Lab.endpoint();
      client = S3Clients.of(S3Lab.settings(bucket, "", endpoint));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    client.createBucket(r -> r.bucket(bucket));
    put("taken/there", "text/plain", Map.of(), "x");
  }

  String bucket() {
    return bucket;
  }

  S3Client client() {
    return client;
  }

  void put(String key, String type, Map<String, String> metadata, String content) {
    client.putObject(
        r -> r.bucket(bucket).key(key).contentType(type).metadata(metadata),
        RequestBody.fromString(content));
  }

  Source source(Map<String, String> connection) {
    TreeMap<String, String> all = new TreeMap<>();
    all.put("bucket", bucket);
    all.put("region", "eu-central-1");
    all.put("endpoint", endpoint.toString());
    all.put("access_key", "env:ACCESS");
    all.put("secret_key", "env:SECRET");
    all.put("part_size", "5MiB");
    all.putAll(connection);
    return new Source(
        "photos",
        new Options(all),
        Options.NONE,
        name -> new Secret(name.equals("env:SECRET") ? SECRET : name));
  }

  @Override
  public Engine engine() {
    return new S3Engine(InstantSource.system());
  }

  @Override
  public Source small() {
    String prefix = "small" + ++prefixes + "/";
    put(prefix + "a.txt", "text/plain; charset=utf-8", Map.of("owner", "j", "x-y", "z"), "hello");
    put(prefix + "empty", "application/octet-stream", Map.of(), "");
    put(prefix + "dir/", "application/x-directory", Map.of(), "");
    put(prefix + "dir/Größe 😀 +%&?#.txt", "text/html", Map.of(), "ä".repeat(5000));
    put(prefix + "dir/" + "long-".repeat(60), "text/plain", Map.of(), "l");
    put(prefix + "/leading", "text/plain", Map.of(), "slash");
    put(prefix + "full-directory/", "text/plain", Map.of("a", "b"), "has bytes");
    client.putObject(
        r ->
            r.bucket(bucket)
                .key(prefix + "headers")
                .cacheControl("max-age=60")
                .contentDisposition("attachment; filename=x")
                .contentLanguage("de"),
        RequestBody.fromString("h"));
    put(prefix + "large", "video/mp4", Map.of("k", "v"), "0123456789".repeat(1_200_000));
    for (int i = 0; i < 30; i++) {
      put(prefix + "many/" + i, "text/plain", Map.of(), "number " + i);
    }
    return source(Map.of("prefix", prefix));
  }

  @Override
  public Source big(long bytes) {
    String prefix = "big" + ++prefixes + "/";
    String part = "b".repeat(4 << 20);
    for (long i = 0; i <= bytes / part.length(); i++) {
      put(prefix + i, "text/plain", Map.of(), part);
    }
    try {
      Relay between = new Relay(endpoint);
      others.add(between);
      relay = Optional.of(between);
      return source(Map.of("prefix", prefix, "endpoint", between.address().toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String content(Source source) {
    return content(source.connection().get("prefix").orElseThrow());
  }

  @Override
  public String content(RestoreReport restored) {
    return content(restored.target().replaceFirst("^bucket [^,]*, prefix ", ""));
  }

  private String content(String prefix) {
    StringBuilder text = new StringBuilder();
    for (S3Object object :
        client.listObjectsV2Paginator(r -> r.bucket(bucket).prefix(prefix)).contents()) {
      var got = client.getObjectAsBytes(r -> r.bucket(bucket).key(object.key()));
      GetObjectResponse head = got.response();
      text.append(object.key().substring(prefix.length()))
          .append(' ')
          .append(head.contentType())
          .append(' ')
          .append(head.cacheControl())
          .append(' ')
          .append(head.contentDisposition())
          .append(' ')
          .append(head.contentLanguage())
          .append(' ')
          .append(new TreeMap<>(head.metadata()))
          .append(' ')
          .append(got.asByteArray().length)
          .append(' ')
          .append(java.util.Arrays.hashCode(got.asByteArray()))
          .append('\n');
    }
    return text.toString();
  }

  @Override
  public void spoil(Source source) {
    String prefix = source.connection().get("prefix").orElseThrow();
    put(prefix + "later", "text/plain", Map.of(), "new");
    put(prefix + "a.txt", "text/plain", Map.of(), "changed");
    put(prefix + "many/2-later", "text/plain", Map.of(), "between");
    client.deleteObject(r -> r.bucket(bucket).key(prefix + "many/7"));
  }

  @Override
  public List<String> inventory() {
    return client.listObjectsV2Paginator(r -> r.bucket(bucket)).contents().stream()
        .map(object -> object.key() + " " + object.eTag())
        .toList();
  }

  @Override
  public String freshName() {
    return bucket + "/fresh" + ++prefixes;
  }

  @Override
  public String takenName() {
    return bucket + "/taken";
  }

  @Override
  public Optional<ProcessBuilder> reader(Path artifact) {
    return Optional.of(new ProcessBuilder("tar", "-tzf", artifact.toString()));
  }

  @Override
  public List<byte[]> foreign() {
    return List.of(
        "not at all".getBytes(StandardCharsets.UTF_8),
        new byte[10_000],
        // gzip around nothing
        Base64.getDecoder().decode("H4sIAAAAAAAAAwMAAAAAAAAAAAA="));
  }

  @Override
  public Optional<Runnable> serverDeath(Source source) {
    return relay.map(between -> between::close);
  }

  /** S3Mock lets everybody in: a server that answers as S3 does. */
  Source refusing(int status, String code) {
    return refusing(status, code, Optional.empty());
  }

  /** A store whose index outlived its disks: it lists an object, and has none. */
  Source listedButLost(String key) {
    String listing =
        "<ListBucketResult><IsTruncated>false</IsTruncated><KeyCount>1</KeyCount><Contents><Key>"
            + key
            + "</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>\"e\"</ETag>"
            + "<Size>5</Size></Contents></ListBucketResult>";
    return refusing(404, "NoSuchKey", Optional.of(listing));
  }

  private Source refusing(int status, String code, Optional<String> listing) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      byte[] answer =
          ("<Error><Code>" + code + "</Code><Message>it says why</Message></Error>")
              .getBytes(StandardCharsets.UTF_8);
      server.createContext(
          "/",
          exchange -> {
            try (exchange) {
              String query = String.valueOf(exchange.getRequestURI().getQuery());
              boolean lists = listing.isPresent() && query.contains("list-type=2");
              byte[] body = lists ? listing.get().getBytes(StandardCharsets.UTF_8) : answer;
              exchange.sendResponseHeaders(lists ? 200 : status, body.length);
              exchange.getResponseBody().write(body);
            }
          });
      server.start();
      others.add(() -> server.stop(0));
      return source(Map.of("endpoint", "http://127.0.0.1:" + server.getAddress().getPort()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Optional<Source> wrongPassword(Source source) {
    return Optional.of(refusing(403, "SignatureDoesNotMatch"));
  }

  @Override
  public Optional<Source> withoutRights(Source source) {
    return Optional.of(refusing(403, "AccessDenied"));
  }

  @Override
  public Optional<String> secret() {
    return Optional.of(SECRET);
  }

  @Override
  public Optional<Fragile> fragile(Source source) {
    return Optional.of(behindRelay(source, ""));
  }

  @Override
  public Optional<Fragile> fragileRestore(Source source) {
    return Optional.of(behindRelay(source, freshName()));
  }

  /** It does, but five tries of each request take minutes; {@code PatientUploadsTest} is quick. */
  @Override
  public boolean restoresKnowSilence() {
    return false;
  }

  private Fragile behindRelay(Source source, String name) {
    try {
      Relay between = new Relay(endpoint);
      return Fragile.behind(
          between,
          EngineLab.changed(
              source, Map.of("endpoint", between.address().toString(), "timeout", "5"), Map.of()),
          name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Objects have no version of a format. */
  @Override
  public Optional<Newer> newer(ArtifactFacts facts) {
    return Optional.empty();
  }

  @Override
  public String nameOf(String item) {
    return item.replaceFirst("/.*$", "/");
  }

  @Override
  public void close() {
    client.close();
    for (AutoCloseable other : others) {
      try {
        other.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
