package io.keepset.app.cli;

import io.keepset.app.LoadedPolicies;
import io.keepset.policy.BuiltIn;
import io.keepset.policy.Declared;
import io.keepset.policy.PolicySet;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
    name = "list",
    description = "All policies, built-in ones too, and how many databases use each.")
final class PolicyListCommand implements Callable<Integer> {
  private final Shell shell;

  PolicyListCommand(Shell shell) {
    this.shell = shell;
  }

  private record Row(String name, long databases, Optional<Declared> declared) {
    String from() {
      return declared.map(d -> d.at().file() + ":" + d.at().line()).orElse("built-in");
    }

    MapNode json() {
      return new MapBuilder()
          .put("name", name)
          .put("databases", databases)
          .put("builtIn", declared.isEmpty())
          .putText("declaredAt", declared.map(d -> d.at().toString()))
          .build();
    }
  }

  @Override
  public Integer call() throws Exception {
    LoadedPolicies loaded = shell.load(null);
    PolicySet set = loaded.set().value() == null ? PolicySet.EMPTY : loaded.set().value();
    TreeSet<String> names = new TreeSet<>(BuiltIn.names());
    names.addAll(set.policies().keySet());
    List<Row> rows = new ArrayList<>();
    for (String name : names) {
      long used = set.protections().values().stream().filter(r -> r.policy().equals(name)).count();
      rows.add(new Row(name, used, Optional.ofNullable(set.policies().get(name))));
    }
    Console console = shell.console();
    if (shell.globals().json()) {
      console.json(MapBuilder.list(rows.stream().map(Row::json).toList()));
    } else {
      int widest = rows.stream().mapToInt(row -> row.name().length()).max().orElse(0);
      for (Row row : rows) {
        String name = row.name() + " ".repeat(widest - row.name().length());
        String used = row.databases() + (row.databases() == 1 ? " database " : " databases");
        console.out().printf("%s  %14s  %s%n", name, used, row.from());
      }
    }
    if (loaded.set().hasErrors()) {
      console.note("There are mistakes in these files: see keepset validate");
    }
    return ExitCode.DONE.code();
  }
}
