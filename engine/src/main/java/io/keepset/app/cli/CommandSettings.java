package io.keepset.app.cli;

import io.keepset.app.Version;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** How all commands parse and how their help looks. */
final class CommandSettings {
  private CommandSettings() {}

  static void apply(CommandLine line) {
    line.getCommandSpec().version("keepset " + Version.current());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setAbbreviatedOptionsAllowed(false);
    line.setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF));
    applyHelp(line);
  }

  /** The options that every command has would bury its own: they are shown once, by the root. */
  private static void applyHelp(CommandLine line) {
    CommandSpec spec = line.getCommandSpec();
    spec.usageMessage().width(100).abbreviateSynopsis(spec.parent() == null);
    if (spec.parent() != null) {
      line.getHelpSectionMap()
          .put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, CommandSettings::ownOptions);
      line.getHelpSectionMap()
          .put(UsageMessageSpec.SECTION_KEY_SYNOPSIS, CommandSettings::synopsis);
    }
    line.getSubcommands().values().forEach(CommandSettings::applyHelp);
  }

  private static String ownOptions(Help help) {
    List<OptionSpec> own = own(help.commandSpec());
    return help.optionListExcludingGroups(own)
        + "\nGlobal options (--policies, --git, --data, --server, --json …): see keepset --help\n";
  }

  private static String synopsis(Help help) {
    CommandSpec spec = help.commandSpec();
    StringBuilder text = new StringBuilder(spec.qualifiedName());
    if (!own(spec).isEmpty()) {
      text.append(" [OPTIONS]");
    }
    spec.positionalParameters()
        .forEach(
            p ->
                text.append(' ')
                    .append(p.arity().min() == 0 ? "[" + p.paramLabel() + "]" : p.paramLabel()));
    if (!spec.subcommands().isEmpty()) {
      text.append(" COMMAND");
    }
    return text.append('\n').toString();
  }

  private static List<OptionSpec> own(CommandSpec spec) {
    return spec.options().stream().filter(o -> !o.inherited() && !o.hidden()).toList();
  }
}
