package io.keepset.terraform.coverage;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Validated;
import io.keepset.source.ListNode;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.ScalarNode;
import io.keepset.terraform.coverage.Resource.Action;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What {@code terraform show -json} prints of a saved plan: its {@code resource_changes}, which
 * name every resource, changed or not, in all modules.
 */
public final class TerraformPlan {
  private final List<Resource> resources;

  private TerraformPlan(List<Resource> resources) {
    this.resources = List.copyOf(resources);
  }

  /** True for what looks like one, readable or not; policy files have no such key. */
  public static boolean isOne(Node node) {
    return node instanceof MapNode map && map.get("format_version").isPresent();
  }

  /** Sensitive values never get into a message. */
  public static Validated<TerraformPlan> read(Node document) {
    if (!(document instanceof MapNode map) || map.text("format_version").isEmpty()) {
      return failed(
          "terraform.plan",
          "this is no plan: it has no format_version",
          "make one with: terraform plan -out=tfplan && terraform show -json tfplan");
    }
    String version = map.text("format_version").orElseThrow();
    if (!version.startsWith("1.") && !version.startsWith("0.")) {
      return failed(
          "terraform.plan.version",
          "the plan has format version " + version + ", and versions 0 and 1 are known",
          "use a Keepset that is as new as your Terraform");
    }
    if (map.get("resource_changes").isEmpty() && map.get("planned_values").isEmpty()) {
      return failed(
          "terraform.plan",
          map.get("values").isPresent()
              ? "this is a state, not a plan"
              : "the plan has no resource_changes and no planned_values",
          "name the saved plan: terraform show -json tfplan");
    }
    if (map.text("errored").equals(Optional.of("true"))) {
      return failed(
          "terraform.plan.errored",
          "terraform could not finish this plan, so what it would make is not known",
          "see what terraform plan says, and plan again");
    }
    List<Resource> resources = new ArrayList<>();
    for (MapNode change : map.maps("resource_changes")) {
      resource(change).ifPresent(resources::add);
    }
    resources.sort(Comparator.comparing(Resource::address));
    return Validated.of(new TerraformPlan(resources));
  }

  private static Validated<TerraformPlan> failed(String code, String message, String hint) {
    return Validated.failed(List.of(Diagnostic.error(code, message, null).withHint(hint)));
  }

  private static Optional<Resource> resource(MapNode node) {
    Optional<MapNode> change = node.map("change");
    if (change.isEmpty() || !node.text("mode").equals(Optional.of("managed"))) {
      return Optional.empty();
    }
    Action action = Action.of(texts(change.get().get("actions")));
    boolean gone = action == Action.DESTROY || action == Action.FORGET;
    String when = gone ? "before" : "after";
    // A deposed object is what a replacement left behind: only its end is planned.
    String deposed = node.text("deposed").map(key -> " (deposed " + key + ")").orElse("");
    return Optional.of(
        new Resource(
            node.text("address").orElse("?") + deposed,
            node.text("type").orElse("?"),
            action,
            new Attributes(
                change.get().get(when),
                gone ? Optional.empty() : change.get().get("after_unknown"),
                change.get().get(when + "_sensitive"))));
  }

  /** In order of address. */
  List<Resource> resources() {
    return resources;
  }

  private static List<String> texts(Optional<Node> node) {
    List<String> texts = new ArrayList<>();
    if (node.orElse(null) instanceof ListNode list) {
      for (Node item : list.items()) {
        if (item instanceof ScalarNode scalar) {
          texts.add(scalar.text());
        }
      }
    }
    return texts;
  }
}
