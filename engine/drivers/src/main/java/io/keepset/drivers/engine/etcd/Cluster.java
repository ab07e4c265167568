package io.keepset.drivers.engine.etcd;

import io.keepset.drivers.http.Endpoint;
import io.keepset.drivers.http.HttpApi;
import io.keepset.drivers.http.Refused;
import io.keepset.source.JsonText;
import io.keepset.source.ListNode;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Secret;
import io.keepset.spi.Source;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * One member of a cluster, over the JSON gateway that every etcd since 3.4 has on its client port:
 * the calls of its gRPC services by HTTP ({@code rpc.proto}), bytes as base64, 64-bit numbers as
 * text; only the snapshot comes by gRPC itself. One thread.
 */
final class Cluster {
  static final String PRODUCT = "etcd";
  private static final int PORT = 2379;

  /** Of all keys: from the smallest one there can be, to the end. */
  private static final String ALL = Base64.getEncoder().encodeToString(new byte[1]);

  private static final int PAGE = 5000;

  private final Endpoint endpoint;
  private HttpApi http;
  private Optional<Secret> token = Optional.empty();

  private Cluster(Endpoint endpoint) throws DriverException {
    this.endpoint = endpoint;
    // Whoever logs in gets a token for it; the gateway takes any other Authorization for one.
    this.http =
        new HttpApi(
            new Endpoint(
                endpoint.product(),
                endpoint.host(),
                endpoint.port(),
                Optional.empty(),
                endpoint.password(),
                endpoint.tls(),
                endpoint.patience()));
    login();
  }

  /** By the user who reads. */
  static Cluster toDump(Source source) throws DriverException {
    return new Cluster(Endpoint.toDump(PRODUCT, source, PORT));
  }

  /** By the user who may write. */
  static Cluster toRestore(Source source) throws DriverException {
    return new Cluster(Endpoint.toRestore(PRODUCT, source, PORT));
  }

  /** The same at another cluster: {@code host:port}. */
  static Cluster toRestore(Source source, String address) throws DriverException {
    return new Cluster(Endpoint.toRestore(PRODUCT, source, address));
  }

  private void login() throws DriverException {
    if (endpoint.user().isEmpty()) {
      return;
    }
    MapBuilder who =
        new MapBuilder()
            .put("name", endpoint.user().get())
            .put("password", endpoint.password().map(Secret::reveal).orElse(""));
    try {
      Node answer = http.doing("logging in").send("POST", "v3/auth/authenticate", who.build());
      Optional<String> given = answer instanceof MapNode map ? map.text("token") : Optional.empty();
      token = Optional.of(new Secret(given.orElse("")));
      http = http.authorized(token.get());
    } catch (Refused e) {
      // Then nobody needs a login, and anybody may.
      if (!e.text().contains("authentication is not enabled")) {
        throw Failures.explain("logging in", e.text(), endpoint);
      }
    }
  }

  HttpApi http() {
    return http;
  }

  /** For messages and reports: {@code etcd1.internal:2379}. */
  String where() {
    return endpoint.where();
  }

  Endpoint endpoint() {
    return endpoint;
  }

  MapNode status() throws DriverException {
    return call("asking for the status", "v3/maintenance/status", new MapBuilder());
  }

  MapNode members() throws DriverException {
    return call("asking for the members", "v3/cluster/member/list", new MapBuilder());
  }

  /** Names of the alarms that are raised: {@code NOSPACE}, {@code CORRUPT}. */
  List<String> alarms() throws DriverException {
    MapNode answer =
        call("asking for alarms", "v3/maintenance/alarm", new MapBuilder().put("action", "GET"));
    return answer.maps("alarms").stream().map(alarm -> alarm.text("alarm").orElse("")).toList();
  }

  /** On its way; {@link #explain} knows what breaks it. */
  SnapshotStream snapshot() throws DriverException {
    return SnapshotStream.open(endpoint, token);
  }

  /** How many keys there are. */
  long count() throws DriverException {
    MapBuilder range =
        new MapBuilder().put("key", ALL).put("range_end", ALL).put("count_only", true);
    return number(call("counting keys", "v3/kv/range", range), "count");
  }

