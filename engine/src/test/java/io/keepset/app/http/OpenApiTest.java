package io.keepset.app.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.source.ListNode;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.ScalarNode;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class OpenApiTest extends OnRunningServer {
  @Test
  void everyEndpointIsDescribedAndNothingElse() {
    assertThat(described()).isEqualTo(server.mapped("/api/v1/"));
  }

  @Test
  void theDocumentIsServed() {
    assertThat(RunningServer.json(server.send("GET", "/api/v1/openapi.json")))
        .isEqualTo(OpenApi.document());
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    MapNode document = (MapNode) OpenApi.document();
    for (String reference : references(document)) {
      MapNode at = document;
      for (String step : reference.substring(2).split("/")) {
        at = at.map(step).orElseThrow(() -> new AssertionError(reference + " leads nowhere"));
      }
    }
  }

  private static Set<String> described() {
    Set<String> operations = new TreeSet<>();
    MapNode paths = ((MapNode) OpenApi.document()).map("paths").orElseThrow();
    for (MapNode.Entry path : paths.entries()) {
      for (String method : ((MapNode) path.value()).keys()) {
        operations.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path.key());
      }
    }
    return operations;
  }

  private static Set<String> references(Node node) {
    Set<String> found = new TreeSet<>();
    if (node instanceof MapNode map) {
      map.text("$ref").ifPresent(found::add);
      map.entries().forEach(entry -> found.addAll(references(entry.value())));
    } else if (node instanceof ListNode list) {
      list.items().forEach(item -> found.addAll(references(item)));
    } else {
      assertThat(node).isInstanceOf(ScalarNode.class);
    }
    return found;
  }
}
