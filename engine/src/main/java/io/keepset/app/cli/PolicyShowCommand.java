package io.keepset.app.cli;

import io.keepset.policy.BuiltIn;
import io.keepset.policy.Declared;
import io.keepset.policy.PolicySet;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Readers;
import io.keepset.source.SourceFile;
import io.keepset.source.Spelling;
import io.keepset.source.Writers;
import io.keepset.source.Written;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "show",
    description = "A policy as YAML, to read or to start from; built-in ones too.",
    footer = {"", "Example: keepset policy show compose > policies/mine.yaml"})
final class PolicyShowCommand implements Callable<Integer> {
  private final Shell shell;

  @Parameters(index = "0", paramLabel = "NAME", description = "Name of the policy.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private String name;

  PolicyShowCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    PolicySet set = shell.load(null).set().value();
    Declared declared = set == null ? null : set.policies().get(name);
    Optional<String> yaml = declared == null ? BuiltIn.yaml(name) : Optional.of(yaml(declared));
    if (yaml.isEmpty()) {
      throw new CommandException(
          ExitCode.FAILED, "policy " + name + " is not declared; see keepset policy list");
    }
    Console console = shell.console();
    if (shell.globals().json()) {
      console.json(tree(yaml.get()));
    } else {
      console.out().print(yaml.get());
    }
    return ExitCode.DONE.code();
  }

  private static String yaml(Declared policy) {
    MapNode file =
        new MapBuilder().put("policy", new MapBuilder().put(policy.name(), policy.body())).build();
    return Writers.write(file, Spelling.YAML).valid().map(Written::text).orElseThrow();
  }

  private static MapNode tree(String yaml) {
    return Readers.read(new SourceFile("policy.yaml", yaml.getBytes(StandardCharsets.UTF_8)))
        .valid()
        .orElseThrow();
  }
}
