package io.keepset.terraform.coverage;

import io.keepset.policy.Protection;
import io.keepset.policy.Resolved;
import io.keepset.policy.Suspension;
import io.keepset.terraform.coverage.Finding.Verdict;
import io.keepset.terraform.coverage.OwnBackups.State;
import io.keepset.terraform.coverage.Resource.Action;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Which resources of a Terraform plan have backups by policy.
 *
 * @param findings one for each resource that keeps data, in order of address
 */
public record Coverage(List<Finding> findings) {
  public Coverage {
    findings = List.copyOf(findings);
  }

  /**
   * Pure.
   *
   * @param declared the databases of policy files
   * @param acceptOwn backups of the platform's own are enough, if the plan turns them on
   * @param today decides whether a suspension holds
   */
  public static Coverage of(
      TerraformPlan plan, Collection<Resolved> declared, boolean acceptOwn, LocalDate today) {
    List<Finding> findings = new ArrayList<>();
    for (Resource resource : plan.resources()) {
      Kinds.of(resource.type())
          .map(kind -> new Judgement(resource, kind, declared, acceptOwn, today).finding())
          .ifPresent(findings::add);
    }
    return new Coverage(findings.stream().map(one -> warned(one, findings)).toList());
  }

  /**
   * What goes while policy files still count on it is worth a word, unless something replaces it.
   */
  private static Finding warned(Finding finding, List<Finding> all) {
    if (!finding.action().equals(Action.DESTROY.word()) || finding.databases().isEmpty()) {
      return finding;
    }
    List<String> left = new ArrayList<>(finding.databases());
    all.stream()
        .filter(other -> other.verdict() != Verdict.DESTROYED)
        .forEach(other -> left.removeAll(other.databases()));
    return left.isEmpty()
        ? finding
        : finding.because(
            "is destroyed; policy files still declare "
                + String.join(", ", left)
                + ", whose backups will fail");
  }

  public int count(Verdict verdict) {
    return (int) findings.stream().filter(one -> one.verdict() == verdict).count();
  }

  /** Nothing is without backups that nobody said should be. */
  public boolean complete() {
    return count(Verdict.BARE) == 0;
  }

  /** What is said about one resource. */
  private record Judgement(
      Resource resource,
      Kind kind,
      Collection<Resolved> declared,
      boolean acceptOwn,
      LocalDate today) {
    Finding finding() {
      OwnBackups own = OwnBackups.of(kind, resource.attributes());
      if (resource.action() == Action.DESTROY || resource.action() == Action.FORGET) {
        return gone(own);
      }
      Optional<String> part = part();
      if (part.isPresent()) {
        return finding(Verdict.EXEMPT, List.of(), Optional.empty(), own, part.get());
      }
      Match match = Match.of(kind, resource.attributes(), declared);
      if (!match.named().isEmpty()) {
        return finding(
            Verdict.BARE,
            match.databases(),
            match.by(),
            own,
            "its tag names "
                + String.join(", ", match.named())
                + ", which no policy file declares");
      }
      return match.databases().isEmpty() ? unmatched(own) : matched(match, own);
    }

    private Finding gone(OwnBackups own) {
      Match match = Match.of(kind, resource.attributes(), declared);
      String what = resource.action() == Action.DESTROY ? "is destroyed" : "is forgotten";
      return finding(
          Verdict.DESTROYED,
          match.databases(),
          match.by().filter(by -> !match.databases().isEmpty()),
          own,
          what);
    }

    private Optional<String> part() {
      if (kind.always()) {
        return Optional.of("belongs to something that is looked at by itself");
      }
      for (String attribute : kind.partOf()) {
        int equals = attribute.indexOf('=');
        String path = equals < 0 ? attribute : attribute.substring(0, equals);
        Value value = resource.attributes().at(path);
        boolean set =
            equals < 0
                ? value.text().filter(text -> !text.isEmpty()).isPresent()
                    // A source that is made in the same plan has no name yet.
                    || (value.unseen() && resource.action() == Action.CREATE && explicit(path))
                : value.text().equals(Optional.of(attribute.substring(equals + 1)));
        if (set) {
          return Optional.of("is a replica, or part of something else, by its " + path);
        }
      }
      return Match.exempt(resource.attributes()).map(why -> "its tag says why: " + why);
    }

    /** An attribute that the provider computes may be unknown without anybody having set it. */
    private static boolean explicit(String path) {
      return path.equals("replicate_source_db") || path.equals("replication_source_identifier");
    }

    private Finding unmatched(OwnBackups own) {
      Optional<String> unseen = Match.unseen(kind, resource.attributes());
      if (acceptOwn && own.state() == State.ON) {
        return finding(
            Verdict.COVERED,
            List.of(),
            Optional.empty(),
            own,
            "no policy, but backups of the platform's own: " + own.detail().orElse(""));
      }
      if (unseen.isPresent()) {
        return finding(
            Verdict.UNKNOWN,
            List.of(),
            Optional.empty(),
            own,
            unseen.get()
                + " can't be seen before the apply; the tag keepset:database says which database"
                + " of the policy files it is");
      }
      return finding(
          Verdict.BARE,
          List.of(),
          Optional.empty(),
          own,
          "no policy file has a database for it; declare one, or name it in the tag"
              + " keepset:database");
    }

    private Finding matched(Match match, OwnBackups own) {
      List<Resolved> working =
          match.databases().stream().filter(one -> makesBackups(one.protection())).toList();
      List<Resolved> suspended =
          match.databases().stream().filter(one -> suspended(one.protection())).toList();
      String names = String.join(", ", names(match.databases()));
      if (!working.isEmpty()) {
        return finding(Verdict.COVERED, match.databases(), match.by(), own, "is database " + names);
      }
      return suspended.isEmpty()
          ? finding(
              Verdict.BARE,
              match.databases(),
              match.by(),
              own,
              "is database " + names + ", whose policy has no schedule")
          : finding(
              Verdict.SUSPENDED,
              match.databases(),
              match.by(),
              own,
              "is database "
                  + names
                  + ", without backups on purpose: "
                  + suspended.get(0).protection().suspension().map(Suspension::reason).orElse(""));
    }

    private boolean makesBackups(Protection protection) {
      boolean scheduled = !protection.schedules().isEmpty() || protection.pointInTime().isPresent();
      return scheduled && !suspended(protection);
    }

    private boolean suspended(Protection protection) {
      return protection.suspension().filter(s -> s.holdsOn(today)).isPresent();
    }

    private static List<String> names(List<Resolved> databases) {
      return databases.stream().map(one -> one.protection().name()).toList();
    }

    private Finding finding(
        Verdict verdict,
        List<Resolved> databases,
        Optional<String> by,
        OwnBackups own,
        String reason) {
      return new Finding(
          resource.address(),
          resource.type(),
          resource.action().word(),
          verdict,
          names(databases),
          databases.stream().map(Resolved::policy).sorted().distinct().toList(),
          by,
          own.state().word(),
          own.detail(),
          reason);
    }
  }
}
