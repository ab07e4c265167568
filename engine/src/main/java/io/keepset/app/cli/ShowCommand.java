package io.keepset.app.cli;

import io.keepset.app.LoadedPolicies;
import io.keepset.diagnostic.Location;
import io.keepset.policy.Origin;
import io.keepset.policy.PolicySet;
import io.keepset.policy.ProtectionFields;
import io.keepset.policy.Resolved;
import io.keepset.source.MapBuilder;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "show",
    description = "The resolved protection of a database, and which file and line set each value.",
    footer = {"", "Example: keepset show orders"})
final class ShowCommand implements Callable<Integer> {
  private final Shell shell;

  @Parameters(index = "0", paramLabel = "DB", description = "Name of the database.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private String database;

  ShowCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    LoadedPolicies loaded = shell.load(null);
    PolicySet set = loaded.set().value();
    Resolved resolved = set == null ? null : set.protections().get(database);
    if (resolved == null) {
      shell.console().diagnostics(loaded.set().diagnostics(), loaded::textOf);
      throw new CommandException(
          ExitCode.FAILED,
          loaded.set().hasErrors()
              ? "database " + database + " could not be resolved"
              : "database "
                  + database
                  + " is not declared; declared: "
                  + (set == null || set.protections().isEmpty()
                      ? "none"
                      : String.join(", ", set.protections().keySet().stream().limit(10).toList())));
    }
    if (shell.globals().json()) {
      shell.console().json(json(resolved).build());
    } else {
      text(resolved);
    }
    if (loaded.set().hasErrors()) {
      shell.console().note("There are mistakes in these files: see keepset validate");
    }
    return ExitCode.DONE.code();
  }

  private void text(Resolved resolved) {
    Console console = shell.console();
    Map<String, String> fields = ProtectionFields.of(resolved.protection());
    int widest = fields.keySet().stream().mapToInt(String::length).max().orElse(0);
    int wide =
        fields.values().stream()
            .mapToInt(String::length)
            .filter(length -> length <= 40)
            .max()
            .orElse(0);
    console
        .out()
        .println(
            console.paint(Console.Colour.BOLD, database)
                + "  policy "
                + resolved.policy()
                + ", declared at "
                + place(resolved.declaredAt()));
    fields.forEach(
        (path, value) -> {
          Origin origin = resolved.origins().get(path);
          String from = origin == null ? "" : describe(origin);
          console
              .out()
              .println(
                  "  "
                      + pad(path, widest)
                      + "  "
                      + pad(value, wide)
                      + "  "
                      + console.paint(Console.Colour.FAINT, from));
        });
  }

  private static String describe(Origin origin) {
    return origin.at() == null ? origin.level() : place(origin.at()) + "  " + origin.level();
  }

  private static String place(Location at) {
    return at.file() + ":" + at.line();
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  private MapBuilder json(Resolved resolved) {
    MapBuilder fields = new MapBuilder();
    ProtectionFields.of(resolved.protection())
        .entrySet()
        .forEach(field -> fields.put(field.getKey(), field(field, resolved)));
    return new MapBuilder()
        .put("name", database)
        .put("policy", resolved.policy())
        .put("declaredAt", resolved.declaredAt().toString())
        .put("fields", fields);
  }

  private static MapBuilder field(Map.Entry<String, String> field, Resolved resolved) {
    MapBuilder out = new MapBuilder().put("value", field.getValue());
    Origin origin = resolved.origins().get(field.getKey());
    if (origin != null) {
      out.put("level", origin.level());
      if (origin.at() != null) {
        out.put("at", origin.at().toString());
      }
    }
    return out;
  }
}
