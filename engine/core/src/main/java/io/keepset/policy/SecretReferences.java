package io.keepset.policy;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.source.ScalarNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rule that secrets are references, for settings that reach us by another way than the policy
 * files. Keys that the schema does not know are mistakes too: nobody can tell whether they hold a
 * secret.
 */
public final class SecretReferences {
  private final List<Diagnostic> found = new ArrayList<>();
  private final Location at;

  private SecretReferences(Location at) {
    this.at = at;
  }

  /** The mistakes in a connection and its options; no message has a value in it. */
  public static List<Diagnostic> check(Protection protection, Location at) {
    return check(
        protection.engine(),
        protection.connection(),
        ComplianceFields.own(HoldFields.own(StoreFields.own(protection.options()))),
        at);
  }

  /** The same of an instance. */
  public static List<Diagnostic> check(Instance instance, Location at) {
    return check(instance.engine(), instance.connection(), instance.options(), at);
  }

  private static List<Diagnostic> check(
      String engine, Options connection, Options options, Location at) {
    SecretReferences check = new SecretReferences(at);
    SchemaFile.engine(engine)
        .ifPresent(
            schema -> {
              check.all("connection", schema.shape("/properties/connection"), connection);
              check.all("options", schema.shape("/properties/options"), options);
            });
    return check.found;
  }

  /** The mistakes in a store's settings; no message has a value in it. */
  public static List<Diagnostic> check(StoreSpec store, Location at) {
    SecretReferences check = new SecretReferences(at);
    SchemaFile.store(store.type())
        .ifPresent(schema -> check.all("options", schema.shape(""), store.options()));
    return check.found;
  }

  private void all(String part, Shape shape, Options options) {
    for (Map.Entry<String, String> option : options.values().entrySet()) {
      one(part, shape, option.getKey(), option.getValue());
    }
  }

  private void one(String part, Shape top, String key, String value) {
    Shape shape = top;
    for (String name : key.replaceAll("\\[\\d+]", "").split("\\.", -1)) {
      Optional<Shape> child = shape.child(name);
      if (child.isEmpty()) {
        if (shape.closed()) {
          found.add(
              Diagnostic.error("key.unknown", part + " has no key " + Quote.text(key), at)
                  .withHint("remove it"));
        }
        return;
      }
      shape = child.get();
      if (shape.format().equals(Optional.of(Format.SECRET))) {
        found.addAll(Format.SECRET.check(part + "." + key, new ScalarNode(at, value)));
        return;
      }
    }
  }
}
