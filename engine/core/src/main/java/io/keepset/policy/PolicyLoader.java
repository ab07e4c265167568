package io.keepset.policy;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Validated;
import io.keepset.source.MapNode;
import io.keepset.source.Readers;
import io.keepset.source.SourceFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * From policy files to resolved protections, with all mistakes of all files at once, in the order
 * of the files' paths.
 *
 * <p>A loader remembers the last set that it loaded: files that are the same are not read again,
 * and databases whose blocks are the same are not resolved again, so that the cost follows the
 * change. Hand over the same {@link SourceFile} objects for files that did not change to spare even
 * the comparison of bytes. Safe for several threads, one load at a time.
 */
public final class PolicyLoader {
  /** More are refused unread. */
  public static final int MOST_FILES = 10_000;

  static final long MOST_BYTES = 32L << 20;
  private static final int WORTH_THREADS = 32;
  private static final Comparator<Diagnostic> ORDER =
      Comparator.comparing(Diagnostic::at, Comparator.nullsFirst(Comparator.naturalOrder()));

  private record Parsed(SourceFile file, @Nullable MapNode tree, List<Diagnostic> diagnostics) {
    static Parsed of(SourceFile file) {
      Validated<MapNode> read = Readers.read(file);
      if (read.value() == null) {
        return new Parsed(file, null, read.diagnostics());
      }
      List<Diagnostic> all = new ArrayList<>(read.diagnostics());
      all.addAll(SchemaCheck.check(read.value()));
      return new Parsed(file, read.value(), all);
    }

    @SuppressWarnings("ReferenceEquality") // the quick way; equal bytes are the other
    boolean isOf(SourceFile other) {
      return file == other || Arrays.equals(file.bytes(), other.bytes());
    }
  }

  private final Resolver resolver = new Resolver();
  private Map<String, Parsed> known = new HashMap<>();

  /**
   * The value is there unless the files are too many to read; it holds what could be understood in
   * spite of mistakes, so act upon {@link Validated#valid()} only.
   */
  public synchronized Validated<PolicySet> load(List<SourceFile> files) {
    List<Diagnostic> tooMuch = Intake.check(files);
    if (!tooMuch.isEmpty()) {
      return Validated.failed(tooMuch);
    }
    List<Parsed> parsed = parse(files);
    Set<Diagnostic> found = new LinkedHashSet<>();
    parsed.forEach(file -> found.addAll(file.diagnostics()));
    List<MapNode> trees = parsed.stream().map(Parsed::tree).filter(Objects::nonNull).toList();
    Blocks blocks = Blocks.of(trees, List.copyOf(found), found::add);
    SortedMap<String, Resolved> protections = resolver.resolve(blocks, found::add);
    BlockRules.check(blocks, found::add);
    if (found.stream().noneMatch(Diagnostic::isError)) {
      unused(blocks, protections).forEach(found::add);
    }
    RailReader rails = new RailReader(blocks);
    PolicySet set =
        new PolicySet(
            blocks.settings().map(SettingsReader::read).orElse(Settings.DEFAULT),
            protections,
            stores(blocks),
            instances(blocks),
            blocks.named("policy"),
            blocks.named("environment"),
            holds(blocks),
            rails.compliance(),
            rails.approvals(),
            files.size());
    return new Validated<>(set, found.stream().sorted(ORDER).toList());
  }

  /** Stores that databases do not use are in no change of a plan, so they are told apart. */
  private static List<Diagnostic> unused(Blocks blocks, SortedMap<String, Resolved> protections) {
    Map<String, Declared> unused = new TreeMap<>(blocks.named("store"));
    for (Resolved resolved : protections.values()) {
      if (unused.isEmpty()) {
        break; // usually after the first
      }
      resolved.protection().store().ifPresent(unused::remove);
      resolved.protection().copies().values().forEach(copy -> unused.remove(copy.to()));
    }
    return unused.values().stream()
        .map(
            store ->
                Diagnostic.note(
                        "store.unused", "no database uses store " + store.name(), store.at())
                    .withHint(
                        "name it in a database, an environment or keepset.defaults, or remove it"))
        .toList();
  }

  private List<Parsed> parse(List<SourceFile> files) {
    List<SourceFile> inOrder = new ArrayList<>(files);
    inOrder.sort(Comparator.comparing(SourceFile::path));
    long fresh = inOrder.stream().filter(file -> remembered(file) == null).count();
    Stream<SourceFile> stream = fresh > WORTH_THREADS ? inOrder.parallelStream() : inOrder.stream();
    List<Parsed> parsed =
        stream
            .map(
                file -> {
                  Parsed same = remembered(file);
                  return same != null ? same : Parsed.of(file);
                })
            .toList();
    Map<String, Parsed> now = new HashMap<>();
    parsed.forEach(file -> now.put(file.file().path(), file));
    known = now;
    return parsed;
  }

  private @Nullable Parsed remembered(SourceFile file) {
    Parsed before = known.get(file.path());
    return before != null && before.isOf(file) ? before : null;
  }

  private static SortedMap<String, Instance> instances(Blocks blocks) {
    SortedMap<String, Instance> instances = new TreeMap<>();
    for (Declared block : blocks.named("instance").values()) {
      InstanceCodec.of(block).ifPresent(instance -> instances.put(block.name(), instance));
    }
    return instances;
  }

  private static SortedMap<String, DeclaredHold> holds(Blocks blocks) {
    SortedMap<String, DeclaredHold> holds = new TreeMap<>();
    for (Declared block : blocks.named("hold").values()) {
      DeclaredHold.read(block).ifPresent(hold -> holds.put(block.name(), hold));
    }
    return holds;
  }

  private static SortedMap<String, StoreSpec> stores(Blocks blocks) {
    SortedMap<String, StoreSpec> stores = new TreeMap<>();
    for (Declared block : blocks.named("store").values()) {
      Reading reading = new Reading();
      SortedMap<String, String> options = reading.flat(block.body());
      String type = options.remove("type");
      if (type != null) {
        stores.put(
            block.name(), new StoreSpec(block.name(), type, new Options(options), block.at()));
      }
    }
    return stores;
  }
}
