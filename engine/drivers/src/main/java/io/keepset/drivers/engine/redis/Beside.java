package io.keepset.drivers.engine.redis;

import io.keepset.spi.Attachment;
import io.keepset.spi.DriverException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** What is not in an RDB file and stands beside it: users and settings, without passwords. */
record Beside(List<Attachment> attachments, List<String> warnings) {
  static final String USERS = "users.acl";
  static final String SETTINGS = "redis.conf";

  /** Settings whose values are secrets. */
  private static final Set<String> SECRET =
      Set.of(
          "requirepass",
          "masterauth",
          "primaryauth",
          "masteruser",
          "tls-key-file-pass",
          "tls-client-key-file-pass");

  static Beside ask(Connection connection) throws DriverException {
    List<Attachment> attachments = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    try {
      attachments.add(attachment(USERS, connection.tryAsk("ACL", "LIST") + "\n"));
    } catch (ServerError e) {
      warnings.add("users are not in the backup: " + e.text() + " (grant +acl|list)");
    }
    try {
      attachments.add(attachment(SETTINGS, settings(connection.tryAsk("CONFIG", "GET", "*"))));
    } catch (ServerError e) {
      warnings.add("settings are not in the backup: " + e.text() + " (grant +config|get)");
    }
    return new Beside(attachments, warnings);
  }

  private static String settings(String pairs) {
    String[] lines = pairs.split("\n", -1);
    TreeMap<String, String> settings = new TreeMap<>();
    for (int i = 0; i + 1 < lines.length; i += 2) {
      if (!SECRET.contains(lines[i])) {
        settings.put(lines[i], lines[i + 1]);
      }
    }
    StringBuilder text = new StringBuilder();
    settings.forEach(
        (name, value) ->
            text.append(name).append(' ').append(value.isEmpty() ? "\"\"" : value).append('\n'));
    return text.toString();
  }

  private static Attachment attachment(String name, String content) {
    return new Attachment(name, content.getBytes(StandardCharsets.UTF_8));
  }
}
