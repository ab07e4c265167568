package io.keepset.policy;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.diagnostic.Validated;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cron expression of five Unix fields, or one of {@code @hourly @daily @weekly @monthly @yearly}.
 *
 * @param text as written, blanks folded
 */
public record Cron(String text) {
  public static Validated<Cron> parse(String text, @Nullable Location at) {
    String folded = text.strip().replaceAll("\\s+", " ");
    return folded.isEmpty()
        ? Validated.failed(List.of(Diagnostic.error("schedule.cron", "cron is empty", at)))
        : Validated.of(new Cron(folded));
  }
}
