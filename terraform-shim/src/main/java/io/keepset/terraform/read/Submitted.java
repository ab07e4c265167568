package io.keepset.terraform.read;

import io.keepset.source.JsonText;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.ScalarNode;
import io.keepset.source.SourceFile;
import io.keepset.source.Spelling;
import io.keepset.terraform.Refusal;
import io.keepset.terraform.Request;
import io.keepset.terraform.coverage.TerraformPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What somebody sends to have it planned: one policy text, many as {@code {"files": {"a.yaml":
 * "…"}}}, or a plan of Terraform's. Terraform sends no content type unless told to, so the text
 * itself decides where there is none.
 *
 * @param files policy texts
 * @param terraform a plan of Terraform's instead
 */
record Submitted(List<SourceFile> files, Optional<Node> terraform) {
  /** As much as the plan of a very large configuration takes. */
  private static final int MOST = 48 << 20;

  /** Of policy texts, together: 10,000 databases have 2 MB. */
  private static final int MOST_POLICIES = 8 << 20;

  private static final Pattern HCL =
      Pattern.compile(
          "\\A(?:\\s|#[^\\n]*\\n|//[^\\n]*\\n|/\\*.*?\\*/)*+[A-Za-z_][\\w-]*(?:\\s++\"[^\"\\n]*+\")*+\\s*[{=]",
          Pattern.DOTALL);

  static Submitted read(Request request) throws IOException {
    byte[] body = request.body().readNBytes(MOST + 1);
    if (body.length > MOST) {
      throw new Refusal(413, "more than 48 MiB is not read");
    }
    String text = new SourceFile("request", body).text();
    if (text.isBlank()) {
      throw new Refusal(
          400,
          "the body is empty: send policy text, or what terraform show -json prints of a plan");
    }
    Spelling spelling = spelling(request, text);
    if (spelling == Spelling.JSON) {
      Optional<Node> tree = JsonText.read(new SourceFile("request.json", body)).valid();
      if (tree.isPresent() && TerraformPlan.isOne(tree.get())) {
        return new Submitted(List.of(), tree);
      }
      Optional<List<SourceFile>> several = tree.flatMap(Submitted::several);
      if (several.isPresent()) {
        bounded(several.get());
        return new Submitted(several.get(), Optional.empty());
      }
    }
    String name = request.query("file").orElse("request." + spelling.word());
    return new Submitted(List.of(new SourceFile(named(name), body)), Optional.empty());
  }

  private static void bounded(List<SourceFile> files) {
    long bytes = files.stream().mapToLong(file -> file.bytes().length).sum();
    if (bytes > MOST_POLICIES) {
      throw new Refusal(
          413, "policy texts may have 8 MiB together, these have " + bytes + " bytes");
    }
  }

  private static Spelling spelling(Request request, String text) {
    Optional<Spelling> named = request.query("file").flatMap(Spelling::of);
    if (named.isPresent()) {
      return named.get();
    }
    String type = request.header("content-type").orElse("").toLowerCase(Locale.ROOT);
    if (type.contains("yaml")) {
      return Spelling.YAML;
    }
    if (type.contains("hcl")) {
      return Spelling.HCL;
    }
    if (type.contains("json") || text.stripLeading().startsWith("{")) {
      return Spelling.JSON;
    }
    return HCL.matcher(text).lookingAt() ? Spelling.HCL : Spelling.YAML;
  }

  /** Texts by path, if that is what the tree holds; no kind of block is called files. */
  private static Optional<List<SourceFile>> several(Node tree) {
    if (!(tree instanceof MapNode map)
        || !map.keys().equals(List.of("files"))
        || map.map("files").isEmpty()) {
      return Optional.empty();
    }
    List<SourceFile> files = new ArrayList<>();
    for (MapNode.Entry entry : map.map("files").get().entries()) {
      if (!(entry.value() instanceof ScalarNode scalar)
          || !(scalar.value() instanceof String text)) {
        throw new Refusal(400, "files." + entry.key() + " is no text; write file(…) there");
      }
      files.add(new SourceFile(named(entry.key()), text.getBytes(StandardCharsets.UTF_8)));
    }
    return Optional.of(files);
  }

  private static String named(String path) {
    if (Spelling.of(path).isEmpty()) {
      throw new Refusal(
          400, "policy files end in .yaml, .yml, .hcl or .json, which " + path + " does not");
    }
    return path;
  }
}
