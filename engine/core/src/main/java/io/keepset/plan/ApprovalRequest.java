package io.keepset.plan;

import io.keepset.diagnostic.Location;
import io.keepset.policy.Approval;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Spelling;
import io.keepset.source.Writers;
import io.keepset.source.Written;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The approval that would let a refused plan pass, ready to be put into a policy file.
 *
 * @param approval what is asked for
 * @param spelling of the file that caused it
 */
public record ApprovalRequest(Approval approval, Spelling spelling) {
  /** How long somebody has to agree and to apply. */
  private static final int DAYS = 14;

  private static final String LIMITS = "limits";
  private static final int LONGEST_NAME = 63;

  /** Stands where only a person knows what to say. */
  private static final String REASON = "say here why this is right";

  /**
   * @param changes that need agreement, in order
   * @param casualties how many backups the plan costs
   * @param cause the first line that caused it
   * @param taken names that are in the files already
   */
  static ApprovalRequest of(
      Plan plan,
      List<String> changes,
      int casualties,
      Optional<Location> cause,
      LocalDate today,
      Collection<String> taken) {
    Location at = new Location("approval", 1, 1);
    return new ApprovalRequest(
        new Approval(
            name(plan, changes, taken),
            plan.hash(),
            changes,
            casualties,
            REASON,
            today.plusDays(DAYS),
            at,
            at),
        cause.flatMap(place -> Spelling.of(place.file())).orElse(Spelling.YAML));
  }

  private static String name(Plan plan, List<String> changes, Collection<String> taken) {
    String first =
        changes.stream()
            .map(Grading::head)
            .filter(head -> !head.equals(LIMITS))
            .findFirst()
            .orElse("plan");
    String end = "-" + plan.hash().substring(0, 8);
    // HCL wants a letter first; a database may be called 7.
    String start = "approve-" + first;
    String base = start.substring(0, Math.min(start.length(), LONGEST_NAME - 12)) + end;
    String name = base;
    for (int i = 2; taken.contains(name); i++) {
      name = base + "-" + i;
    }
    return name;
  }

  /** A name for the file, so that the block can be put into one of its own. */
  public String file() {
    return approval.name() + "." + spelling.word();
  }

  /** The whole text of such a file. */
  public String text() {
    return Writers.write(block(), spelling)
        .valid()
        .or(() -> Writers.write(block(), Spelling.YAML).valid())
        .map(Written::text)
        .orElseThrow(() -> new IllegalStateException("an approval can be written as YAML"));
  }

  /** As it stands in files, whatever their spelling. */
  public MapNode block() {
    return new MapBuilder()
        .put(
            "approval",
            new MapBuilder()
                .put(
                    approval.name(),
                    new MapBuilder()
                        .put("plan", approval.plan())
                        .putTexts("changes", approval.changes())
                        .put("backups_deleted", approval.backupsDeleted())
                        .put("reason", approval.reason())
                        .put("expires", approval.expires().toString())))
        .build();
  }
}
