package io.keepset.drivers.engine.mysql;

import io.keepset.drivers.tool.ServerPlace;
import io.keepset.policy.Options;
import io.keepset.spi.Discovery;
import io.keepset.spi.DriverException;
import io.keepset.spi.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;

/** Asks {@code information_schema}: what the login may see. */
final class MysqlDiscovery implements Discovery {
  private static final Set<String> OWN =
      Set.of("mysql", "information_schema", "performance_schema", "sys");

  @Override
  public List<Found> databases(Source instance) throws DriverException {
    try (Login login = Login.toDump(instance);
        Session session = Session.open(Tools.any(instance.options()), login)) {
      List<Found> found = new ArrayList<>();
      for (List<String> row :
          session.rows(
              "SELECT s.SCHEMA_NAME, COALESCE(SUM(t.DATA_LENGTH + t.INDEX_LENGTH), 0) FROM"
                  + " information_schema.SCHEMATA s LEFT JOIN information_schema.TABLES t ON"
                  + " t.TABLE_SCHEMA = s.SCHEMA_NAME GROUP BY s.SCHEMA_NAME ORDER BY"
                  + " s.SCHEMA_NAME")) {
        found.add(
            new Found(
                row.get(0),
                OptionalLong.of(Long.parseLong(row.get(1))),
                OWN.contains(row.get(0).toLowerCase(Locale.ROOT))));
      }
      return List.copyOf(found);
    }
  }

  @Override
  public String place(String name, Options connection) {
    return ServerPlace.of(connection, 3306) + "/" + connection.get("database", name);
  }
}
