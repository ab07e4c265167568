package io.keepset.drivers.engine.rabbitmq;

import io.keepset.drivers.engine.rabbitmq.Definitions.Comparison;
import io.keepset.drivers.engine.rabbitmq.Definitions.Difference;
import io.keepset.drivers.tool.SecretFiles;
import io.keepset.drivers.tool.Undoing;
import io.keepset.source.MapNode;
import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest.Mode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A restore. The whole backup lies in a file that only we can read before the server is touched.
 * Afterwards the server exports again, and that is compared: an import answers "done" also where it
 * left something as it was.
 */
final class RabbitRestore {
  private static final int NAMED = 5;

  private final Broker broker;
  private final boolean makeVhost;
  private final Former former;
  private final String stamp;
  private final List<String> notes = new ArrayList<>();

  /** Queues whose messages went with them: nothing brings those back. */
  private final List<String> emptied = new ArrayList<>();

  /**
   * @param makeVhost whether the vhost has to be made first; it goes again if the restore fails
   * @param former keeps what was there until the restore is done
   * @param stamp names the file for that
   */
  RabbitRestore(Broker broker, boolean makeVhost, Former former, String stamp) {
    this.broker = broker;
    this.makeVhost = makeVhost;
    this.former = former;
    this.stamp = stamp;
  }

  RestoreReport run(InputStream artifact, Mode mode) throws DriverException {
    notes.addAll(former.left(broker));
    try (SecretFiles files = new SecretFiles()) {
      Path file = copy(artifact, files, "definitions.json");
      Selection selection = Selection.of(mode, broker.major());
      Definitions definitions = read(file, selection);
      switch (mode) {
        case NEW -> intoNew(file, definitions, selection);
        case MERGE -> merge(file, definitions, selection);
        case OVER -> over(file, definitions, selection);
      }
      notes.addAll(Selection.notes(definitions));
      notes.add("messages are not in a backup: restored queues are empty");
      return new RestoreReport(broker.describe(), notes);
    } catch (IOException e) {
      throw BrokenStream.unwrap(e, "reading the backup");
    }
  }

  private Definitions read(Path file, Selection selection) throws IOException, DriverException {
    try (InputStream in = Files.newInputStream(file)) {
      return Definitions.read(in, broker.vhost().isEmpty(), selection);
    }
  }

  private void intoNew(Path file, Definitions definitions, Selection selection)
      throws IOException, DriverException {
    if (!makeVhost) {
      orAsBefore(() -> importing(file, definitions, selection));
      return;
    }
    broker.createVhost();
    try {
      importing(file, definitions, selection);
    } catch (DriverException e) {
      throw Undoing.despiteInterrupt(() -> withoutVhost(e));
    }
  }

  private DriverException withoutVhost(DriverException why) {
    try {
      broker.deleteVhost();
      return why;
    } catch (DriverException e) {
      return new DriverException(
          why.kind(),
          why.getMessage()
              + "; what was restored until then could not be deleted again ("
              + e.getMessage()
              + "): delete vhost "
              + broker.vhost().orElse("")
              + " by hand",
          why);
    }
  }

  private void merge(Path file, Definitions definitions, Selection selection)
      throws IOException, DriverException {
    List<String> kept =
        broker.compare(definitions).different().stream()
            .filter(difference -> difference.section().keepsWhatIsThere())
            .map(Difference::name)
            .toList();
    if (!kept.isEmpty()) {
      throw Failures.rejected(
          "nothing was touched: "
              + named(kept)
              + " at "
              + broker.describe()
              + " are of another kind than in the backup, and an import leaves them as they are;"
              + " delete them there, or restore over");
    }
    try {
      importing(file, definitions, selection);
    } catch (DriverException e) {
      throw new DriverException(
          e.kind(),
          e.getMessage()
              + "; what was added until then is there: a merge can be repeated once the cause is"
              + " gone",
          e);
    }
  }

  private void over(Path file, Definitions definitions, Selection selection)
      throws IOException, DriverException {
    orAsBefore(() -> exactly(file, definitions, selection, true));
  }

  private interface Step {
    void run() throws IOException, DriverException;
  }

  private void orAsBefore(Step step) throws IOException, DriverException {
    Path before = former.keep(broker, stamp);
    try {
      step.run();
    } catch (DriverException e) {
      throw undone(before, e);
    }
    Former.forget(before);
  }

  private static Path copy(InputStream from, SecretFiles files, String name)
      throws IOException, DriverException {
    Path file = files.create(name);
    try (OutputStream out = SecretFiles.fill(file)) {
      from.transferTo(out);
    }
    return file;
  }

