package io.keepset.terraform;

import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything under {@code /terraform/v1}: what Terraform asks for by {@code data "http"} and what
 * REST providers write. The second segment of the path finds who answers.
 */
public final class V1 implements Section {
  private final SortedMap<String, Section> sections;

  /**
   * @param sections by the second segment of their paths: {@code status}, {@code objects}; each
   *     gets the whole path
   */
  public V1(SortedMap<String, Section> sections) {
    this.sections = new TreeMap<>(sections);
  }

  @Override
  public Reply answer(Request request) throws IOException {
    Section section = request.path().size() < 2 ? null : sections.get(request.path().get(1));
    if (section == null) {
      throw new Refusal(
          404,
          "there is nothing at this path: version 1 has /terraform/v1/"
              + String.join(", /terraform/v1/", sections.keySet()));
    }
    return section.answer(request);
  }
}
