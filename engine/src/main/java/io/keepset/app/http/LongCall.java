package io.keepset.app.http;

import io.keepset.source.JsonText;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.spi.DriverException;
import io.keepset.spi.Progress;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.springframework.http.HttpStatus;

/**
 * A call that may take hours. Whoever accepts {@code application/jsonl} hears of its progress:
 * lines {@code {"progress":{"done":…,"total":…}}}, with {@code about} where only the size of the
 * last one is known, blank lines while there is nothing to say, then one {@code {"result":…}} or
 * {@code {"problem":…}}. Others wait for the plain answer. The work goes on when the caller goes
 * away.
 */
final class LongCall {
  static final String LINES = "application/jsonl";
  private static final long PAUSE_NANOS = 250_000_000L;
  private static final Duration BEAT = Duration.ofSeconds(15);

  private LongCall() {}

  /** The work itself. */
  interface Work {
    Node run(Progress progress) throws DriverException;
  }

  /** Work that tells of more than how far it is. */
  interface TellingWork {
    /**
     * @param tell takes a line for whoever reads along
     */
    Node run(Consumer<Node> tell) throws DriverException;
  }

  static void answer(
      HttpServletRequest request, HttpServletResponse response, HttpStatus status, Work work)
      throws IOException, DriverException {
    tell(request, response, status, tell -> work.run(new Told(tell)));
  }

  static void tell(
      HttpServletRequest request, HttpServletResponse response, HttpStatus status, TellingWork work)
      throws IOException, DriverException {
    tell(request, response, status, work, BEAT);
  }

  /**
   * The same.
   *
   * @param beat how long the answer may say nothing
   */
  static void tell(
      HttpServletRequest request,
      HttpServletResponse response,
      HttpStatus status,
      TellingWork work,
      Duration beat)
      throws IOException, DriverException {
    String accepted = request.getHeader("Accept");
    if (accepted == null || !accepted.contains(LINES)) {
      Node result = work.run(line -> {});
      response.setStatus(status.value());
      response.setContentType("application/json");
      response.getOutputStream().write(JsonText.write(result).getBytes(StandardCharsets.UTF_8));
      return;
    }
    response.setContentType(LINES);
    response.flushBuffer();
    Lines lines = new Lines(response.getOutputStream());
    ScheduledExecutorService pulse = Executors.newSingleThreadScheduledExecutor(LongCall::daemon);
    MapNode last;
    try {
      var unused =
          pulse.scheduleWithFixedDelay(
              lines::beat, beat.toMillis(), beat.toMillis(), TimeUnit.MILLISECONDS);
      last = new MapBuilder().put("result", work.run(lines::write)).build();
    } catch (DriverException | RuntimeException e) {
      last = new MapBuilder().put("problem", ProblemAdvice.problem(e).body()).build();
    } finally {
      pulse.shutdownNow();
    }
    lines.write(last);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "pulse of a long call");
    thread.setDaemon(true);
    return thread;
  }

  /** Progress as lines, four of them a second. */
  private static final class Told implements Progress {
    private final Consumer<Node> tell;
    private long writtenAt;
    private long about;

    Told(Consumer<Node> tell) {
      this.tell = tell;
    }

    @Override
    public synchronized void expect(long bytes) {
      about = bytes;
    }

    @Override
    public synchronized void at(long done, long total) {
      long now = System.nanoTime();
      if (now - writtenAt > PAUSE_NANOS) {
        writtenAt = now;
        MapBuilder progress = new MapBuilder().put("done", done).put("total", total);
        if (about > 0) {
          progress.put("about", about);
        }
        tell.accept(new MapBuilder().put("progress", progress).build());
      }
    }
  }

  private static final class Lines {
    private final OutputStream out;
    private boolean gone;

    Lines(OutputStream out) {
      this.out = out;
    }

    void write(Node node) {
      write(JsonText.writeCompact(node) + "\n");
    }

    /** Proxies cut calls that say nothing for a minute; a blank line says nothing else. */
    void beat() {
      write("\n");
    }

    private synchronized void write(String line) {
      if (gone) {
        return;
      }
      try {
        out.write(line.getBytes(StandardCharsets.UTF_8));
        out.flush();
      } catch (IOException e) {
        gone = true; // nobody listens; the work goes on
      }
    }
  }
}
