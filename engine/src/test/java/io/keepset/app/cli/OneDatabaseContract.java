package io.keepset.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.cli.CommandLineForTests.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Commands on a directory of policies that declares one database in {@code policies/a.yaml}. */
abstract class OneDatabaseContract {
  @TempDir Path work;

  CommandLineForTests keepset;

  @BeforeEach
  void declareOneDatabase() throws IOException {
    keepset = new CommandLineForTests(work.resolve("data")).with("KEEPSET_POLICIES", policies());
    Files.createDirectory(work.resolve("policies"));
    write(30, "orders");
  }

  /** Puts the approval into the files that a refusal printed, to the letter. */
  void approve(Result refused) throws IOException {
    Matcher matcher =
        Pattern.compile("such as (\\S+), and have it reviewed:\n\n(approval:\n(?:  .*\n)+)")
            .matcher(refused.out());
    assertThat(matcher.find()).as(refused.out()).isTrue();
    Files.writeString(work.resolve("policies").resolve(matcher.group(1)), matcher.group(2));
  }

  String policies() {
    return work.resolve("policies").toString();
  }

  void write(int daily, String... databases) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("policy:\n  gold:\n    final_backup: false\n");
    text.append("    schedule: {nightly: {cron: \"0 2 * * *\", timezone: Europe/Berlin}}\n");
    text.append("    retention: {daily: ").append(daily).append("}\n");
    text.append("store:\n  main: {type: directory, path: ").append(work).append("/store}\n");
    text.append("database:\n");
    for (String database : databases) {
      text.append("  ").append(database).append(":\n");
      text.append("    engine: postgresql\n    policy: gold\n    store: main\n");
      text.append("    connection: {host: localhost, database: ");
      text.append(database).append(", user: u, password: env:PW}\n");
    }
    Files.writeString(work.resolve("policies/a.yaml"), text);
  }
}
