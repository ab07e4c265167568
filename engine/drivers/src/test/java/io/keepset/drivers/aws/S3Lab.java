package io.keepset.drivers.aws;

import com.adobe.testing.s3mock.S3MockApplication;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.services.s3.S3Client;

/** One S3 server in this JVM for all tests; each test gets a bucket of its own. */
public final class S3Lab {
  private static @org.jspecify.annotations.Nullable URI endpoint;

  private S3Lab() {}

  public static synchronized URI endpoint() throws IOException {
    if (endpoint == null) {
      Path folder = Files.createTempDirectory("s3lab");
      sweep(folder.getParent());
      Map<String, Object> properties = new HashMap<>();
      properties.put(S3MockApplication.PROP_HTTPS_PORT, "0");
      properties.put(S3MockApplication.PROP_HTTP_PORT, "0");
      properties.put("vectors.http.port", "0");
      properties.put("vectors.https.port", "0");
      properties.put("com.adobe.testing.s3mock.store.root", folder.toString());
      properties.put("com.adobe.testing.s3mock.max-payload-size", "-1");
      properties.put("logging.level.root", "WARN");
      properties.put("spring.main.banner-mode", "off");
      properties.put("spring.main.sources", OneConditionAtATime.class.getName());
      S3MockApplication server = S3MockApplication.start(properties);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    server.stop();
                    delete(folder);
                    sweep(folder.getParent());
                  }));
      endpoint = URI.create("http://127.0.0.1:" + server.getHttpPort());
    }
    return endpoint;
  }

  /** Settings of a new, empty bucket. */
  public static S3Settings bucket(String prefix) throws IOException {
    S3Settings settings = settings("bucket-" + UUID.randomUUID(), prefix, endpoint());
    try (S3Client client = S3Clients.of(settings)) {
      client.createBucket(r -> r.bucket(settings.bucket()));
    }
    return settings;
  }

  public static S3Settings settings(String bucket, String prefix, URI endpoint) {
    return new S3Settings(
        bucket,
        Optional.of("eu-central-1"),
        Optional.of(endpoint),
        true,
        prefix,
        Optional.of(
            new S3Settings.Credentials(
                "env:ACCESS", "env:SECRET", name -> new io.keepset.spi.Secret(name))),
        Optional.empty(),
        Optional.empty(),
        Optional.of(5 << 20),
        Duration.ofSeconds(60));
  }

  /** S3Mock leaves what it had of broken uploads. What is young may be of another JVM's tests. */
  private static void sweep(Path temporary) {
    Instant old = Instant.now().minus(Duration.ofMinutes(5));
    try (var left = Files.newDirectoryStream(temporary, "ObjectService*toTempFile")) {
      for (Path file : left) {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(old)) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // Somebody else removed it just now; what stays goes with the next tests.
      return;
    }
  }

  private static void delete(Path folder) {
    try (var files = Files.walk(folder)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
    } catch (IOException e) {
      // A temporary folder that stays is the system's to remove.
      return;
    }
  }
}
