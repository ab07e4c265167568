package io.keepset.drivers.engine.mysql;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where in a dump a line stands. The layout is that of {@code mysqldump.c}, which both tools share:
 * comments head the parts, and what holds semicolons of its own stands between {@code DELIMITER ;;}
 * and {@code DELIMITER ;}.
 */
final class DumpState {
  /** The parts of a dump. Triggers follow the rows of their table without a heading. */
  enum Part {
    HEAD,
    TABLE,
    ROWS,
    /** Views, triggers, routines. */
    CODE,
    EVENTS,
    TAIL
  }

  private static final String NAME = "(?:`(?:[^`]|``)*`|\"(?:[^\"]|\"\")*\")";
  private static final String ACCOUNT = NAME + "(?:@" + NAME + ")?";

  /** The line that makes something with a body; SHOW CREATE writes it, names quoted its way. */
  private static final Pattern CREATE =
      Pattern.compile(
          "^(?:/\\*!\\d+ )?CREATE(?: OR REPLACE)?(?:\\*/)?"
              + "(?<by> (?:/\\*!\\d+ )?DEFINER ?= ?(?<definer>"
              + ACCOUNT
              + ")(?:\\*/)?)?"
              + " (?:/\\*!\\d+ )?(?:AGGREGATE )?"
              + "(?<kind>TRIGGER|EVENT|FUNCTION|PROCEDURE|PACKAGE BODY|PACKAGE)"
              + "(?: IF NOT EXISTS)? (?:"
              + "(?:"
              + NAME
              + "|[\\w$]+)\\.)?(?<name>"
              + NAME
              + "|[\\w$\\u0080-\\uffff]+)",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern VIEW_DEFINER =
      Pattern.compile("^/\\*!50013(?<by> DEFINER=(?<definer>" + ACCOUNT + ")) SQL SECURITY");

  private Part part = Part.HEAD;
  private boolean body;
  private boolean created;

  Part part() {
    return part;
  }

  /** Inside what somebody wrote: a line there may say anything. */
  boolean body() {
    return body;
  }

  /** Takes the beginning of the next line. */
  void next(String line) {
    if (body) {
      body = !line.equals("DELIMITER ;");
      // Between events the tools set it anew without having set it back.
      created &= part != Part.EVENTS || !line.equals("DELIMITER ;;");
      return;
    }
    if (line.equals("DELIMITER ;;")) {
      body = true;
      created = false;
      leaveTable();
    } else if (line.startsWith("-- ")) {
      heading(line);
    } else if (line.startsWith("/*!50003 ") || line.startsWith("ALTER DATABASE ")) {
      leaveTable();
    } else if (line.startsWith("/*!40103 SET TIME_ZONE=@OLD_TIME_ZONE")
        || line.startsWith("/*!40101 SET SQL_MODE=@OLD_SQL_MODE")) {
      part = Part.TAIL;
    }
  }

  private void leaveTable() {
    if (part == Part.TABLE || part == Part.ROWS) {
      part = Part.CODE;
    }
  }

  private void heading(String line) {
    if (line.startsWith("-- Table structure for ") || line.startsWith("-- Sequence structure ")) {
      part = Part.TABLE;
    } else if (line.startsWith("-- Dumping data for ")) {
      part = Part.ROWS;
    } else if (line.startsWith("-- Dumping events for ")) {
      part = Part.EVENTS;
    } else if (line.startsWith("-- Temporary ")
        || line.startsWith("-- Dumping routines for ")
        || line.startsWith("-- Final view structure ")) {
      part = Part.CODE;
    } else if (line.startsWith("-- Dump completed")) {
      part = Part.TAIL;
    }
  }

  /** The match if the line, of which {@link #next} knows, makes a trigger, routine or event. */
  Optional<Matcher> creates(String line) {
    if (!body || created) {
      return Optional.empty();
    }
    Matcher matcher = CREATE.matcher(line);
    if (!matcher.find()) {
      return Optional.empty();
    }
    created = true;
    return Optional.of(matcher);
  }

  /** The match if the line says as whom a view runs. */
  Optional<Matcher> viewDefiner(String line) {
    Matcher matcher = VIEW_DEFINER.matcher(line);
    return !body && matcher.find() ? Optional.of(matcher) : Optional.empty();
  }

  static String unquote(String name) {
    if (name.length() < 2 || (name.charAt(0) != '`' && name.charAt(0) != '"')) {
      return name;
    }
    String quote = name.substring(0, 1);
    return name.substring(1, name.length() - 1).replace(quote + quote, quote);
  }
}
