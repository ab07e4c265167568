package io.keepset.drivers.engine.mongodb;

import com.mongodb.MongoException;
import com.mongodb.client.MongoDatabase;
import io.keepset.drivers.stream.OuterStream;
import io.keepset.drivers.tool.Undoing;
import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.RestoreReport;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * A restore: everything is loaded under names of its own first, and counted. Over a database, the
 * loaded collections then change places with those that are there, by renames.
 */
final class MongoRestore {
  private final RestorePlan plan;
  private final MongoDatabase database;
  private final Loading loading;
  private final List<String> notes = new ArrayList<>();

  MongoRestore(RestorePlan plan) {
    this.plan = plan;
    this.database = plan.database();
    this.loading =
        new Loading(database, plan.over() ? Collection.RESTORING + plan.stamp() + "." : "");
  }

  RestoreReport run(InputStream artifact) throws DriverException {
    Optional<DriverException> failure = load(artifact);
    if (failure.isPresent()) {
      throw undo(failure.get());
    }
    Exchange exchange =
        new Exchange(
            plan.server(),
            database,
            loading,
            Collection.BEFORE + plan.stamp() + ".",
            plan.untouched());
    try {
      if (plan.over()) {
        exchange.run();
        notes.addAll(exchange.notes());
      }
      loading.createViews();
    } catch (MongoException e) {
      throw undo(Failures.explain("restoring", e, plan.server().address()));
    } catch (DriverException e) {
      throw exchange.stuck() ? e : undo(e);
    }
    notes.addAll(loading.notes());
    notes.add("users and roles are not in a backup of one database, and are as they were");
    RestoreReport report =
        new RestoreReport(
            "database " + plan.name() + " on " + plan.server().address().where(), notes);
    return plan.over() ? report : report.at("database", plan.name());
  }

  private Optional<DriverException> load(InputStream artifact) {
    OuterStream outer = new OuterStream(artifact);
    ArchiveParser parser = new ArchiveParser(loading, false);
    try (InputStream archive = new GZIPInputStream(outer, 64 * 1024)) {
      ArchiveCheck.pass(archive, parser);
      loading.complete(parser.contents());
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(BrokenStream.unreadable(e));
    } catch (MongoException e) {
      return Optional.of(Failures.explain("restoring", e, plan.server().address()));
    } catch (DriverException e) {
      return Optional.of(e);
    }
  }

  /** What was loaded goes; what was there before is there still. */
  private DriverException undo(DriverException failure) {
    return Undoing.despiteInterrupt(() -> undone(failure));
  }

  private DriverException undone(DriverException failure) {
    try {
      loading.drop();
      return failure;
    } catch (MongoException e) {
      return new DriverException(
          failure.kind(),
          failure.getMessage()
              + "; what was loaded could not be removed ("
              + plan.server().address().scrubber().scrub(String.valueOf(e.getMessage()))
              + "): drop "
              + (plan.over()
                  ? "the collections " + loading.prefix() + "*"
                  : "the database " + plan.name()),
          failure);
    }
  }
}
