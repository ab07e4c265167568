package io.keepset.drivers.engine.mysql;

import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a dump to its end: what is in it, and whether it is whole. A dump that was cut loads
 * without a complaint, so its last line is the proof. Nothing in the format shows a changed byte
 * among the rows.
 */
final class DumpScan implements DumpLines.Listener {
  static final String FORMAT = "mysql-dump";

  private static final String SANDBOX = "/*M!999999\\- enable the sandbox mode */";
  private static final Pattern TOOL =
      Pattern.compile("^-- (?:MariaDB|MySQL) dump \\S+\\s+Distrib ([0-9.]+)[^,]*,");
  private static final Pattern SERVER = Pattern.compile("^-- Server version\\s+(\\S+)");
  private static final Pattern DATABASE = Pattern.compile("^-- Host: .*?\\s+Database: (.*)$");
  private static final Pattern END = Pattern.compile("^-- Dump completed(?: on [-0-9: ]+)?$");

  private static final String NAME = "(?:`(?:[^`]|``)*`|[\\w$\\u0080-\\uffff]+)";

  /** Lines that would reach beyond the one database; people write them in other ways than tools. */
  private static final Pattern BEYOND =
      Pattern.compile(
          "^\\s*(?:/\\*M?!\\d*\\s*)?(?:USE(?:[\\s`]|$)"
              + "|(?:CREATE|DROP|ALTER|RENAME)\\s+(?:OR\\s+REPLACE\\s+)?"
              + "(?:USER|ROLE|SCHEMA|SERVER)\\b"
              + "|(?:CREATE|DROP)\\s+(?:OR\\s+REPLACE\\s+)?DATABASE\\b"
              + "|SET\\s+(?:@@GLOBAL\\.|GLOBAL\\s|PASSWORD\\b)"
              + "|CHANGE\\s+(?:MASTER|REPLICATION)\\s|(?:GRANT|REVOKE)\\s"
              + "|(?:INSERT|REPLACE)(?:\\s+(?:LOW_PRIORITY|DELAYED|HIGH_PRIORITY|IGNORE))*"
              + "(?:\\s+INTO)?\\s+"
              + NAME
              + "\\s*\\."
              + "|(?:UPDATE|DELETE\\s+FROM|TRUNCATE(?:\\s+TABLE)?)\\s+"
              + NAME
              + "\\s*\\."
              + "|(?:CREATE|DROP|ALTER|RENAME|LOCK)\\s+(?:OR\\s+REPLACE\\s+)?(?:TEMPORARY\\s+)?"
              + "(?:TABLES?|VIEW|SEQUENCE)\\s+(?:IF\\s+(?:NOT\\s+)?EXISTS\\s+)?"
              + NAME
              + "\\s*\\.)",
          Pattern.CASE_INSENSITIVE);

  /** Of a line of rows: enough for a verb and the longest name twice. */
  private static final int VERB_AND_NAMES = 1024;

  private static final List<String> KINDS =
      List.of("table", "view", "trigger", "routine", "event", "sequence");

  private final DumpLines lines = new DumpLines(this);
  private final DumpState state = new DumpState();
  private final Set<String> objects = new TreeSet<>();
  private final SortedMap<String, Integer> counts = new TreeMap<>();
  private final Set<String> definers = new TreeSet<>();
  private final SortedMap<String, String> head = new TreeMap<>();
  private Optional<String> problem = Optional.empty();
  private boolean withoutRights;
  private boolean ended;
  private long line;
  private String openKind = "";
  private String openName = "";

  static Verdict verdict(InputStream artifact) throws IOException {
    DumpScan scan = new DumpScan();
    byte[] buffer = new byte[1 << 17];
    for (int n = artifact.read(buffer); n >= 0; n = artifact.read(buffer)) {
      scan.accept(buffer, 0, n);
    }
    scan.end();
    return scan.problem().isPresent()
        ? Verdict.bad(scan.problem().get())
        : Verdict.good(scan.facts(), List.of(scan.summary()));
  }

  void accept(byte[] bytes, int offset, int length) {
    lines.accept(bytes, offset, length);
  }

  /** To be called once, after the last byte. */
  void end() {
    lines.end();
    if (problem.isPresent()) {
      return;
    }
    if (line == 0) {
      problem = Optional.of("the file is empty");
    } else if (!head.containsKey("server_version")) {
      problem = Optional.of("the file has no header of mysqldump or mariadb-dump");
    } else if (!ended) {
      problem =
          Optional.of(
              "the dump does not end with \"-- Dump completed\": it was cut off, or the tool did"
                  + " not finish");
    }
  }

  @Override
  public void piece(byte[] bytes, int offset, int length, boolean first, boolean last) {
    if (!first) {
      return;
    }
    line++;
    byte begin = bytes[offset];
    if (openKind.isEmpty() && line > 2 && (begin == '(' || begin == 'I') && !state.body()) {
      ended = false;
      if (begin == 'I') {
        requireWithin(DumpLines.text(bytes, offset, Math.min(length, VERB_AND_NAMES)));
      }
      return; // Rows: most of all lines.
    }
    read(DumpLines.text(bytes, offset, length), last);
  }

