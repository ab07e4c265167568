package io.keepset.drivers.engine.rethinkdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.drivers.lab.Certificates;
import io.keepset.drivers.tls.Tls;
import io.keepset.policy.Options;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Secret;
import io.keepset.spi.Source;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RethinkDB's driver against a server that speaks its protocol. */
class DriverServerTest {
  private static final String INDEX = "{\"$reql_type$\":\"BINARY\",\"data\":\"AAEC\"}";
  private static final String DOCUMENT =
      "{\"id\":\"a\",\"when\":{\"$reql_type$\":\"TIME\",\"epoch_time\":1.7E9,"
          + "\"timezone\":\"+00:00\"},\"list\":[1,null,[true,{}]]}";

  private RethinkWire wire;
  private Server server;

  @BeforeEach
  void start() throws Exception {
    wire = new RethinkWire(0, "right");
    server = open("right");
    server.createDatabase("shop");
    server.createTable("shop", "orders", "id");
  }

  @AfterEach
  void stop() {
    server.close();
    wire.close();
  }

  private Server open(String password) throws DriverException {
    return open(wire, password, Map.of());
  }

  private static Server open(RethinkWire wire, String password, Map<String, String> more)
      throws DriverException {
    Map<String, String> connection = new TreeMap<>();
    connection.put("host", "127.0.0.1");
    connection.put("port", String.valueOf(wire.port()));
    connection.put("password", "env:RIGHT");
    connection.putAll(more);
    return DriverServer.open(
        Address.toDump(
            new Source(
                "shop", Options.of(connection), Options.NONE, reference -> new Secret(password))));
  }

  @Test
  void overTlsTheServerProvesWhoItIs(@TempDir Path directory) throws Exception {
    Certificates all = Certificates.make(directory);
    Secret key = new Secret(Files.readString(Path.of(all.file("server.key"))));
    Tls identity =
        new Tls(true, Optional.empty(), Optional.of(all.file("server.pem")), Optional.of(key));
    ServerSocket listener =
        identity
            .context()
            .getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Map<String, String> trusting = Map.of("tls.enabled", "true", "tls.ca", all.file("ca.pem"));
    try (RethinkWire secured = new RethinkWire(listener, "right")) {
      try (Server trusted = open(secured, "right", trusting)) {
        assertThat(trusted.databases()).containsExactly("rethinkdb");
      }

      // The certificate is for the address alone.
      Map<String, String> another = new TreeMap<>(trusting);
      another.put("host", "localhost");
      Map<String, String> stranger = new TreeMap<>(trusting);
      stranger.put("tls.ca", all.file("client.pem"));
      for (Map<String, String> wrong : List.of(another, stranger)) {
        assertThatThrownBy(() -> open(secured, "right", wrong))
            .isInstanceOfSatisfying(
                DriverException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DENIED))
            .hasMessageContaining("check connection.tls.ca");
      }
    }
  }

  private List<String> documents() {
    List<String> all = new ArrayList<>();
    try (Server.Rows rows = server.rows("shop", "orders")) {
      rows.forEachRemaining(all::add);
    }
    return all;
  }

  @Test
  void whatIsMadeIsThere() {
    assertThat(server.version()).startsWith("rethinkdb 2.4.4");
    assertThat(server.databases()).containsExactly("rethinkdb", "shop");
    assertThat(server.tables("shop")).containsExactly("orders");
    assertThat(server.empty("shop", "orders")).isTrue();

    server.insert("shop", "orders", List.of(DOCUMENT));

    assertThat(server.empty("shop", "orders")).isFalse();
    assertThat(server.count("shop", "orders")).isEqualTo(1);
    assertThat(documents()).containsExactly(DOCUMENT);
  }

  private List<String> insert(int howMany) {
    List<String> many = new ArrayList<>();
    for (int i = 0; i < howMany; i++) {
      many.add("{\"id\":" + (1000 + i) + "}");
    }
    server.insert("shop", "orders", many);
    return many;
  }

  @ParameterizedTest
  @ValueSource(ints = {RethinkWire.BATCH - 1, RethinkWire.BATCH, 8 * RethinkWire.BATCH, 899})
  void manyDocumentsComeBatchByBatch(int howMany) {
    List<String> many = insert(howMany);

    assertThat(documents()).isEqualTo(many);
  }

  @ParameterizedTest
  @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void aTableThatBreaksOffIsNotTakenForAllOfIt(RethinkWire.Trouble trouble) {
    insert(2 * RethinkWire.BATCH);
    wire.inTheMiddle(trouble);

    assertThatThrownBy(this::documents)
        .isInstanceOf(Server.Unwell.class)
        .hasMessageContaining("reading orders")
        .hasMessageContaining(
            trouble == RethinkWire.Trouble.LOST ? "ended the connection" : "lost contact");
  }

  @Test
  void aDefinitionReadsAsItWasWritten() {
    assertThat(server.info("shop", "orders"))
        .contains("\"primary_key\":\"id\"", "\"indexes\":[]", "\"write_hook\":null");
    String hook = INDEX.replace("AAEC", "/w==");

    server.define(
        "shop",
        "orders",
        "{\"primary_key\":\"id\",\"indexes\":[{\"index\":\"by\",\"function\":"
            + INDEX
            + "}],\"write_hook\":{\"function\":"
            + hook
            + "}}");

    assertThat(server.info("shop", "orders"))
        .contains("{\"index\":\"by\",\"function\":" + INDEX + "}")
        .contains("\"write_hook\":{\"function\":" + hook + "}");
  }

  @Test
  void databasesAreRenamedAndDropped() {
    server.createDatabase("other");

    assertThatThrownBy(() -> server.renameDatabase("shop", "other"))
        .hasMessageContaining("already exists");
    server.renameDatabase("shop", "depot");
    server.dropDatabase("other");

    assertThat(server.databases()).containsExactly("depot", "rethinkdb");
  }

  @Test
  void whatTheServerRefusesIsTold() {
    assertThatThrownBy(() -> server.createDatabase("shop"))
        .isInstanceOf(Server.Unwell.class)
        .hasMessageContaining("creating database shop")
        .hasMessageContaining("somebody else has made it meanwhile");
    server.insert("shop", "orders", List.of(DOCUMENT));
    assertThatThrownBy(() -> server.insert("shop", "orders", List.of(DOCUMENT)))
        .hasMessageContaining("1 documents were refused")
        .hasMessageContaining("Duplicate primary key");
    assertThatThrownBy(() -> open("wrong"))
        .isInstanceOfSatisfying(
            DriverException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DENIED))
        .hasMessageContaining("the user or its password is wrong");
  }
}
