package io.keepset.drivers.engine.postgresql;

import io.keepset.drivers.engine.postgresql.physical.BaseBackup;
import io.keepset.drivers.scratch.Redump;
import io.keepset.drivers.scratch.ScratchInstance;
import io.keepset.drivers.tool.ServerUser;
import io.keepset.policy.Options;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.EngineFacts;
import io.keepset.spi.Scratch;
import io.keepset.spi.Source;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A PostgreSQL of this machine on loopback. A dump is restored into a new cluster that has the
 * roles it names, so that owners and grants are tried too; it is dumped again then, and has to hold
 * as many rows as the archive. On a base backup the server itself starts, and recovers to the end
 * of that backup.
 */
final class PostgresScratch implements Scratch {
  /**
   * Indices are not in a dump, and the log of a restore is a multiple of its tables for a while.
   */
  private static final int SPACE = 4;

  private static final int SPACE_OF_FILES = 2;
  private static final String DATABASE = "restored";

  private static final List<Redump.Counted> COUNTED =
      List.of(
          Redump.Counted.of("tables"),
          // Not tables with data: one whose data was left out by option has data again, no rows.
          Redump.Counted.of("rows"),
          Redump.Counted.of("views"),
          Redump.Counted.of("sequences"),
          Redump.Counted.of("functions"));

  @Override
  public String describe() {
    return "`postgres`, the same or a newer major version: tables, their rows, views, sequences,"
        + " functions";
  }

  @Override
  public String describe(EngineFacts.Other way) {
    return "`postgres`, the same major version: the server's identity, the end of its recovery, and"
        + " every table of every database";
  }

  @Override
  public Optional<String> missing(Options options) {
    try {
      return ServerPrograms.installed(options).isEmpty()
          ? Optional.of(ServerPrograms.missing())
          : Optional.empty();
    } catch (DriverException e) {
      return Optional.of(e.getMessage());
    }
  }

  @Override
  public Instance start(Wanted wanted) throws DriverException {
    boolean files = BaseBackup.isFormat(wanted.facts());
    int major = ServerVersion.majorOf(wanted.facts().values().getOrDefault("server_version", ""));
    Tools tools = ServerPrograms.of(major, files, wanted.options());
    return ScratchInstance.build(
        wanted,
        files ? SPACE_OF_FILES : SPACE,
        ServerUser.of("postgres"),
        parts -> {
          ScratchCluster cluster = new ScratchCluster(tools, wanted.options(), parts);
          return files
              ? new RecoveredCluster(cluster, wanted.facts()).instance(parts)
              : ofDump(cluster, wanted.facts(), parts);
        });
  }

  private static Instance ofDump(
      ScratchCluster cluster, ArtifactFacts facts, ScratchInstance.Parts parts)
      throws DriverException, IOException {
    cluster.create();
    cluster.start();
    Source target = cluster.source("postgres");
    createRoles(cluster, facts);
    return parts.instance(
        cluster.name(),
        target,
        ScratchInstance.into(DATABASE),
        restored ->
            Redump.compare(
                facts, Redump.of(new PostgresEngine(), cluster.source(DATABASE)), COUNTED));
  }

  private static void createRoles(ScratchCluster cluster, ArtifactFacts facts)
      throws DriverException {
    try (Psql session = cluster.open("postgres")) {
      Set<String> there = new HashSet<>(session.ask("SELECT rolname FROM pg_roles"));
      for (String role : Contents.split(facts.values().getOrDefault("roles", ""))) {
        if (there.add(role)) {
          // An owner may do there what he could do here, and nobody can log in.
          session.ask("CREATE ROLE " + Psql.identifier(role) + " SUPERUSER");
        }
      }
    }
  }
}
