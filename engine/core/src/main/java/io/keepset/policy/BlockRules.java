package io.keepset.policy;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.source.ListNode;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.ScalarNode;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/** What one block of a kind other than database and policy must not say, by itself. */
final class BlockRules {
  private final Blocks blocks;
  private final Consumer<Diagnostic> report;

  private BlockRules(Blocks blocks, Consumer<Diagnostic> report) {
    this.blocks = blocks;
    this.report = report;
  }

  static void check(Blocks blocks, Consumer<Diagnostic> report) {
    BlockRules rules = new BlockRules(blocks, report);
    blocks.named("database").values().forEach(rules::suspension);
    blocks.named("store").values().forEach(rules::store);
    blocks.settings().ifPresent(settings -> AlertingRules.check(settings.body(), report));
    blocks.named("instance").values().forEach(rules::instance);
    blocks.named("hold").values().forEach(rules::hold);
    blocks.settings().ifPresent(rules::approvals);
    blocks.settings().ifPresent(rules::terraform);
    blocks.named("compliance").values().forEach(rules::compliance);
  }

  private void suspension(Declared database) {
    database
        .body()
        .entry("backups")
        .ifPresent(
            entry -> {
              if (entry.value() instanceof MapNode backups) {
                boolean disabled = backups.text("disabled").equals(java.util.Optional.of("true"));
                boolean paused = backups.text("paused").equals(java.util.Optional.of("true"));
                if (disabled == paused) {
                  error(
                      "backups.choice",
                      disabled
                          ? "backups can't be disabled and paused at once"
                          : "backups says neither disabled: true nor paused: true",
                      entry.keyAt(),
                      disabled ? "keep one of the two" : "say which, or remove backups");
                }
              }
            });
  }

  private void store(Declared store) {
    MapNode body = store.body();
    body.map("encryption")
        .filter(e -> e.get("key").isPresent() && e.text("disabled").orElse("").equals("true"))
        .ifPresent(
            e ->
                error(
                    "store.encryption",
                    "encryption of store " + store.name() + " has a key and is disabled",
                    e.at(),
                    "keep one of the two"));
    body.get("kms_key")
        .filter(key -> !body.text("server_side_encryption").orElse("").equals("aws:kms"))
        .ifPresent(
            key ->
                error(
                    "store.kms",
                    "kms_key needs server_side_encryption: aws:kms",
                    key.at(),
                    "add it, or remove kms_key"));
    boolean access = body.get("access_key").isPresent();
    if (access != body.get("secret_key").isPresent()) {
      error(
          "store.keys",
          "store " + store.name() + " has only one of access_key and secret_key",
          body.get(access ? "access_key" : "secret_key").map(Node::at).orElse(store.at()),
          "give both, or neither to use the machine's own credentials");
    }
  }

  private void instance(Declared instance) {
    MapNode body = instance.body();
    for (String key : List.of("database", "keyspace", "vhost")) {
      body.map("connection")
          .flatMap(connection -> connection.entry(key))
          .ifPresent(
              one ->
                  error(
                      "instance.database",
                      "instance "
                          + instance.name()
                          + " is a whole server, not one "
                          + key
                          + " of it",
                      one.keyAt(),
                      "say " + key + " in the connection of a database block"));
    }
    body.get("engine")
        .filter(node -> node instanceof ScalarNode)
        .map(node -> ((ScalarNode) node).text())
        .filter(SchemaFile.engineNames()::contains)
        .filter(engine -> SchemaFile.engine(engine).isEmpty())
        .ifPresent(
            engine ->
                error(
                    "engine.unavailable",
                    "engine " + engine + " is known, but this version can't back it up",
                    body.get("engine").orElseThrow().at(),
                    "this version can do " + String.join(" and ", SchemaFile.availableEngines())));
  }

  private void approvals(Declared settings) {
    settings
        .body()
        .map("approvals")
        .filter(rules -> rules.text("signed").equals(java.util.Optional.of("true")))
        .filter(rules -> rules.get("allowed_signers").isEmpty())
        .ifPresent(
            rules ->
                error(
                    "approvals.signers",
                    "approvals must be signed, but nothing says whose signatures are good",
                    rules.get("signed").map(Node::at).orElse(rules.at()),
                    "add allowed_signers: a file in the repository, from its top"));
  }

  private void terraform(Declared settings) {
    if (TerraformStateCodec.isWrong(settings.body())) {
      MapNode state =
          settings.body().map("terraform").flatMap(map -> map.map("state")).orElseThrow();
      error(
          "terraform.state_size",
          "a state of Terraform can't be limited to " + state.text("largest").orElse(""),
          state.get("largest").map(Node::at).orElse(state.at()),
          "choose a size from 1KiB to 512MiB; states are held in memory as a whole");
    }
  }

  private void hold(Declared hold) {
    MapNode body = hold.body();
    if (body.get("databases").isEmpty() && body.get("labels").isEmpty()) {
      error(
          "hold.nothing",
          "hold " + hold.name() + " names neither databases nor labels",
          hold.at(),
          "say what it holds");
    }
    Reading reading = new Reading();
    var from = reading.day(body, "from");
    var to = reading.day(body, "to");
    if (from.isPresent() && to.isPresent() && to.get().isBefore(from.get())) {
      error(
          "hold.period",
          "hold " + hold.name() + " ends on " + to.get() + ", before it begins on " + from.get(),
          body.get("to").map(Node::at).orElse(hold.at()),
          "swap from and to");
    }
    unknown(body, "databases", "database");
  }

  private void compliance(Declared rule) {
    rule.body()
        .map("applies_to")
        .ifPresent(
            to -> {
              unknown(to, "databases", "database");
              unknown(to, "environments", "environment");
            });
  }

  /** A warning only: what is held may have left the files, and its backups with it. */
  private void unknown(MapNode map, String key, String kind) {
    Collection<String> declared = blocks.named(kind).keySet();
    for (Node item : map.get(key).map(BlockRules::items).orElse(List.of())) {
      if (item instanceof ScalarNode name && !declared.contains(name.text())) {
        Diagnostic error = References.unknown(kind, name.text(), name.at(), declared);
        report.accept(
            Diagnostic.warning(error.code(), error.message(), error.at()).withHint(error.hint()));
      }
    }
  }

  private static List<Node> items(Node node) {
    return node instanceof ListNode list ? list.items() : List.of();
  }

  private void error(String code, String message, Location at, String hint) {
    report.accept(Diagnostic.error(code, message, at).withHint(hint));
  }
}