  private void read(String text, boolean whole) {
    if (!openKind.isEmpty()) {
      name(openKind, openName + "\n" + text);
      return;
    }
    if (line <= 2 && !head.containsKey("tool_version") && !tool(text)) {
      problem = Optional.of("the file is no dump of mysqldump or mariadb-dump");
      return;
    }
    state.next(text);
    if (!text.isEmpty()) {
      ended = false;
    }
    state.creates(text).ifPresent(this::created);
    if (!state.body()) {
      outside(text, whole);
    }
  }

  private boolean tool(String text) {
    if (line == 1 && text.strip().equals(SANDBOX)) {
      return true;
    }
    Matcher tool = TOOL.matcher(text);
    if (tool.find()) {
      head.put("tool_version", tool.group(1));
    }
    return head.containsKey("tool_version");
  }

  private void outside(String text, boolean whole) {
    if (text.startsWith("-- ")) {
      comment(text, whole);
    } else if (text.startsWith("CREATE TABLE `")) {
      name("table", text.substring("CREATE TABLE ".length()));
    } else if (text.startsWith("CREATE SEQUENCE `")) {
      name("sequence", text.substring("CREATE SEQUENCE ".length()));
    } else if (text.startsWith("/*!50001 VIEW `")) {
      name("view", text.substring("/*!50001 VIEW ".length()));
    } else {
      requireWithin(text);
      state.viewDefiner(text).ifPresent(matcher -> definer(matcher.group("definer")));
    }
  }

  private void requireWithin(String text) {
    if (problem.isEmpty() && BEYOND.matcher(text).find()) {
      problem =
          Optional.of(
              "line "
                  + line
                  + " reaches beyond one database ("
                  + text.substring(0, Math.min(60, text.length()))
                  + "); dump one database without --databases, --all-databases and --master-data=1,"
                  + " from MySQL with --set-gtid-purged=OFF");
    }
  }

  private void comment(String text, boolean whole) {
    Matcher server = SERVER.matcher(text);
    Matcher database = DATABASE.matcher(text);
    if (END.matcher(text).matches() && whole) {
      ended = true;
    } else if (text.startsWith("-- insufficient privileges")) {
      withoutRights = true;
    } else if (state.part() == DumpState.Part.HEAD && server.find()) {
      head.put("server_version", server.group(1));
      head.put("flavour", Flavour.of(server.group(1)).title());
    } else if (state.part() == DumpState.Part.HEAD && database.find()) {
      head.put("database", database.group(1));
    }
  }

  /** A name may go on in the next line. */
  private void name(String kind, String text) {
    Matcher quoted = Pattern.compile("^`(?:[^`]|``)*`").matcher(text);
    if (quoted.find()) {
      openKind = "";
      add(kind, kind, DumpState.unquote(quoted.group()));
    } else {
      openKind = kind;
      openName = text;
    }
  }

  private void created(Matcher create) {
    String kind = create.group("kind").toLowerCase(Locale.ROOT).replace(' ', '-');
    boolean routine = !kind.equals("trigger") && !kind.equals("event");
    add(kind, routine ? "routine" : kind, DumpState.unquote(create.group("name")));
    Optional.ofNullable(create.group("definer")).ifPresent(this::definer);
  }

  private void add(String kind, String counted, String name) {
    objects.add(kind + " " + name);
    counts.merge(counted, 1, Integer::sum);
  }

  private void definer(String account) {
    Matcher parts = Pattern.compile("^(.+[`\"])@([`\"].*)$").matcher(account);
    definers.add(
        parts.matches()
            ? DumpState.unquote(parts.group(1)) + "@" + DumpState.unquote(parts.group(2))
            : DumpState.unquote(account));
  }

  /** What is wrong with it; empty if it is whole. */
  Optional<String> problem() {
    return problem;
  }

  /** Did the tool write that it may not read a routine, and went on? */
  boolean withoutRights() {
    return withoutRights;
  }

  /** Each as {@link Inventory#objects} names it. */
  Set<String> objects() {
    return objects;
  }

  int count(String kind) {
    return counts.getOrDefault(kind, 0);
  }

  ArtifactFacts facts() {
    SortedMap<String, String> values = new TreeMap<>(head);
    for (String kind : KINDS) {
      values.put(kind + "s", String.valueOf(count(kind)));
    }
    values.put("definers", String.join(", ", definers));
    return new ArtifactFacts(FORMAT, values);
  }

  String summary() {
    List<String> parts = new ArrayList<>();
    for (String kind : KINDS) {
      if (count(kind) > 0 || kind.equals("table")) {
        parts.add(count(kind) + " " + kind + (count(kind) == 1 ? "" : "s"));
      }
    }
    return "dump of "
        + head.get("flavour")
        + " "
        + head.getOrDefault("server_version", "").split("-", 2)[0]
        + ": "
        + String.join(", ", parts);
  }
}
