package io.keepset.drivers.engine.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.drivers.lab.Certificates;
import io.keepset.drivers.lab.EnginesPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Users and roles of OpenSearch's security plugin, made over its REST API by whoever shows the
 * administrator's certificate. Nothing of the plugin's demonstration is used.
 */
final class PluginLogins implements LabLogins {
  private static final String API = "_plugins/_security/api/";
  private static final String PREFIX = "plugins.security.";

  private final Path config;
  private final Certificates certificates;

  /**
   * @param program the server's files, with the plugin's as its zip has them
   */
  PluginLogins(Path program) throws IOException {
    config = program.resolve("config");
    // What the plugin's installer does.
    Files.move(
        program.resolve("plugins/opensearch-security/config"),
        config.resolve("opensearch-security"));
    certificates = Certificates.make(config);
  }

  @Override
  public List<String> configure() throws IOException {
    Path own = config.resolve("opensearch-security");
    for (String[] file :
        new String[][] {
          {"internal_users.yml", "internalusers"},
          {"roles.yml", "roles"},
          {"roles_mapping.yml", "rolesmapping"}
        }) {
      Files.writeString(
          own.resolve(file[0]), "_meta: {type: \"" + file[1] + "\", config_version: 2}\n");
    }
    List<String> lines = new ArrayList<>();
    for (String layer : List.of("transport", "http")) {
      String ssl = PREFIX + "ssl." + layer + ".";
      lines.add(ssl + "pemcert_filepath: certificates/server.pem");
      lines.add(ssl + "pemkey_filepath: certificates/server.key");
      lines.add(ssl + "pemtrustedcas_filepath: certificates/ca.pem");
    }
    lines.add(PREFIX + "ssl.http.enabled: true");
    lines.add(PREFIX + "ssl.transport.enforce_hostname_verification: false");
    lines.add(PREFIX + "allow_default_init_securityindex: true");
    lines.add(PREFIX + "authcz.admin_dn: [\"CN=somebody\"]");
    return lines;
  }

  @Override
  public Map<String, String> connection() {
    return Map.of("tls.enabled", "true", "tls.ca", certificates.file("ca.pem"));
  }

  /** By the certificate: who has one needs no login. */
  Map<String, String> administrator() {
    Map<String, String> connection = new TreeMap<>();
    connection.put("tls.cert", certificates.file("client.pem"));
    connection.put("tls.key", "file:" + certificates.file("client.key"));
    return connection;
  }

  @Override
  public void make(ElasticLab server) {
    send(server, "PUT " + API + "internalusers/lab\n" + user("\"all_access\""));
    send(server, "PUT " + API + "internalusers/nobody\n" + user(""));
  }

  private static String user(String role) {
    return "{\"password\": \"…\", \"opendistro_security_roles\": [" + role + "]}";
  }

  @Override
  public void makeThoseOfThePage(ElasticLab server) throws IOException {
    for (String kind : List.of("roles", "internalusers")) {
      List<String> statements = EnginesPage.blocks("elasticsearch", "PUT " + API + kind + "/");
      assertThat(statements).hasSize(2);
      statements.forEach(statement -> send(server, statement));
    }
  }

  private void send(ElasticLab server, String statement) {
    String[] lines = statement.split("\n", 2);
    String[] request = lines[0].split(" ", 2);
    server.send(
        administrator(), request[0], request[1], lines[1].replace("…", ElasticLab.PASSWORD));
  }
}
