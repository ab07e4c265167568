package io.keepset.plan;

import io.keepset.policy.Approval;
import io.keepset.source.DiagnosticCodec;
import io.keepset.source.ListNode;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.ScalarNode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The approvals of a repository in a {@link PlanFile}. */
final class ApprovalCodec {
  private ApprovalCodec() {}

  static List<MapNode> encodeAll(SortedMap<String, Approval> approvals) {
    List<MapNode> nodes = new ArrayList<>();
    for (Approval approval : approvals.values()) {
      nodes.add(
          new MapBuilder()
              .put("name", approval.name())
              .put("plan", approval.plan())
              .putTexts("changes", approval.changes())
              .put("backups_deleted", approval.backupsDeleted())
              .put("reason", approval.reason())
              .put("expires", approval.expires().toString())
              .put("at", DiagnosticCodec.location(approval.at()))
              .put("expires_at", DiagnosticCodec.location(approval.expiresAt()))
              .build());
    }
    return nodes;
  }

  static SortedMap<String, Approval> decodeAll(MapNode content) {
    TreeMap<String, Approval> approvals = new TreeMap<>();
    for (MapNode map : content.maps("approvals")) {
      List<String> changes = new ArrayList<>();
      if (map.get("changes").orElse(null) instanceof ListNode list) {
        list.items().forEach(item -> changes.add(((ScalarNode) item).text()));
      }
      Approval approval =
          new Approval(
              ResolvedCodec.text(map, "name"),
              ResolvedCodec.text(map, "plan"),
              changes,
              Integer.parseInt(ResolvedCodec.text(map, "backups_deleted")),
              ResolvedCodec.text(map, "reason"),
              LocalDate.parse(ResolvedCodec.text(map, "expires")),
              ResolvedCodec.location(ResolvedCodec.map(map, "at")),
              ResolvedCodec.location(ResolvedCodec.map(map, "expires_at")));
      approvals.put(approval.name(), approval);
    }
    return approvals;
  }
}
