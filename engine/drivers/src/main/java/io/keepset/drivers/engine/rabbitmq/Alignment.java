package io.keepset.drivers.engine.rabbitmq;

import io.keepset.drivers.engine.rabbitmq.Definitions.Comparison;
import io.keepset.drivers.engine.rabbitmq.Definitions.Difference;
import io.keepset.source.MapNode;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Brings definitions to a broker. Afterwards the server exports again, and that is compared: an
 * import answers "done" also where it left something as it was.
 */
final class Alignment {
  private static final int NAMED = 5;

  private final Broker broker;
  private final List<String> notes = new ArrayList<>();

  /** Queues whose messages went with them: nothing brings those back. */
  private final List<String> emptied = new ArrayList<>();

  Alignment(Broker broker) {
    this.broker = broker;
  }

  /**
   * Definitions in a file.
   *
   * @param content of it that counts
   */
  record Wanted(Path file, Definitions content, Selection selection) {
    /**
     * @throws DriverException DAMAGED if it is no good file
     */
    static Wanted read(Path file, Broker broker, Selection selection)
        throws IOException, DriverException {
      try (InputStream in = Files.newInputStream(file)) {
        return new Wanted(
            file, Definitions.read(in, broker.vhost().isEmpty(), selection), selection);
      }
    }
  }

  /** What was deleted, for people, in order. */
  List<String> notes() {
    return notes;
  }

  /** What no undoing brings back, for the end of a sentence. */
  String losses() {
    return emptied.isEmpty() ? "" : ", but messages are lost: " + named(emptied);
  }

  /** Adds what is missing and deletes nothing. */
  void add(Wanted wanted) throws IOException, DriverException {
    for (Section section : Section.values()) {
      new Import(broker, section, wanted.selection()).run(wanted.file());
    }
    requireAll(compareAfterwards(wanted));
  }

  /**
   * Deletes what is not wanted, too.
   *
   * @param tell whether to note what is deleted
   */
  void exactly(Wanted wanted, boolean tell) throws IOException, DriverException {
    Comparison found = broker.compare(wanted.content());
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
    add(wanted);
    deleteSurplus(broker.compare(wanted.content()), tell);
    requireAll(broker.compare(wanted.content()));
  }

  private void deleteSurplus(Comparison found, boolean tell) throws DriverException {
    Set<String> going = found.surplusVhosts();
    List<Difference> surplus = new ArrayList<>(found.surplus());
    surplus.sort((one, other) -> other.section().compareTo(one.section()));
    for (Difference difference : surplus) {
      if (difference.section() != Section.USERS || !difference.name().equals(ourselves())) {
        delete(difference, going, tell);
      } else if (tell) {
        notes.add(ourselves() + " is not in the backup and stays: it is who restored");
      }
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
      Deletion.run(broker, difference.section(), item);
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

  private Comparison compareAfterwards(Wanted wanted) throws DriverException {
    try {
      return broker.compare(wanted.content());
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

  private void requireAll(Comparison comparison) throws DriverException {
    List<String> wanting = comparison.wanting();
    if (!wanting.isEmpty()) {
      throw Failures.rejected(
          broker.describe()
              + " said that it imported everything, but afterwards "
              + named(wanting)
              + "; look into its log");
    }
  }

  /** The first few of them. */
  static String named(List<String> names) {
    List<String> some = names.subList(0, Math.min(NAMED, names.size()));
    return String.join("; ", some)
        + (names.size() > NAMED ? "; and " + (names.size() - NAMED) + " more" : "");
  }
}
