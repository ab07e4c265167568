package io.keepset.terraform.read;

import io.keepset.diagnostic.Location;
import io.keepset.source.MapBuilder;
import io.keepset.source.Node;
import io.keepset.source.ScalarNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One attribute of the objects that are told about things of one kind. Each object has each
 * attribute, null where there is nothing to tell, so that an expression that names one never fails.
 *
 * @param type in the type language of Terraform's state files
 */
record Column<T>(String name, Node type, Function<T, Node> value) {
  private static final Location NOWHERE = new Location("output", 1, 1);
  private static final Node NULL = new ScalarNode(NOWHERE, (String) null);
  private static final Node STRING = MapBuilder.text("string");
  private static final Node NUMBER = MapBuilder.text("number");
  private static final Node BOOL = MapBuilder.text("bool");

  static <T> Column<T> text(String name, Function<T, @Nullable String> value) {
    return new Column<>(name, STRING, item -> MapBuilder.text(value.apply(item)));
  }

  static <T> Column<T> maybe(String name, Function<T, Optional<String>> value) {
    return new Column<>(
        name, STRING, item -> value.apply(item).<Node>map(MapBuilder::text).orElse(NULL));
  }

  /** RFC 3339 in UTC, so that {@code timecmp} takes it. */
  static <T> Column<T> time(String name, Function<T, Optional<Instant>> value) {
    return maybe(name, item -> value.apply(item).map(Instant::toString));
  }

  static <T> Column<T> seconds(String name, Function<T, Optional<Duration>> value) {
    return number(name, item -> value.apply(item).map(Duration::toSeconds));
  }

  static <T> Column<T> number(String name, Function<T, Optional<Long>> value) {
    return new Column<>(
        name, NUMBER, item -> value.apply(item).<Node>map(Column::number).orElse(NULL));
  }

  static <T> Column<T> count(String name, Function<T, Integer> value) {
    return number(name, item -> Optional.of(value.apply(item).longValue()));
  }

  static <T> Column<T> flag(String name, Function<T, Boolean> value) {
    return new Column<>(name, BOOL, item -> new ScalarNode(NOWHERE, value.apply(item)));
  }

  static <T> Column<T> texts(String name, Function<T, Collection<String>> value) {
    return new Column<>(
        name,
        MapBuilder.list(List.of(MapBuilder.text("list"), STRING)),
        item -> MapBuilder.list(value.apply(item).stream().map(MapBuilder::text).toList()));
  }

  private static Node number(long value) {
    return new ScalarNode(NOWHERE, value);
  }

  /** The object of one thing. */
  static <T> MapBuilder object(List<Column<T>> columns, T item) {
    return add(new MapBuilder(), columns, item);
  }

  static <T> MapBuilder add(MapBuilder map, List<Column<T>> columns, T item) {
    columns.forEach(column -> map.put(column.name(), column.value().apply(item)));
    return map;
  }

  /** The type of such an object. */
  static <T> Node type(List<Column<T>> columns) {
    MapBuilder attributes = new MapBuilder();
    columns.forEach(column -> attributes.put(column.name(), column.type()));
    return MapBuilder.list(List.of(MapBuilder.text("object"), attributes.build()));
  }

  /** The type of a map with such objects. */
  static <T> Node mapType(List<Column<T>> columns) {
    return MapBuilder.list(List.of(MapBuilder.text("map"), type(columns)));
  }
}
