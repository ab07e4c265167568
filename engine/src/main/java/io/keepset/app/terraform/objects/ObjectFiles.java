package io.keepset.app.terraform.objects;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Validated;
import io.keepset.source.JsonText;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Readers;
import io.keepset.source.SourceFile;
import io.keepset.terraform.Refusal;
import io.keepset.terraform.objects.CanonicalJson;
import io.keepset.terraform.objects.ObjectName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Objects as policy files: one to a file, in a folder of their own, so that no other is touched.
 */
final class ObjectFiles {
  private final String folder;

  /**
   * @param folder below the root of the policies, without a slash at its ends
   */
  ObjectFiles(String folder) {
    this.folder = folder;
  }

  String path(ObjectName object) {
    return folder + "/" + object.kind().word() + "/" + object.name() + ".json";
  }

  /** The text of an object's file: the same for equal content. */
  byte[] text(ObjectName object, MapNode content) {
    MapNode file =
        new MapBuilder()
            .put(
                object.kind().word(),
                new MapBuilder().put(object.name(), CanonicalJson.sorted(content)))
            .build();
    return JsonText.write(file).getBytes(StandardCharsets.UTF_8);
  }

  Optional<SourceFile> find(ObjectName object, List<SourceFile> files) {
    String path = path(object);
    return files.stream().filter(file -> file.path().equals(path)).findFirst();
  }

  /** All but one object's, and that one as it is to be. */
  List<SourceFile> with(ObjectName object, Optional<byte[]> bytes, List<SourceFile> files) {
    String path = path(object);
    List<SourceFile> all = new ArrayList<>(files.size() + 1);
    for (SourceFile file : files) {
      if (!file.path().equals(path)) {
        all.add(file);
      }
    }
    bytes.ifPresent(text -> all.add(new SourceFile(path, text)));
    return all;
  }

  /**
   * What an object's file says.
   *
   * @throws Refusal 409 if somebody made something else of it than one object
   */
  Optional<MapNode> content(ObjectName object, List<SourceFile> files) {
    Optional<SourceFile> file = find(object, files);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    Validated<MapNode> read = Readers.read(file.get());
    Optional<MapNode> whole = read.valid();
    Optional<MapNode> content =
        whole
            .flatMap(map -> map.map(object.kind().word()))
            .filter(map -> map.keys().equals(List.of(object.name())))
            .flatMap(map -> map.map(object.name()));
    if (content.isEmpty() || whole.orElseThrow().keys().size() > 1) {
      List<Diagnostic> why = read.diagnostics();
      throw new Refusal(
          409,
          file.get().path()
              + " is the file of "
              + object
              + ", and somebody made something else of it: put back what was there, or remove it",
          why);
    }
    return content;
  }
}