  /** Newest revision. */
  long revision() throws DriverException {
    MapBuilder range =
        new MapBuilder().put("key", ALL).put("range_end", ALL).put("count_only", true);
    return call("asking for the revision", "v3/kv/range", range)
        .map("header")
        .map(header -> number(header, "revision"))
        .orElse(0L);
  }

  /** The next keys in order, without values. */
  List<byte[]> keysFrom(byte[] first) throws DriverException {
    MapBuilder range =
        new MapBuilder()
            .put("key", Base64.getEncoder().encodeToString(first))
            .put("range_end", ALL)
            .put("keys_only", true)
            .put("limit", PAGE);
    List<byte[]> keys = new ArrayList<>();
    for (MapNode pair : call("listing keys", "v3/kv/range", range).maps("kvs")) {
      keys.add(Base64.getDecoder().decode(pair.text("key").orElse("")));
    }
    return keys;
  }

  /** Does all of it or nothing. */
  void apply(List<Node> operations) throws DriverException {
    ListNode list = new ListNode(operations.get(0).at(), operations);
    call("writing keys", "v3/kv/txn", new MapBuilder().put("success", list));
  }

  /** The same, but only if there is no key at all. Whether it was done. */
  boolean applyIfEmpty(List<Node> operations) throws DriverException {
    // Of no key the number of the revision that created it is 0, and so it is of a range without.
    MapBuilder none =
        new MapBuilder()
            .put("key", ALL)
            .put("range_end", ALL)
            .put("target", "CREATE")
            .put("result", "EQUAL")
            .put("create_revision", "0");
    MapNode compare = none.build();
    MapNode answer =
        call(
            "writing keys",
            "v3/kv/txn",
            new MapBuilder()
                .put("compare", new ListNode(compare.at(), List.of(compare)))
                .put("success", new ListNode(operations.get(0).at(), operations)));
    return answer.text("succeeded").equals(Optional.of("true"));
  }

  /** A lease of that number; one that is there already is as good. Whether it was made. */
  boolean grant(long id, long seconds) throws DriverException {
    MapBuilder lease =
        new MapBuilder().put("ID", String.valueOf(id)).put("TTL", String.valueOf(seconds));
    try {
      send("granting a lease", "v3/lease/grant", lease.build());
      return true;
    } catch (Refused e) {
      if (!e.text().contains("lease already exists")) {
        throw Failures.explain("granting a lease", e.text(), endpoint);
      }
      return false;
    }
  }

  void revoke(long id) throws DriverException {
    call("revoking a lease", "v3/lease/revoke", new MapBuilder().put("ID", String.valueOf(id)));
  }

  MapNode call(String doing, String path, MapBuilder body) throws DriverException {
    try {
      Node answer = send(doing, path, body.build());
      if (answer instanceof MapNode map) {
        return map;
      }
      throw new DriverException(
          Kind.REJECTED, where() + " answers " + path + " with a list: is it an etcd server?");
    } catch (Refused e) {
      throw Failures.explain(doing, e.text(), endpoint);
    }
  }

  private Node send(String doing, String path, MapNode body) throws DriverException, Refused {
    byte[] json = JsonText.writeCompact(body).getBytes(StandardCharsets.UTF_8);
    try {
      return http.doing(doing).sendJson("POST", path, json);
    } catch (Refused e) {
      if (!e.text().contains("invalid auth token")) {
        throw e;
      }
      // A token lives for minutes after its last use, or for less.
      login();
      return http.doing(doing).sendJson("POST", path, json);
    }
  }

  DriverException explain(String doing, IOException broken) {
    return broken instanceof SnapshotStream.Refusal refusal
        ? Failures.explain(doing, refusal.said(), endpoint)
        : http.explain(doing, broken);
  }

  static long number(MapNode map, String key) {
    return map.text(key)
        .filter(text -> text.matches("-?[0-9]{1,19}"))
        .map(Long::parseLong)
        .orElse(0L);
  }
}
