package io.keepset.app;

import io.keepset.policy.EditorSchema;
import io.keepset.source.JsonText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The files of a new policy repository. */
public final class Starter {
  /** No resource, but all schemas in one. */
  private static final String SCHEMA = "schema";

  /** Path in the new repository to the resource with its text. */
  private static final Map<String, String> FILES = new LinkedHashMap<>();

  static {
    FILES.put("README.md", "init/README.md");
    FILES.put("keepset.yaml", "init/keepset.yaml");
    FILES.put("policies.yaml", "init/policies.yaml");
    FILES.put("databases.yaml", "init/databases.yaml");
    FILES.put(".gitignore", "init/gitignore");
    FILES.put(".github/workflows/keepset.yaml", "init/ci.yaml");
    // In a hidden folder, because a visible .json file would be a policy file.
    FILES.put(".keepset/schemas/policy.schema.json", SCHEMA);
  }

  private Starter() {}

  /** Which of the starter's files are there already. */
  public static List<String> inTheWay(Path directory) {
    return FILES.keySet().stream()
        .filter(file -> Files.exists(directory.resolve(file), LinkOption.NOFOLLOW_LINKS))
        .toList();
  }

  /**
   * Writes all files; never over another.
   *
   * @return what was written, relative to the directory
   * @throws IOException also if one of the files is there already
   */
  public static List<String> write(Path directory) throws IOException {
    List<String> written = new ArrayList<>();
    for (Map.Entry<String, String> file : FILES.entrySet()) {
      Path path = directory.resolve(file.getKey());
      Path folder = path.getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Files.write(path, resource(file.getValue()), StandardOpenOption.CREATE_NEW);
      written.add(file.getKey());
    }
    return written;
  }

  private static byte[] resource(String name) throws IOException {
    if (name.equals(SCHEMA)) {
      return (JsonText.write(EditorSchema.bundle()) + "\n").getBytes(StandardCharsets.UTF_8);
    }
    try (InputStream in = Starter.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("not packed: " + name);
      }
      return in.readAllBytes();
    }
  }
}
