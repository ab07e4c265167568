package io.keepset.drivers.engine.scylla;

import io.keepset.drivers.stream.PulledTar;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Dump;
import io.keepset.spi.Source;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A snapshot on every node, under way into one tar. The files of a snapshot never change, so what a
 * node does meanwhile is no matter; the snapshots go when this is closed.
 */
final class SnapshotDump implements Dump {
  private final Snapshots snapshots;
  private final ArtifactFacts facts;
  private final PulledTar tar;
  private final InputStream stream;
  private final List<String> warnings = new ArrayList<>();
  private volatile boolean closed;
  private volatile Optional<DriverException> broken = Optional.empty();

  private SnapshotDump(Snapshots snapshots, ArtifactFacts facts, PulledTar tar, Place place) {
    this.snapshots = snapshots;
    this.facts = facts;
    this.tar = tar;
    this.stream = new Told(tar, place);
  }

  /**
   * @param tag of the snapshots; nobody else's
   */
  static SnapshotDump start(Source source, String tag) throws DriverException {
    Place place = Place.toDump(source);
    List<String> warnings = new ArrayList<>();
    try (Cql cql = Cql.open(place)) {
      requireKeyspace(cql, place);
      Schema schema = cql.schema(place.keyspace());
      SortedMap<String, String> tables = cql.tables(place.keyspace());
      Header header = header(cql, place);
      requireNodes(cql.size(), place, warnings);
      Snapshots snapshots = new Snapshots(place, place.keyspace(), tag);
      try {
        snapshots.take();
        if (!cql.schema(place.keyspace()).equals(schema)) {
          throw new DriverException(
              Kind.TRANSIENT,
              "the definitions of keyspace "
                  + place.keyspace()
                  + " changed while snapshots were taken; nothing of this run is kept");
        }
        SnapshotDump dump = begin(snapshots, place, tables, header, schema);
        dump.warnings.addAll(warnings);
        return dump;
      } catch (DriverException | RuntimeException e) {
        snapshots.clear();
        throw e;
      }
    }
  }

  private static SnapshotDump begin(
      Snapshots snapshots,
      Place place,
      SortedMap<String, String> tables,
      Header header,
      Schema schema)
      throws DriverException {
    List<SnapshotFiles.Item> files = snapshots.files(tables);
    List<TarSource.Text> texts = new ArrayList<>();
    texts.add(new TarSource.Text(Header.ENTRY, header.bytes()));
    for (Schema.Statement statement : schema.statements()) {
      String entry =
          "schema/%05d-%s-%s.cql"
              .formatted(
                  texts.size(), statement.type(), statement.name().replaceAll("[^\\w()-]", "_"));
      texts.add(new TarSource.Text(entry, statement.cql().getBytes(StandardCharsets.UTF_8)));
    }
    long sstables = files.stream().filter(item -> item.entry().endsWith("-Data.db")).count();
    long bytes = files.stream().mapToLong(SnapshotFiles.Item::size).sum();
    ArtifactFacts facts = SnapshotReader.facts(header, schema, sstables, files.size(), bytes);
    return new SnapshotDump(snapshots, facts, new PulledTar(new TarSource(texts, files)), place);
  }

  private static void requireKeyspace(Cql cql, Place place) throws DriverException {
    if (!cql.exists(place.keyspace())) {
      throw new DriverException(
          Kind.NOT_FOUND,
          "there is no keyspace "
              + place.keyspace()
              + " on "
              + place.where()
              + "; check connection.keyspace (the block's name if left out)");
    }
    if (cql.tables(place.keyspace()).isEmpty()) {
      throw new DriverException(
          Kind.NOT_FOUND, "the keyspace " + place.keyspace() + " holds no table");
    }
  }

  private static void requireNodes(int size, Place place, List<String> warnings)
      throws DriverException {
    int named = place.nodes().size();
    if (named < size && !place.part()) {
      throw new DriverException(
          Kind.REJECTED,
          "the cluster has "
              + size
              + " nodes, the block names "
              + named
              + ": what lives only on the others would be missing; name them all in"
              + " connection.nodes, or say options.part_of_cluster: true, and Keepset will not"
              + " restore it into this cluster");
    }
    if (named != size) {
      warnings.add(
          "the cluster has "
              + size
              + " nodes, the backup is of "
              + named
              + ": what lives only on the others is not in it");
    }
  }

  private static Header header(Cql cql, Place place) throws DriverException {
    return new Header(
        place.rest() ? "scylla" : "cassandra",
        Release.of(place, cql, true),
        place.keyspace(),
        place.nodes().stream().map(Place.Node::name).toList());
  }

  @Override
  public InputStream stream() {
    return stream;
  }

  @Override
  public Report finish() throws DriverException {
    if (broken.isPresent()) {
      throw broken.get();
    }
    if (closed || !tar.ended()) {
      throw new DriverException(
          Kind.TRANSIENT, "the snapshot was not read to its end; nothing of it is kept");
    }
    List<String> told = new ArrayList<>(warnings);
    told.addAll(snapshots.clear());
    return new Report(facts, List.of(), told);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      try {
        tar.close();
      } catch (IOException e) {
        // It was only read.
      }
      snapshots.clear();
    }
  }

  /** What breaks it is told by {@link #finish}. */
  private final class Told extends FilterInputStream {
    private final Place place;

    Told(InputStream in, Place place) {
      super(in);
      this.place = place;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      try {
        return broken.isPresent() ? -1 : in.read(bytes, offset, length);
      } catch (IOException e) {
        broken = Optional.of(Failures.explain("reading the snapshot", e, place));
        return -1;
      }
    }
  }
}
