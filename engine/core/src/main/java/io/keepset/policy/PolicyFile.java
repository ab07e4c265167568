package io.keepset.policy;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Severity;
import io.keepset.diagnostic.Validated;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.Readers;
import io.keepset.source.SourceFile;
import io.keepset.source.Spelling;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One policy file by itself, to ask its policies what they decide before any database uses them.
 * What other files say, environments above all, does not count here.
 */
public final class PolicyFile {
  /** The name of the policy that is nothing but a given retention. */
  public static final String GIVEN = "given";

  /** Declares nothing; knows the built-in policies all the same. */
  public static final PolicyFile NONE =
      new PolicyFile(Blocks.of(List.of(), List.of(), report -> {}));

  private final Blocks blocks;

  private PolicyFile(Blocks blocks) {
    this.blocks = blocks;
  }

  /** Judged by the schema; the spelling follows from the extension of its path. */
  public static Validated<PolicyFile> read(SourceFile file) {
    return of(Readers.read(file));
  }

  /**
   * A file with one policy, which is nothing but this retention.
   *
   * @param text a map in YAML: {@code {daily: 7, weekly: 4}}
   * @param path stands for the text in diagnostics
   */
  public static Validated<PolicyFile> ofRetention(String text, String path) {
    SourceFile file = new SourceFile(path, text.getBytes(StandardCharsets.UTF_8));
    Validated<MapNode> read = Readers.read(file, Spelling.YAML);
    MapNode retention = read.value();
    return of(
        retention == null
            ? read
            : new Validated<>(
                under("policy", under(GIVEN, under("retention", retention))), read.diagnostics()));
  }

  private static MapNode under(String key, Node value) {
    return new MapNode(value.at(), List.of(new MapNode.Entry(key, value.at(), value)));
  }

  private static Validated<PolicyFile> of(Validated<MapNode> read) {
    MapNode tree = read.value();
    if (tree == null) {
      return Validated.failed(read.diagnostics());
    }
    List<Diagnostic> found = new ArrayList<>(read.diagnostics());
    found.addAll(SchemaCheck.check(tree));
    Blocks blocks = Blocks.of(List.of(tree), List.copyOf(found), found::add);
    return new Validated<>(new PolicyFile(blocks), found);
  }

  /** Of the policies that the file declares. */
  public SortedSet<String> names() {
    return new TreeSet<>(blocks.named("policy").keySet());
  }

  /**
   * What a policy decides, below the file's own defaults; empty if neither the file declares it nor
   * it is built in. What would be a contradiction to {@code validate} is a warning here.
   */
  public Optional<Validated<PolicyTerms>> terms(String name) {
    Declared own = blocks.named("policy").get(name);
    Optional<Declared> found = own != null ? Optional.of(own) : BuiltIn.policy(name);
    return found.map(policy -> terms(policy, own == null));
  }

  private Validated<PolicyTerms> terms(Declared policy, boolean builtIn) {
    Chain chain = Chain.of(blocks.settings(), Optional.empty(), policy, builtIn);
    List<Diagnostic> doubts = new ArrayList<>();
    Subject subject =
        new Subject(
            chain.rules(),
            Optional.empty(),
            chain.levels().origins(),
            "policy " + policy.name(),
            policy.at());
    for (Diagnostic doubt : Contradictions.in(subject)) {
      if (doubt.code().startsWith("retention.")) {
        doubts.add(
            new Diagnostic(
                Severity.WARNING,
                doubt.code(),
                doubt.message(),
                doubt.hint(),
                doubt.at(),
                doubt.pointer()));
      }
    }
    ZoneId zone =
        chain.rules().schedules().values().stream()
            .findFirst()
            .map(Schedule::zone)
            .or(() -> new Reading().zone(chain.levels().tree(), "timezone"))
            .orElse(Rules.ZONE);
    Settings settings = blocks.settings().map(SettingsReader::read).orElse(Settings.DEFAULT);
    return new Validated<>(
        new PolicyTerms(
            policy.name(),
            chain.rules().schedules(),
            chain.rules().retention(),
            chain.rules().grace(),
            zone,
            settings.suspiciousBelowPercent()),
        doubts);
  }
}
