package io.keepset.app.terraform;

import io.keepset.app.LocalState;
import io.keepset.terraform.Section;
import io.keepset.terraform.Shim;
import io.keepset.terraform.V1;
import io.keepset.terraform.state.StateSection;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the shim consists of: each section is put together here, a line each. */
public final class Sections {
  private Sections() {}

  public static Shim shim(LocalState state) {
    SortedMap<String, Section> v1 = new TreeMap<>();
    SortedMap<String, Section> sections = new TreeMap<>();
    sections.put("state", new StateSection(state.terraformStates()));
    sections.put("v1", new V1(v1));
    return new Shim(sections);
  }
}
