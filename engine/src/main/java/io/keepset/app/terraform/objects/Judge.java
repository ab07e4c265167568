package io.keepset.app.terraform.objects;

import io.keepset.app.Keepset;
import io.keepset.app.LoadedPolicies;
import io.keepset.app.Planner;
import io.keepset.app.PolicyFeed;
import io.keepset.app.PolicyFiles;
import io.keepset.app.WritablePolicies.Base;
import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.plan.Revision;
import io.keepset.policy.Declared;
import io.keepset.policy.PolicyLoader;
import io.keepset.policy.PolicySet;
import io.keepset.reconcile.DesiredState;
import io.keepset.reconcile.PlanMemory;
import io.keepset.reconcile.Proposal;
import io.keepset.source.SourceFile;
import io.keepset.spi.DriverException;
import io.keepset.terraform.Refusal;
import io.keepset.terraform.objects.ObjectName;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * What the policies would be with an object changed, and what they would do: read, loaded, planned
 * and judged as those in force are, before anything is written. Costs what changes from one to the
 * next. Not for several threads.
 */
final class Judge {
  /** A platform may answer otherwise about a wish after a while. */
  private static final Duration MEMORY = Duration.ofMinutes(10);

  private final Keepset keepset;
  private final InForceView inForce;
  private final ObjectFiles files;
  private final PolicyLoader loader = new PolicyLoader();
  private PlanMemory memory = new PlanMemory();
  private Instant memoryFrom = Instant.EPOCH;

  Judge(Keepset keepset, InForceView inForce, ObjectFiles files) {
    this.keepset = keepset;
    this.inForce = inForce;
    this.files = files;
  }

  /**
   * Policies without mistakes.
   *
   * @param said about them, pointing into what was submitted where it is about that
   */
  record Sound(PolicySet policies, List<Diagnostic> said) {}

  /**
   * The policies with an object changed.
   *
   * @param bytes its file; empty if it is removed
   * @throws Refusal 422 if what was submitted has mistakes, 409 if the others do not go with it
   */
  Sound load(Base base, ObjectName object, Optional<byte[]> bytes) {
    List<SourceFile> all = files.with(object, bytes, base.files().files());
    LoadedPolicies loaded =
        LoadedPolicies.load(
            new PolicyFiles(all, base.files().diagnostics()),
            loader,
            LocalDate.ofInstant(keepset.clock().instant(), ZoneOffset.UTC));
    SourceFile file = new SourceFile(files.path(object), bytes.orElse(new byte[0]));
    SubmittedPointers pointers = new SubmittedPointers(object, file);
    List<Diagnostic> said = loaded.set().diagnostics();
    List<Diagnostic> told = pointers.translate(said);
    Optional<Location> elsewhere = elsewhere(object, loaded);
    if (elsewhere.isPresent()) {
      throw ofPeople(object, elsewhere.get());
    }
    if (loaded.set().valid().isPresent()) {
      return new Sound(loaded.set().valid().get(), told);
    }
    if (said.stream().anyMatch(d -> d.isError() && pointers.concerns(d))) {
      throw new Refusal(422, first(told.stream().filter(d -> d.at() == null).toList()), told);
    }
    throw new Refusal(
        409,
        "with this the policies would have mistakes elsewhere, so nothing was written: "
            + first(told),
        told);
  }

  private static String first(List<Diagnostic> diagnostics) {
    return diagnostics.stream()
        .filter(Diagnostic::isError)
        .findFirst()
        .map(
            d ->
                (d.at() == null ? "" : d.at() + ": ")
                    + d.message()
                    + (d.pointer() == null || d.pointer().isEmpty() ? "" : " at " + d.pointer()))
        .orElse("");
  }

  /** Where an object is declared by somebody else, if it is. */
  Optional<Location> elsewhere(Base base, ObjectName object) {
    PolicyFiles others =
        new PolicyFiles(
            files.with(object, Optional.empty(), base.files().files()), base.files().diagnostics());
    return elsewhere(
        object,
        LoadedPolicies.load(
            others, loader, LocalDate.ofInstant(keepset.clock().instant(), ZoneOffset.UTC)));
  }

  private Optional<Location> elsewhere(ObjectName object, LoadedPolicies loaded) {
    for (Diagnostic diagnostic : loaded.set().diagnostics()) {
      boolean twice =
          diagnostic.code().equals("block.duplicate")
              && object.pointer().equals(diagnostic.pointer());
      if (twice && diagnostic.at() != null && !isOurs(object, diagnostic.at())) {
        return Optional.of(diagnostic.at());
      }
    }
    return Optional.ofNullable(loaded.set().value())
        .flatMap(set -> declared(object, set))
        .filter(at -> !isOurs(object, at));
  }

  private boolean isOurs(ObjectName object, Location at) {
    return at.file().equals(files.path(object));
  }

  private static Optional<Location> declared(ObjectName object, PolicySet set) {
    String name = object.name();
    return switch (object.kind()) {
      case DATABASE -> Optional.ofNullable(set.protections().get(name)).map(d -> d.declaredAt());
      case STORE -> Optional.ofNullable(set.stores().get(name)).map(store -> store.at());
      case HOLD -> Optional.ofNullable(set.holds().get(name)).map(hold -> hold.at());
      case POLICY -> Optional.ofNullable(set.policies().get(name)).map(Declared::at);
      case ENVIRONMENT -> Optional.ofNullable(set.environments().get(name)).map(Declared::at);
    };
  }

  static Refusal ofPeople(ObjectName object, Location at) {
    return new Refusal(
        409,
        object
            + " is declared in "
            + at.file()
            + ", line "
            + at.line()
            + ", by people, and only they change it there: choose another name, or remove it there"
            + " first",
        List.of(
            Diagnostic.error(
                    "object.elsewhere", object + " is declared in a file that people wrote", at)
                .withHint("choose another name, or remove it there first")));
  }

  /** Plans and asks the guards. */
  Proposal propose(Revision revision, PolicyFeed.Provenance provenance, Sound sound)
      throws DriverException {
    Instant now = keepset.clock().instant();
    if (!now.isBefore(memoryFrom.plus(MEMORY))) {
      memory = new PlanMemory();
      memoryFrom = now;
    }
    PolicySet policies = sound.policies();
    Planner planner = keepset.planner();
    return planner
        .reconciler(policies, planner.precedents(provenance, policies), memory)
        .propose(
            DesiredState.of(revision, policies, sound.said(), memory),
            inForce.mode(policies),
            now,
            1);
  }
}
