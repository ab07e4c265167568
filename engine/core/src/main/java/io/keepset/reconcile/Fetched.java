package io.keepset.reconcile;

import io.keepset.plan.Revision;
import io.keepset.source.SourceFile;
import java.util.List;

/**
 * The policy files of one revision. Where they came from is not looked at again.
 *
 * @param files in the order of their paths
 */
public record Fetched(Revision revision, List<SourceFile> files) {
  public Fetched {
    files = List.copyOf(files);
  }
}
