package io.keepset.app.http;

import io.keepset.diagnostic.Validated;
import io.keepset.source.JsonText;
import io.keepset.source.ListNode;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.ScalarNode;
import io.keepset.source.SourceFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractHttpMessageConverter;

/** Bodies are trees, written and read by the same code as everywhere else. */
final class NodeConverter extends AbstractHttpMessageConverter<Node> {
  NodeConverter() {
    super(
        StandardCharsets.UTF_8,
        MediaType.APPLICATION_JSON,
        MediaType.APPLICATION_PROBLEM_JSON,
        MediaType.ALL);
  }

  @Override
  protected boolean supports(Class<?> type) {
    return Node.class.isAssignableFrom(type);
  }

  @Override
  protected Node readInternal(Class<? extends Node> type, HttpInputMessage input)
      throws IOException {
    if (MediaType.APPLICATION_FORM_URLENCODED.equalsTypeAndSubtype(
        input.getHeaders().getContentType())) {
      // What curl --data says by itself; Spring would hand on something else than was sent.
      throw Problem.badRequest(
          "the body is sent as a form: add the header Content-Type: application/json (curl --json"
              + " does)");
    }
    byte[] bytes = Bodies.read(input.getBody());
    Validated<Node> read = JsonText.read(new SourceFile("request", bytes));
    Node node = read.valid().orElseThrow(() -> Problem.badRequest(read.diagnostics()));
    if (!isPlain(node)) {
      throw Problem.badRequest("a text or name in the body has control characters in it");
    }
    if (!type.isInstance(node)) {
      throw Problem.badRequest("the body must be a JSON object, found " + node.kind());
    }
    return node;
  }

  /** Lines of text are fine; what no database and no log takes is not. */
  private static boolean isPlain(Node node) {
    if (node instanceof MapNode map) {
      return map.entries().stream()
          .allMatch(entry -> Query.isPlain(entry.key()) && isPlain(entry.value()));
    }
    if (node instanceof ListNode list) {
      return list.items().stream().allMatch(NodeConverter::isPlain);
    }
    return !(node instanceof ScalarNode scalar && scalar.value() instanceof String text)
        || Query.isPlain(text.replaceAll("[\\n\\r\\t]", ""));
  }

  @Override
  protected void writeInternal(Node node, HttpOutputMessage output) throws IOException {
    MediaType type = output.getHeaders().getContentType();
    if (type == null || !type.isCompatibleWith(MediaType.APPLICATION_PROBLEM_JSON)) {
      output.getHeaders().setContentType(MediaType.APPLICATION_JSON);
    }
    output.getBody().write(JsonText.write(node).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public List<MediaType> getSupportedMediaTypes(Class<?> type) {
    return List.of(MediaType.APPLICATION_JSON, MediaType.APPLICATION_PROBLEM_JSON, MediaType.ALL);
  }
}
