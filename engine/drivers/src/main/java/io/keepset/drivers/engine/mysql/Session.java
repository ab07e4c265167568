package io.keepset.drivers.engine.mysql;

import io.keepset.drivers.tool.ToolCommand;
import io.keepset.drivers.tool.ToolExit;
import io.keepset.drivers.tool.ToolProcess;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * A session in the server's own client. It is the one way that this driver asks a server anything:
 * the same library, settings, sockets and certificates as the dump itself, so that what works here
 * works there.
 */
final class Session implements AutoCloseable {
  private static final String END = "--keepset-end-of-answer--";
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Tools tools;
  private final Login login;
  private final ToolProcess process;
  private final BufferedReader answers;

  private Session(Tools tools, Login login, Duration patience) throws DriverException {
    this.tools = tools;
    this.login = login;
    List<String> arguments =
        List.of(
            login.optionFile(tools),
            "--batch",
            "--skip-column-names",
            "--unbuffered",
            "--connect-timeout=" + login.connectTimeout(),
            "--no-auto-rehash");
    process =
        ToolProcess.start(
            new ToolCommand(
                tools.client(), arguments, new TreeMap<>(), login.scrubber(), patience));
    answers = new BufferedReader(new InputStreamReader(process.stdout(), StandardCharsets.UTF_8));
  }

  static Session open(Tools tools, Login login) throws DriverException {
    return open(tools, login, PATIENCE);
  }

  /**
   * @param patience longest time that one statement may take
   */
  static Session open(Tools tools, Login login, Duration patience) throws DriverException {
    Session session = new Session(tools, login, patience);
    try {
      // Quotes and backslashes mean what this driver takes them for, whatever the server's mode.
      session.ask("SET SESSION sql_mode = ''");
      return session;
    } catch (DriverException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** Rows of the answer. NULL is the text {@code NULL}. */
  List<List<String>> rows(String sql) throws DriverException {
    try {
      OutputStream in = process.stdin();
      in.write((sql + ";\nSELECT '" + END + "';\n").getBytes(StandardCharsets.UTF_8));
      in.flush();
      List<List<String>> rows = new ArrayList<>();
      for (String row = answers.readLine(); row != null; row = answers.readLine()) {
        if (row.equals(END)) {
          return rows;
        }
        rows.add(Arrays.stream(row.split("\t", -1)).map(Session::unescape).toList());
      }
    } catch (IOException e) {
      // It has ended; its exit says why.
    }
    ToolExit exit = process.finish();
    throw Failures.explain(tools.client(), exit, login);
  }

  /** First columns of the answer. */
  List<String> ask(String sql) throws DriverException {
    return rows(sql).stream().map(row -> row.get(0)).toList();
  }

  String askOne(String sql) throws DriverException {
    List<String> rows = ask(sql);
    if (rows.size() != 1) {
      throw new DriverException(
          Kind.TRANSIENT, "the server answered " + rows.size() + " rows instead of one to: " + sql);
    }
    return rows.get(0);
  }

  boolean askBoolean(String sql) throws DriverException {
    return askOne(sql).equals("1");
  }

  /** As {@code --batch} escapes what would be taken for the end of a column or row. */
  private static String unescape(String column) {
    if (column.indexOf('\\') < 0) {
      return column;
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < column.length(); i++) {
      char c = column.charAt(i);
      if (c == '\\' && i + 1 < column.length()) {
        char escaped = column.charAt(++i);
        text.append(
            switch (escaped) {
              case 'n' -> '\n';
              case 't' -> '\t';
              case '0' -> '\0';
              default -> escaped;
            });
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  @Override
  public void close() {
    try {
      process.stdin().close();
      process.finish();
    } catch (IOException | DriverException e) {
      // It was asked to end and did, one way or the other.
    }
    process.close();
  }
}
