package io.keepset.terraform.read;

import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A state document of version 4 with nothing but outputs. Each has its type in full, so that it is
 * the same whether there are databases or not.
 *
 * @param installation tells this installation from others
 * @param environment empty means all databases
 */
record OutputsDocument(String installation, Optional<String> environment, World world) {
  private static final int VERSION = 4;

  /** The format has not changed since; older versions of Terraform read it too. */
  private static final String TERRAFORM_VERSION = "1.0.0";

  MapNode withSerial(long serial) {
    List<Database> databases = world.of(environment);
    MapBuilder outputs =
        new MapBuilder()
            .put("coverage", coverage())
            .put("databases", map(Columns.DATABASE, databases, Database::name))
            .put(
                "latest_backups",
                map(
                    Columns.LATEST_BACKUP,
                    databases.stream().filter(one -> one.newest().isPresent()).toList(),
                    Database::name))
            .put("stores", map(Columns.STORE, stores(databases), World.Store::name));
    return new MapBuilder()
        .put("version", VERSION)
        .put("terraform_version", TERRAFORM_VERSION)
        .put("serial", serial)
        .put("lineage", lineage())
        .put("outputs", outputs)
        .put("resources", List.of())
        .build();
  }

  private String lineage() {
    String name = "keepset outputs " + installation + " " + environment.orElse("");
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
  }

  private MapBuilder coverage() {
    return output(
        Column.object(Coverage.COLUMNS, Coverage.of(world, environment)),
        Column.type(Coverage.COLUMNS));
  }

  /** Of an environment those that its databases use. */
  private List<World.Store> stores(List<Database> databases) {
    if (environment.isEmpty()) {
      return List.copyOf(world.stores().values());
    }
    return world.stores().values().stream()
        .filter(
            store ->
                databases.stream()
                    .anyMatch(
                        one ->
                            one.protection()
                                .filter(
                                    p ->
                                        p.store().equals(Optional.of(store.name()))
                                            || p.copies().values().stream()
                                                .anyMatch(c -> c.to().equals(store.name())))
                                .isPresent()))
        .toList();
  }

  private static <T> MapBuilder map(
      List<Column<T>> columns, List<T> items, java.util.function.Function<T, String> name) {
    MapBuilder value = new MapBuilder();
    items.forEach(item -> value.put(name.apply(item), Column.object(columns, item)));
    return output(value, Column.mapType(columns));
  }

  private static MapBuilder output(MapBuilder value, Node type) {
    return new MapBuilder().put("value", value).put("type", type);
  }
}
