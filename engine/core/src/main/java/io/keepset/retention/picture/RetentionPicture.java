package io.keepset.retention.picture;

import io.keepset.policy.Retention;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupState;
import io.keepset.retention.Decision;
import io.keepset.retention.Reason;
import io.keepset.retention.Simulated;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a retention keeps, drawn: all backups in the first row, and below it a row for each rule
 * with the backups that it keeps. Light and dark by the reader's setting, without it light. Costs
 * about as many bytes as places that can be told apart, however many backups there are.
 *
 * @param heading the first line, such as the name of the policy
 * @param rules in words
 * @param now where the line of today stands
 */
public record RetentionPicture(
    String heading,
    String subheading,
    Retention rules,
    ZoneId zone,
    Instant now,
    Simulated result) {
  private static final double WIDTH = 960;
  private static final double LEFT = 148;
  private static final double RIGHT = 92;
  private static final double TOP = 92;
  private static final double FIRST = 42;
  private static final double ROW = 30;
  private static final int MOST_TITLES = 800;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);

  /** A complete document. */
  public String svg() {
    List<Row> rows = Row.of(rules, result.backups());
    double bottom = TOP + FIRST + ROW * rows.size() + 10;
    double height = bottom + 62;
    TimeAxis axis = axis();
    Svg svg = new Svg();
    head(svg, height);
    svg.text("h", 24, 36, shortened(heading, 80));
    svg.text("s", 24, 58, shortened(subheading, 130));
    grid(svg, axis, bottom);
    all(svg, axis);
    for (int i = 0; i < rows.size(); i++) {
      row(svg, axis, rows.get(i), TOP + FIRST + ROW * i + ROW / 2);
    }
    today(svg, axis, bottom);
    legend(svg, axis, bottom + 44);
    return svg.line("</svg>").toString();
  }

  private TimeAxis axis() {
    Instant begin = result.at().isBefore(now) ? result.at() : now;
    Instant end = result.at().isAfter(now) ? result.at() : now;
    for (Decision decision : result.backups()) {
      Instant time = decision.backup().time();
      begin = time.isBefore(begin) ? time : begin;
      end = time.isAfter(end) ? time : end;
    }
    return new TimeAxis(begin, end, LEFT, WIDTH - LEFT - RIGHT, zone);
  }

  private void head(Svg svg, double height) {
    String size = Svg.number(WIDTH) + "\" height=\"" + Svg.number(height);
    svg.line(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\""
                + size
                + "\" viewBox=\"0 0 "
                + Svg.number(WIDTH)
                + " "
                + Svg.number(height)
                + "\" role=\"img\" aria-labelledby=\"title desc\">")
        .line("<title id=\"title\">" + Svg.escaped(heading) + "</title>")
        .line("<desc id=\"desc\">" + Svg.escaped(description()) + "</desc>")
        .line("<style>" + Style.CSS + "</style>")
        .line(
            "<rect class=\"bg\" width=\""
                + Svg.number(WIDTH)
                + "\" height=\""
                + Svg.number(height)
                + "\" rx=\"8\"/>");
  }

  private String description() {
    return subheading
        + ". On "
        + time(result.at())
        + " "
        + result.kept().size()
        + " of "
        + result.made().size()
        + " backups are kept"
        + result.kept().stream()
            .findFirst()
            .map(oldest -> ", the oldest of " + time(oldest.time()))
            .orElse("")
        + ".";
  }

  private void grid(Svg svg, TimeAxis axis, double bottom) {
    for (TimeAxis.Tick tick : axis.ticks()) {
      svg.line(
          "<path class=\"grid\" d=\"M"
              + Svg.number(tick.x())
              + " "
              + Svg.number(TOP - 6)
              + "V"
              + Svg.number(bottom)
              + "\"/>");
      svg.text(tick.major() ? "tick major" : "tick", tick.x(), bottom + 16, tick.label());
    }
    svg.line(
        "<path class=\"base\" d=\"M"
            + Svg.number(LEFT)
            + " "
            + Svg.number(bottom)
            + "H"
            + Svg.number(WIDTH - RIGHT)
            + "\"/>");
  }

  /** Kept ones stand tall, in grace half as tall, gone ones are small, failed ones hang below. */
  private void all(Svg svg, TimeAxis axis) {
    double floor = TOP + FIRST - 12;
    svg.text("label", LEFT - 16, floor - 4, "all backups");
    ticks(svg, axis, "gone", floor, 9, of(Fate.GONE));
    ticks(svg, axis, "grace", floor, 16, of(Fate.GRACE));
    List<Decision> kept = of(Fate.KEPT);
    if (kept.size() > MOST_TITLES) {
      ticks(svg, axis, "kept", floor, 24, kept);
    } else {
      for (Decision decision : kept) {
        svg.line(
            "<path class=\"kept\" d=\""
                + stroke(axis.x(decision.backup().time()), floor, 24)
                + "\">"
                + Svg.title(words(decision))
                + "</path>");
      }
    }
    ticks(svg, axis, "failed", floor + 8, 5, of(Fate.FAILED));
    svg.text("count", WIDTH - RIGHT + 16, floor - 4, kept.size() + " kept");
  }

  private List<Decision> of(Fate fate) {
    return result.backups().stream().filter(d -> Fate.of(d) == fate).toList();
  }

  /** One path for all of them; those that fall on one place are one stroke. */
  private void ticks(
      Svg svg, TimeAxis axis, String style, double floor, double tall, List<Decision> which) {
    TreeSet<Long> places = new TreeSet<>();
    which.forEach(d -> places.add(Math.round(axis.x(d.backup().time()) * 2)));
    if (!places.isEmpty()) {
      svg.line(
          "<path class=\""
              + style
              + "\" d=\""
              + places.stream()
                  .map(place -> stroke(place / 2.0, floor, tall))
                  .collect(Collectors.joining())
              + "\"/>");
    }
  }

  private static String stroke(double x, double floor, double tall) {
    return "M" + Svg.number(x) + " " + Svg.number(floor) + "v-" + Svg.number(tall);
  }

  private void row(Svg svg, TimeAxis axis, Row row, double y) {
    svg.text("label", LEFT - 16, y + 4, row.label());
    List<Decision> kept =
        result.backups().stream()
            .filter(d -> d.reasons().stream().anyMatch(r -> r.rule().equals(row.rule())))
            .toList();
    svg.line(
        "<path class=\"rail\" d=\"M"
            + Svg.number(LEFT)
            + " "
            + Svg.number(y)
            + "H"
            + Svg.number(WIDTH - RIGHT)
            + "\"/>");
    if (!kept.isEmpty()) {
      svg.line(
          "<path class=\"span "
              + row.style()
              + "\" d=\"M"
              + Svg.number(axis.x(kept.get(0).backup().time()))
              + " "
              + Svg.number(y)
              + "H"
              + Svg.number(axis.x(kept.get(kept.size() - 1).backup().time()))
              + "\"/>");
    }
    if (kept.size() > MOST_TITLES) {
      ticks(svg, axis, "mark " + row.style(), y + 5, 10, kept);
    } else {
      dots(svg, axis, row, y, kept);
    }
    long counted = kept.stream().filter(d -> counted(d, row)).count();
    svg.text(
        "count",
        WIDTH - RIGHT + 16,
        y + 4,
        row.places() > 0 ? counted + " of " + row.places() : String.valueOf(kept.size()));
  }

  private void dots(Svg svg, TimeAxis axis, Row row, double y, List<Decision> kept) {
    double[] places = kept.stream().mapToDouble(d -> axis.x(d.backup().time())).toArray();
    for (int i = 0; i < places.length; i++) {
      Decision decision = kept.get(i);
      svg.line(
          "<circle class=\"dot "
              + row.style()
              + (counted(decision, row) ? " full" : " hollow")
              + "\" cx=\""
              + Svg.number(places[i])
              + "\" cy=\""
              + Svg.number(y)
              + "\" r=\""
              + Svg.number(radius(places, i))
              + "\">"
              + Svg.title(words(decision))
              + "</circle>");
    }
  }

  /** Dots that lie close are small, so that they can be counted. */
  private static double radius(double[] places, int i) {
    double free = 8;
    if (i > 0) {
      free = Math.min(free, places[i] - places[i - 1]);
    }
    if (i < places.length - 1) {
      free = Math.min(free, places[i + 1] - places[i]);
    }
    return Math.max(2, free * 0.55);
  }

  /** False for one that is kept beside those that fill the places. */
  private static boolean counted(Decision decision, Row row) {
    return decision.reasons().stream()
        .filter(r -> r.rule().equals(row.rule()))
        .map(Reason::text)
        .noneMatch(text -> text.endsWith("not counted"));
  }

  private String words(Decision decision) {
    Backup backup = decision.backup();
    return time(backup.time()) + (decision.kept() ? ": " + decision.why() : "");
  }

  private void today(Svg svg, TimeAxis axis, double bottom) {
    line(svg, axis.x(now), bottom, "now", "now " + day(now), "today");
    if (result.at().isAfter(now)) {
      line(svg, axis.x(result.at()), bottom, "then", day(result.at()), "today");
    }
  }

  private static void line(
      Svg svg, double x, double bottom, String id, String label, String style) {
    svg.line(
        "<path class=\""
            + style
            + " "
            + id
            + "\" d=\"M"
            + Svg.number(x)
            + " "
            + Svg.number(TOP - 8)
            + "V"
            + Svg.number(bottom)
            + "\"/>");
    svg.text(style + "-label", x, TOP - 13, label);
  }

  private void legend(Svg svg, TimeAxis axis, double y) {
    double x = LEFT;
    for (Fate fate : Fate.values()) {
      if (fate == Fate.KEPT || !of(fate).isEmpty()) {
        double tall = fate == Fate.KEPT ? 14 : fate == Fate.GRACE ? 10 : 7;
        svg.line("<path class=\"" + fate.style + "\" d=\"" + stroke(x + 3, y + 1, tall) + "\"/>");
        String label = of(fate).size() + " " + fate.words;
        svg.text("note", x + 12, y, label);
        x += 12 + 7 * label.length() + 18;
      }
    }
    if (axis.widensThePresent()) {
      svg.text("note end", WIDTH - RIGHT, y, "the recent past is drawn wider");
    }
  }

  private String time(Instant time) {
    return TIME.format(time.atZone(zone));
  }

  private String day(Instant time) {
    return time(time).substring(0, 10);
  }

  private static String shortened(String text, int most) {
    return text.codePointCount(0, text.length()) <= most
        ? text
        : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
  }

  /** How a backup is drawn. */
  private enum Fate {
    KEPT("kept", "kept"),
    GRACE("grace", "in their grace"),
    GONE("gone", "gone"),
    FAILED("failed", "failed");

    private final String style;
    private final String words;

    Fate(String style, String words) {
      this.style = style;
      this.words = words;
    }

    static Fate of(Decision decision) {
      BackupState state = decision.backup().state();
      if (decision.kept()) {
        return KEPT;
      }
      return switch (state) {
        case EXPIRED -> GRACE;
        case FAILED -> FAILED;
        case CREATING, CREATED, RESTORING, DELETED -> GONE;
      };
    }
  }
}
