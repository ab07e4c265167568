package io.keepset.drivers.engine.scylla;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A node of ScyllaDB, by its REST API (ScyllaDB documentation, "REST API": {@code
 * /storage_service/snapshots}, {@code /storage_service/sstables}). Not tried against a real one.
 */
final class RestControl implements NodeControl {
  private final Place place;
  private final Place.Node node;
  private final HttpClient client;

  RestControl(Place place, Place.Node node) {
    this.place = place;
    this.node = node;
    this.client = HttpClient.newBuilder().connectTimeout(place.timeout()).build();
  }

  @Override
  public void snapshot(String tag, String keyspace) throws DriverException {
    call(
        "taking a snapshot",
        "POST",
        "/storage_service/snapshots?tag=" + encode(tag) + "&kn=" + encode(keyspace));
  }

  @Override
  public void clear(String tag, String keyspace) throws DriverException {
    call(
        "clearing the snapshot",
        "DELETE",
        "/storage_service/snapshots?tag=" + encode(tag) + "&kn=" + encode(keyspace));
  }

  /** Scylla takes files in from a directory of the table itself. */
  @Override
  public Path incoming(Path staged, String keyspace, String directory) {
    return node.data().get(0).resolve(keyspace).resolve(directory).resolve("upload");
  }

  @Override
  public void load(String keyspace, String table, Path incoming) throws DriverException {
    call(
        "importing " + table,
        "POST",
        "/storage_service/sstables/"
            + encode(keyspace)
            + "?cf="
            + encode(table)
            + "&load_and_stream=true");
  }

  /**
   * Its own version, such as {@code 2025.1.3}: by CQL it tells that of a Cassandra.
   *
   * @throws DriverException REJECTED if it tells none
   */
  String release() throws DriverException {
    String said =
        call("asking for the version", "GET", "/storage_service/scylla_release_version").strip();
    String release = said.replaceAll("^\"|\"$", "");
    if (!release.matches("\\d[\\w.~+-]{2,80}")) {
      throw new DriverException(
          Kind.REJECTED,
          "node "
              + node.name()
              + " at "
              + node.api()
              + " tells no version of Scylla; is api_url that of its REST API?");
    }
    return release;
  }

  private String call(String doing, String method, String path) throws DriverException {
    String at = doing + " on node " + node.name() + " at " + node.api();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(node.api() + path))
            .timeout(place.silence())
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    try {
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() / 100 != 2) {
        String said = place.scrubber().scrub(answer.body().strip());
        throw new DriverException(
            answer.statusCode() >= 500 ? Kind.TRANSIENT : Kind.REJECTED,
            at
                + ": the node refused with HTTP "
                + answer.statusCode()
                + (said.isEmpty()
                    ? ""
                    : ". It said: " + said.substring(0, Math.min(said.length(), 1000))));
      }
      return answer.body();
    } catch (IOException e) {
      throw new DriverException(
          Kind.TRANSIENT,
          at
              + ": no answer; check api_url, and that the node's REST API listens where this machine"
              + " can reach it ("
              + e
              + ")",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DriverException(Kind.TRANSIENT, at + " was cancelled", e);
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    // Nothing is kept open between two calls that would need it.
  }
}
