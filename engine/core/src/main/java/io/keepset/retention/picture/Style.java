package io.keepset.retention.picture;

import java.util.List;

/**
 * Shapes and colours. Plain rules without variables, which not every program that shows SVG knows;
 * the colours of the dark are the same rules once more. Told apart by colour-blind people too.
 */
final class Style {
  private record Colour(String selector, String property, String light, String dark) {}

  private static final String SHAPES =
      """
      text{font-family:system-ui,-apple-system,"Segoe UI",sans-serif;font-size:12px}
      .h{font-size:18px;font-weight:600}.s{font-size:13px}.tick,.today-label{font-size:11px}
      .label,.end{text-anchor:end}.tick,.today-label{text-anchor:middle}
      path{fill:none}.grace,.failed,.hollow{stroke-width:1.5}.full{stroke-width:.5}.kept{stroke-width:2}
      .today{stroke-dasharray:3 3}.span{stroke-width:3;opacity:.3}
      """;

  private static final List<Colour> COLOURS =
      List.of(
          new Colour(".bg", "fill", "#fff", "#0d1117"),
          new Colour("text", "fill", "#59636e", "#9198a1"),
          new Colour(".h,.label,.major", "fill", "#1f2328", "#f0f6fc"),
          new Colour(".grid,.rail", "stroke", "#e6eaef", "#21262d"),
          new Colour(".base", "stroke", "#d1d9e0", "#3d444d"),
          new Colour(".gone", "stroke", "#afb8c1", "#59636e"),
          new Colour(".grace", "stroke", "#bf8700", "#d29922"),
          new Colour(".failed,.today", "stroke", "#cf222e", "#ff7b72"),
          new Colour(".today-label", "fill", "#cf222e", "#ff7b72"),
          new Colour(".kept", "stroke", "#0969da", "#58a6ff"),
          new Colour(".t-last", "", "#57606a", "#9198a1"),
          new Colour(".t-hourly", "", "#1b7c83", "#39c5cf"),
          new Colour(".t-daily", "", "#0969da", "#58a6ff"),
          new Colour(".t-weekly", "", "#8250df", "#bc8cff"),
          new Colour(".t-monthly", "", "#bf3989", "#f778ba"),
          new Colour(".t-yearly", "", "#bc4c00", "#ffa657"),
          new Colour(".t-within", "", "#1a7f37", "#3fb950"),
          new Colour(".t-other", "", "#6e7781", "#9198a1"));

  static final String CSS = css();

  private Style() {}

  private static String css() {
    StringBuilder css = new StringBuilder("\n").append(SHAPES);
    colours(css, false);
    css.append("@media (prefers-color-scheme:dark){\n");
    colours(css, true);
    return css.append("}\n").toString();
  }

  private static void colours(StringBuilder css, boolean dark) {
    for (Colour colour : COLOURS) {
      String value = dark ? colour.dark() : colour.light();
      if (colour.property().isEmpty()) {
        String mark = colour.selector();
        css.append(mark + "{stroke:" + value + "}");
        css.append(mark + ".dot{fill:" + value + "}");
      } else {
        css.append(colour.selector() + "{" + colour.property() + ":" + value + "}");
      }
      css.append('\n');
    }
    String paper = dark ? COLOURS.get(0).dark() : COLOURS.get(0).light();
    css.append(".dot.hollow{fill:" + paper + "}").append('\n');
    css.append(".dot.full{stroke:" + paper + "}\n");
  }
}
