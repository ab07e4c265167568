package io.keepset.reconcile;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.plan.Action;
import io.keepset.plan.Change;
import io.keepset.plan.Figures;
import io.keepset.plan.Impact;
import io.keepset.plan.Plan;
import io.keepset.policy.Instance;
import io.keepset.policy.Instance.Exclusion;
import io.keepset.policy.Protection;
import io.keepset.policy.TargetId;
import io.keepset.spi.Discovery;
import io.keepset.spi.Discovery.Found;
import io.keepset.spi.Engine;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Databases that exist and that no file names. Each is a finding; none changes what a plan decides.
 *
 * @param changes one per database, named {@code INSTANCE/DATABASE}
 * @param notes about instances that did not answer
 */
public record Undeclared(List<Change> changes, List<Diagnostic> notes) {
  /** The platform that would look after them. */
  private static final String RUNNER = "runner";

  public Undeclared {
    changes = List.copyOf(changes);
    notes = List.copyOf(notes);
  }

  /**
   * Pure.
   *
   * @param declared databases that files name; they count even if their backups are off
   * @param listings what the instances answered, by name; those that were not asked have none
   * @param today decides which exclusions still hold
   */
  public static Undeclared find(
      Collection<Protection> declared,
      Collection<Instance> instances,
      Map<String, Listing> listings,
      Map<String, Engine> engines,
      LocalDate today) {
    List<Change> changes = new ArrayList<>();
    List<Diagnostic> notes = new ArrayList<>();
    Set<String> covered = new HashSet<>();
    for (Instance instance : instances) {
      Listing listing = listings.get(instance.name());
      if (listing == null) {
        continue;
      }
      listing.trouble().ifPresent(why -> notes.add(silent(instance, why)));
      Optional<Discovery> discovery =
          Optional.ofNullable(engines.get(instance.engine())).flatMap(Engine::discovery);
      if (discovery.isEmpty()) {
        continue;
      }
      covered.addAll(places(declared, instance.engine(), discovery.get()));
      if (discovery
          .get()
          .whole(instance.connection())
          .filter(all -> covered.contains(instance.engine() + " " + all))
          .isPresent()) {
        continue;
      }
      for (Found found : listing.databases()) {
        Exclusion exclusion = instance.excluded().get(found.database());
        boolean excluded = exclusion != null && exclusion.holdsOn(today);
        String place = discovery.get().place(found.database(), instance.connection());
        if (!found.system() && !excluded && covered.add(instance.engine() + " " + place)) {
          changes.add(change(instance, found, place, Optional.ofNullable(exclusion)));
        }
      }
    }
    return new Undeclared(changes, notes);
  }

  /** The plan with these findings; its decisions and its hash stay. */
  public Plan addTo(Plan plan) {
    List<Change> all = new ArrayList<>(plan.changes());
    all.addAll(changes);
    all.sort((one, other) -> one.target().compareTo(other.target()));
    List<Diagnostic> said = new ArrayList<>(plan.notes());
    said.addAll(notes);
    return new Plan(plan.revision(), plan.mode(), all, said);
  }

  private static Set<String> places(
      Collection<Protection> declared, String engine, Discovery discovery) {
    Set<String> places = new HashSet<>();
    for (Protection protection : declared) {
      if (protection.engine().equals(engine)) {
        Optional<String> whole = discovery.whole(protection.connection());
        places.add(
            engine
                + " "
                + whole.orElseGet(
                    () -> discovery.place(protection.name(), protection.connection())));
      }
    }
    return places;
  }

  private static Change change(
      Instance instance, Found found, String place, Optional<Exclusion> over) {
    StringBuilder message = new StringBuilder("nobody backs up database ");
    message.append(found.database()).append(" of instance ").append(instance.name());
    message.append(" (").append(place);
    found.bytes().ifPresent(bytes -> message.append(", ").append(Figures.size(bytes)));
    message.append("): it is in no file");
    over.flatMap(Exclusion::until)
        .ifPresent(day -> message.append(", and its exclusion ended on ").append(day));
    Diagnostic finding =
        Diagnostic.warning("plan.undeclared", message.toString(), instance.at())
            .withHint(
                "declare it in a database block, or say under excluded of the instance why it"
                    + " needs no backups");
    return new Change(
        Action.UNDECLARED,
        new TargetId(RUNNER, instance.name() + "/" + found.database()),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Impact.NONE,
        List.of(),
        List.of(finding),
        Optional.of(instance.at()));
  }

  private static Diagnostic silent(Instance instance, String why) {
    return Diagnostic.warning(
            "plan.discovery",
            "instance " + instance.name() + " did not say which databases it has: " + why,
            instance.at())
        .withPointer("/instance/" + instance.name())
        .withHint("mend that: a database that nobody backs up may be among them");
  }
}
