package io.keepset.retention.picture;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.policy.Cron;
import io.keepset.policy.Retention;
import io.keepset.policy.Retention.Tier;
import io.keepset.policy.Schedule;
import io.keepset.retention.Backup;
import io.keepset.retention.MadeUpRuns;
import io.keepset.retention.Simulated;
import io.keepset.retention.Simulation;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class RetentionPictureTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final Retention RULES =
      new Retention(0, new TreeMap<>(Map.of(Tier.DAILY, 7, Tier.WEEKLY, 4)), new TreeMap<>(), 0, 1);

  @Test
  void hasARowForEachRuleAndAMarkForEachBackupThatItKeeps() throws Exception {
    Document svg = parsed(picture("gold", RULES, "0 2 * * *", 60));

    assertThat(texts(svg))
        .contains("gold", "all backups", "daily 7", "weekly 4", "7 of 7", "4 of 4");
    assertThat(classes(svg, "circle")).filteredOn(c -> c.contains("t-daily")).hasSize(7);
    assertThat(classes(svg, "circle")).filteredOn(c -> c.contains("t-weekly")).hasSize(4);
    assertThat(classes(svg, "path")).filteredOn("kept"::equals).hasSize(9 + 1); // and the legend
  }

  @Test
  void saysInWordsWhatItShows() throws Exception {
    Document svg = parsed(picture("gold", RULES, "0 2 * * *", 60));

    assertThat(svg.getDocumentElement().getAttribute("role")).isEqualTo("img");
    assertThat(svg.getElementsByTagName("title").item(0).getTextContent()).isEqualTo("gold");
    assertThat(svg.getElementsByTagName("desc").item(0).getTextContent())
        .contains("On 2026-11-21 13:00 9 of 60 backups are kept, the oldest of 2026-11-01 02:00");
    assertThat(titles(svg)).contains("2026-11-21 02:00: daily 1/7, weekly 1/4, minimum 1/1");
  }

  @Test
  void whatANameSaysStaysText() throws Exception {
    String name = "</title><script>alert(1)</script>\"&'\u0000\u202E😀";

    Document svg = parsed(picture(name, RULES, "0 2 * * *", 9));

    assertThat(svg.getElementsByTagName("script").getLength()).isZero();
    assertThat(svg.getElementsByTagName("title").item(0).getTextContent())
        .isEqualTo("</title><script>alert(1)</script>\"&'\uFFFD\uFFFD😀");
  }

  @Test
  void staysSmallHoweverManyBackupsThereAre() throws Exception {
    String many = picture("many", RULES, "*/30 * * * *", 10_000);
    Retention all = new Retention(0, new TreeMap<>(), new TreeMap<>(), 0, 1);
    String kept = picture("kept", all, "*/30 * * * *", 10_000);

    assertThat(many.length()).isLessThan(60_000);
    assertThat(kept.length()).isLessThan(80_000);
    parsed(kept);
  }

  @Test
  void drawsOneBackupAndNone() throws Exception {
    assertThat(texts(parsed(picture("one", RULES, "0 2 * * *", 1)))).contains("1 kept");
    assertThat(texts(parsed(picture("none", RULES, "0 2 * * *", 0)))).contains("0 kept");
  }

  @Test
  void theSameAgainIsTheSameToTheByteAndReachesForNothingElse() {
    String once = picture("gold", RULES, "0 2 * * *", 400);

    assertThat(picture("gold", RULES, "0 2 * * *", 400)).isEqualTo(once);
    assertThat(once.replace("http://www.w3.org/2000/svg", ""))
        .doesNotContain("http", "url(", "@import");
    assertThat(once).contains("@media (prefers-color-scheme:dark)").doesNotContain("var(");
  }

  @Test
  void ticksNeverStandOnEachOther() {
    for (int days : new int[] {1, 3, 20, 70, 80, 400, 4000, 20_000}) {
      TimeAxis axis = new TimeAxis(NOW.minus(Duration.ofDays(days)), NOW, 100, 700, BERLIN);
      List<TimeAxis.Tick> ticks = axis.ticks();

      assertThat(ticks).as("%d days", days).hasSizeBetween(3, 13);
      for (int i = 1; i < ticks.size(); i++) {
        assertThat(ticks.get(i).x() - ticks.get(i - 1).x()).as("%d days", days).isGreaterThan(50);
      }
    }
  }

  private static String picture(String heading, Retention rules, String cron, int backups) {
    Schedule schedule = new Schedule("s", new Cron(cron), BERLIN, Duration.ZERO);
    Instant from = NOW.minus(schedule.interval().multipliedBy(backups + 3L));
    List<Instant> runs =
        new MadeUpRuns(List.of(schedule), 0, 1).between(from, NOW, 20_000).orElseThrow();
    List<Backup> history =
        runs.subList(runs.size() - backups, runs.size()).stream()
            .map(run -> MadeUpRuns.backup(run, OptionalLong.empty()))
            .toList();
    Simulated result = new Simulation(rules, BERLIN, Duration.ofDays(3)).decide(history, NOW);
    return new RetentionPicture(heading, "in words", rules, BERLIN, NOW, result).svg();
  }

  private static Document parsed(String svg) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    return factory
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<String> texts(Document svg) {
    return elements(svg, "text").stream().map(Element::getTextContent).toList();
  }

  private static List<String> titles(Document svg) {
    return elements(svg, "title").stream().map(Element::getTextContent).toList();
  }

  private static List<String> classes(Document svg, String element) {
    return elements(svg, element).stream().map(e -> e.getAttribute("class")).toList();
  }

  private static List<Element> elements(Document svg, String name) {
    NodeList nodes = svg.getElementsByTagName(name);
    return IntStream.range(0, nodes.getLength()).mapToObj(i -> (Element) nodes.item(i)).toList();
  }
}
