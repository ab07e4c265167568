package io.keepset.app.terraform;

import io.keepset.app.terraform.objects.KeptAnswers;
import io.keepset.app.terraform.objects.PolicyObjects;
import io.keepset.terraform.Section;
import io.keepset.terraform.Shim;
import io.keepset.terraform.V1;
import io.keepset.terraform.objects.ObjectsSection;
import io.keepset.terraform.read.CoverageSection;
import io.keepset.terraform.read.DatabasesSection;
import io.keepset.terraform.read.DriftSection;
import io.keepset.terraform.read.Installation;
import io.keepset.terraform.read.OutputsSection;
import io.keepset.terraform.read.PlanSection;
import io.keepset.terraform.read.StatusSection;
import io.keepset.terraform.read.Trials;
import io.keepset.terraform.state.StateSection;
import java.time.InstantSource;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the shim consists of: each section is put together here, a line each. */
public final class Sections {
  private Sections() {}

  public static Shim shim(Engine engine, Installation installation, Trials trials) {
    InstantSource clock = engine.keepset().clock();
    SortedMap<String, Section> v1 = new TreeMap<>();
    v1.put("coverage", new CoverageSection(installation));
    v1.put("databases", new DatabasesSection(installation, clock));
    v1.put("drift", new DriftSection(installation));
    v1.put("objects", objects(engine));
    v1.put("plan", new PlanSection(trials, clock));
    v1.put("status", new StatusSection(installation));
    SortedMap<String, Section> sections = new TreeMap<>();
    sections.put("outputs", new OutputsSection(installation, clock));
    sections.put("state", new StateSection(engine.state().terraformStates()));
    sections.put("v1", new V1(v1));
    return new Shim(sections);
  }

  private static Section objects(Engine engine) {
    return new ObjectsSection(
        new PolicyObjects(
            engine.feed().writable(),
            engine.keepset(),
            engine.inForce(),
            engine.wake(),
            engine.objects()),
        new KeptAnswers(engine.state().database().answeredWrites(), engine.keepset().clock()));
  }
}
