package io.keepset.drivers.engine.postgresql;

import io.keepset.drivers.tool.ToolCommand;
import io.keepset.drivers.tool.ToolExit;
import io.keepset.drivers.tool.ToolProcess;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * A session in {@code psql}. It is the one way that this driver asks a server anything: the same
 * library, settings, sockets, certificates and password files as the dump itself, so that what
 * works here works there.
 */
final class Psql implements AutoCloseable {
  private static final String END = "--keepset-end-of-answer--";
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Login login;
  private final ToolProcess process;
  private final BufferedReader answers;
  private final Charset charset;

  private Psql(Tools tools, Login login, String database, Charset charset, List<String> more)
      throws DriverException {
    this.login = login;
    this.charset = charset;
    TreeMap<String, String> environment = new TreeMap<>(login.environment());
    environment.put("PGDATABASE", database);
    if (charset.equals(StandardCharsets.UTF_8)) {
      environment.put("PGCLIENTENCODING", "UTF8");
    }
    List<String> arguments = new ArrayList<>(more);
    arguments.addAll(
        List.of("-X", "-w", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-f", "-"));
    process =
        ToolProcess.start(
            new ToolCommand(
                tools.program("psql"), arguments, environment, login.scrubber(), PATIENCE));
    answers = new BufferedReader(new InputStreamReader(process.stdout(), charset));
  }

  static Psql open(Tools tools, Login login) throws DriverException {
    return new Psql(tools, login, login.database(), StandardCharsets.UTF_8, List.of());
  }

  /** A session that shows names as the bytes they are in the database, one char each. */
  static Psql openRaw(Tools tools, Login login) throws DriverException {
    return openRaw(tools, login, login.database());
  }

  /** The same in another database of the server. */
  static Psql openRaw(Tools tools, Login login, String database) throws DriverException {
    return new Psql(tools, login, database, StandardCharsets.ISO_8859_1, List.of());
  }

  /** A session that takes the commands of replication, and not SQL. */
  static Psql openReplication(Tools tools, Login login) throws DriverException {
    return new Psql(
        tools, login, login.database(), StandardCharsets.UTF_8, List.of("-d", "replication=true"));
  }

  /** Rows of the answer, columns separated by tabs. */
  List<String> ask(String sql) throws DriverException {
    try {
      OutputStream in = process.stdin();
      in.write((sql + ";\n\\echo " + END + "\n").getBytes(charset));
      in.flush();
      List<String> rows = new ArrayList<>();
      for (String row = answers.readLine(); row != null; row = answers.readLine()) {
        if (row.equals(END)) {
          return rows;
        }
        rows.add(row);
      }
    } catch (IOException e) {
      // It has ended; its exit says why.
    }
    ToolExit exit = process.finish();
    throw Failures.explain("psql", exit, login);
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
    return askOne("SELECT (" + sql + ")::int").equals("1");
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

  static String literal(String text) {
    String quoted = "'" + text.replace("'", "''") + "'";
    return text.indexOf('\\') < 0 ? quoted : " E" + quoted.replace("\\", "\\\\");
  }

  static String identifier(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
