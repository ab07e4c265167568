package io.keepset.app.terraform;

import io.keepset.app.terraform.objects.KeptAnswers;
import io.keepset.app.terraform.objects.PolicyObjects;
import io.keepset.terraform.Section;
import io.keepset.terraform.Shim;
import io.keepset.terraform.V1;
import io.keepset.terraform.objects.ObjectsSection;
import io.keepset.terraform.state.StateSection;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the shim consists of: each section is put together here, a line each. */
public final class Sections {
  private Sections() {}

  public static Shim shim(Engine engine) {
    SortedMap<String, Section> v1 = new TreeMap<>();
    v1.put("objects", objects(engine));
    SortedMap<String, Section> sections = new TreeMap<>();
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
            PolicyObjects.Settings.USUAL),
        new KeptAnswers(engine.state().database().answeredWrites(), engine.keepset().clock()));
  }
}