  /** Puts back what was there, and says so. */
  private DriverException undone(Path before, DriverException why) {
    return Undoing.despiteInterrupt(() -> undo(before, why));
  }

  private DriverException undo(Path before, DriverException why) {
    try {
      exactly(before, read(before, Selection.ALL), Selection.ALL, false);
      Former.forget(before);
      return new DriverException(
          why.kind(),
          why.getMessage() + "; the definitions are again what they were before" + losses(),
          why);
    } catch (DriverException | IOException | RuntimeException e) {
      why.addSuppressed(e);
      return new DriverException(
          why.kind(),
          why.getMessage()
              + "; and they could not be put back as they were: "
              + e.getMessage()
              + losses()
              + "; "
              + Former.way(before)
              + "; restore again once the cause is gone",
          why);
    }
  }

  private String losses() {
    return emptied.isEmpty() ? "" : ", but messages are lost: " + named(emptied);
  }

  private void exactly(Path file, Definitions definitions, Selection selection, boolean tell)
      throws IOException, DriverException {
    Comparison found = broker.compare(definitions);
    for (Difference difference : found.different()) {
      if (difference.section().keepsWhatIsThere()) {
        delete(difference, Set.of(), tell);
      }
    }
    for (Difference difference : found.surplus()) {
      // They can only be deleted with all others of that user and vhost: the import brings those.
      if (difference.section() == Section.TOPIC_PERMISSIONS) {
        delete(difference, Set.of(), tell);
      }
    }
    importing(file, definitions, selection);
    Comparison after = broker.compare(definitions);
    Set<String> going = after.surplusVhosts();
    List<Difference> surplus = new ArrayList<>(after.surplus());
    surplus.sort((one, other) -> other.section().compareTo(one.section()));
    for (Difference difference : surplus) {
      if (difference.section() != Section.USERS || !difference.name().equals(ourselves())) {
        delete(difference, going, tell);
      } else if (tell) {
        notes.add(ourselves() + " is not in the backup and stays: it is who restored");
      }
    }
    List<String> wanting = broker.compare(definitions).wanting();
    if (!wanting.isEmpty()) {
      throw incomplete(wanting);
    }
  }

  private String ourselves() {
    return "user " + broker.user();
  }

  /**
   * @param going vhosts that take along what is in them, for which we may lack permissions
   */
  private void delete(Difference difference, Set<String> going, boolean tell)
      throws DriverException {
    if (difference.item().isEmpty()) {
      return;
    }
    MapNode item = difference.item().get();
    long messages = 0;
    if (tell && difference.section() == Section.QUEUES) {
      messages =
          broker.messages(
              item.text("name").orElse(""),
              broker.vhost().or(() -> item.text("vhost")).orElse("/"));
    }
    if (difference.section() == Section.VHOSTS || !going.contains(item.text("vhost").orElse(""))) {
      broker.delete(difference.section(), item);
    }
    if (tell) {
      String note =
          difference.name()
              + " was deleted"
              + (messages > 0 ? ", and " + messages + " messages with it" : "");
      notes.add(note);
      if (messages > 0) {
        emptied.add(note);
      }
    }
  }

  private void importing(Path file, Definitions definitions, Selection selection)
      throws IOException, DriverException {
    for (Section section : Section.values()) {
      new Import(broker, section, selection).run(file);
    }
    List<String> wanting = wanting(definitions);
    if (!wanting.isEmpty()) {
      throw incomplete(wanting);
    }
  }

  private List<String> wanting(Definitions definitions) throws DriverException {
    try {
      return broker.compare(definitions).wanting();
    } catch (DriverException e) {
      if (e.kind() == Kind.DENIED) {
        throw new DriverException(
            Kind.DENIED,
            "the backup holds another password of "
                + ourselves()
                + " or takes its tag, and it was imported: correct connection.restore_password, or"
                + " restore by another user; "
                + e.getMessage(),
            e);
      }
      throw e;
    }
  }

  private DriverException incomplete(List<String> wanting) {
    return new DriverException(
        Kind.REJECTED,
        broker.describe()
            + " said that it imported everything, but afterwards "
            + named(wanting)
            + "; look into its log");
  }

  private static String named(List<String> names) {
    List<String> some = names.subList(0, Math.min(NAMED, names.size()));
    return String.join("; ", some)
        + (names.size() > NAMED ? "; and " + (names.size() - NAMED) + " more" : "");
  }
}
