package io.keepset.drivers.engine.postgresql;

import io.keepset.drivers.tool.ServerPlace;
import io.keepset.policy.Options;
import io.keepset.spi.Discovery;
import io.keepset.spi.DriverException;
import io.keepset.spi.Source;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;

/**
 * Asks {@code pg_database}. Templates are the server's own; so is {@code postgres}, unless somebody
 * has put a table into it.
 */
final class PostgresDiscovery implements Discovery {
  @Override
  public List<Found> databases(Source instance) throws DriverException {
    String maintenance = instance.connection().get("maintenance_database", "postgres");
    Source asked =
        new Source(
            maintenance,
            instance.connection().with("database", maintenance),
            instance.options(),
            instance.secrets());
    try (Login login = Login.toDump(asked);
        Psql session = Psql.open(Tools.newest(instance.options()), login)) {
      boolean unused =
          session.askBoolean(
              "SELECT NOT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid ="
                  + " c.relnamespace WHERE c.relkind IN ('r', 'p', 'm', 'f') AND n.nspname !~"
                  + " '^pg_' AND n.nspname <> 'information_schema')");
      List<Found> found = new ArrayList<>();
      // Names in hex, because they may hold what separates columns and rows.
      for (String row :
          session.ask(
              "SELECT encode(convert_to(datname::text, 'UTF8'), 'hex'), datistemplate::int,"
                  + " CASE WHEN has_database_privilege(oid, 'CONNECT') THEN"
                  + " pg_database_size(oid)::text ELSE '' END FROM pg_database ORDER BY datname")) {
        String[] columns = row.split("\t", -1);
        String name = new String(HexFormat.of().parseHex(columns[0]), StandardCharsets.UTF_8);
        boolean own =
            columns[1].equals("1")
                || (name.equals("postgres") && maintenance.equals("postgres") && unused);
        found.add(
            new Found(
                name,
                columns[2].isEmpty()
                    ? OptionalLong.empty()
                    : OptionalLong.of(Long.parseLong(columns[2])),
                own));
      }
      return List.copyOf(found);
    }
  }

  @Override
  public String place(String name, Options connection) {
    return ServerPlace.of(connection, 5432) + "/" + connection.get("database", name);
  }
}
