package io.keepset.drivers.engine.rethinkdb;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.policy.Protection;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.Attachment;
import io.keepset.spi.Discovery;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Dump;
import io.keepset.spi.Engine;
import io.keepset.spi.EngineFacts;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.RestoreStamp;
import io.keepset.spi.Scratch;
import io.keepset.spi.Source;
import io.keepset.spi.Unsupported;
import io.keepset.spi.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** One database of RethinkDB, in the archive format of {@code rethinkdb dump}. */
public final class RethinkEngine implements Engine {
  public static final String NAME = "rethinkdb";

  private final InstantSource clock;
  private final Server.Opener opener;

  /**
   * @param clock names archives, and what restores make
   */
  public RethinkEngine(InstantSource clock) {
    this(clock, DriverServer::open);
  }

  RethinkEngine(InstantSource clock, Server.Opener opener) {
    this.clock = clock;
    this.opener = address -> new PatientServer(opener.open(address), address);
  }

  @Override
  public EngineFacts facts() {
    return new EngineFacts(
        NAME,
        "rethinkdb dump",
        ".tar.gz",
        "each table as it was while it was read, in the order of its primary key",
        "a server in memory of the tests; no real one",
        List.of(),
        EnumSet.of(Mode.NEW, Mode.OVER));
  }

  @Override
  public List<Diagnostic> unsupported(Protection desired) {
    return Unsupported.pointInTime(
        desired, "rethinkdb on runner can't restore to a point in time: its backups are dumps");
  }

  @Override
  public List<Diagnostic> check(Source source) {
    List<Diagnostic> findings = new ArrayList<>();
    try {
      Address address = Address.toDump(source);
      try (Server server = opener.open(address)) {
        RethinkDump.requireDatabase(server, address);
        for (String table : server.tables(address.database())) {
          server.info(address.database(), table);
          server.empty(address.database(), table);
        }
        findings.add(Diagnostic.note("engine.server", "RethinkDB at " + address.where(), null));
      } catch (Server.Unwell e) {
        throw e.reason();
      }
    } catch (DriverException e) {
      findings.add(Diagnostic.error("engine.connection", e.getMessage(), null));
    }
    return findings;
  }

  @Override
  public Scratch scratch() {
    return new RethinkScratch(this, opener);
  }

  @Override
  public Optional<Discovery> discovery() {
    return Optional.of(new RethinkDiscovery(opener));
  }

  @Override
  public Dump dump(Source source) throws DriverException {
    return RethinkDump.start(source, opener, "rethinkdb_dump_" + stamp());
  }

  @Override
  public Verdict verify(InputStream artifact) throws DriverException {
    return Verdict.of(artifact, RethinkEngine::verdict);
  }

  private static Verdict verdict(InputStream artifact) throws IOException {
    ArchiveReader reader =
        new ArchiveReader(
            new ArchiveReader.Taker() {
              @Override
              public boolean wantsDocuments() {
                return false;
              }
            });
    try {
      reader.read(artifact);
    } catch (MalformedArchive e) {
      return Verdict.bad("this is no whole archive of rethinkdb dump: " + e.getMessage());
    }
    ArtifactFacts facts = reader.facts();
    return Verdict.good(
        facts,
        List.of(
            facts.values().get("documents")
                + " documents in "
                + facts.values().get("tables")
                + " tables, all read to their end"));
  }

  @Override
  public void checkRestore(ArtifactFacts facts, Source target, RestoreRequest request)
      throws DriverException {
    Address address = Address.toRestore(target);
    try (Server server = opener.open(address)) {
      check(server, address, request, stamp());
    } catch (Server.Unwell e) {
      throw e.reason();
    }
  }

  @Override
  public String afterKilledRestore() {
    return "check the server that it went to: what was loaded is in a database *_restoring_*, what"
        + " it had begun to replace in *_before_*";
  }

  @Override
  public RestoreReport restore(
      InputStream artifact,
      ArtifactFacts facts,
      List<Attachment> attachments,
      Source target,
      RestoreRequest request)
      throws DriverException {
    Address address = Address.toRestore(target);
    String stamp = stamp();
    try (Server server = opener.open(address)) {
      check(server, address, request, stamp);
      RethinkRestore restore = new RethinkRestore(server, opener, address, stamp);
      return request.mode() == Mode.OVER
          ? restore.over(artifact)
          : restore.intoNew(artifact, newName(address, request, stamp));
    } catch (Server.Unwell e) {
      throw e.reason();
    }
  }

  private static String newName(Address address, RestoreRequest request, String stamp) {
    return request.newName().orElse(address.database() + "_restored_" + stamp);
  }

  private static void check(Server server, Address address, RestoreRequest request, String stamp)
      throws DriverException {
    List<String> databases = server.databases();
    if (request.mode() == Mode.OVER) {
      if (!databases.contains(address.database())) {
        throw new DriverException(
            Kind.NOT_FOUND,
            "there is no database "
                + address.database()
                + " to restore over; restore into a new one");
      }
      return;
    }
    String name = newName(address, request, stamp);
    if (!name.matches("[A-Za-z0-9_-]{1,127}") || name.equals("rethinkdb")) {
      throw new DriverException(
          Kind.REJECTED,
          "\"" + name + "\" can't be the name of a database: letters, digits, _ and - only");
    }
    if (databases.contains(name)) {
      throw new DriverException(
          Kind.REJECTED,
          "the database "
              + name
              + " is there already on "
              + address.where()
              + "; choose another name, or restore over it");
    }
  }

  private String stamp() {
    return RestoreStamp.of(clock.instant());
  }
}
