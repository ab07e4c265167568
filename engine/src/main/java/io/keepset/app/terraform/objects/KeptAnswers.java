package io.keepset.app.terraform.objects;

import io.keepset.app.state.AnsweredWrites;
import io.keepset.app.state.AnsweredWrites.Begun;
import io.keepset.source.JsonText;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.SourceFile;
import io.keepset.terraform.objects.OnceOnly;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Answers that the state keeps for a day. */
public final class KeptAnswers implements OnceOnly {
  private static final Duration KEPT = Duration.ofDays(1);

  private final AnsweredWrites writes;
  private final Clock clock;

  public KeptAnswers(AnsweredWrites writes, Clock clock) {
    this.writes = writes;
    this.clock = clock;
  }

  @Override
  public Claim claim(String actor, String key, String digest) {
    Instant now = clock.instant();
    writes.forgetBefore(now.minus(KEPT));
    if (writes.begin(actor, key, digest, now)) {
      return new Claim(Found.FRESH, Optional.empty());
    }
    Optional<Begun> begun = writes.find(actor, key);
    if (begun.isEmpty()) {
      return claim(actor, key, digest); // given back just now
    }
    if (!begun.get().digest().equals(digest)) {
      return new Claim(Found.OTHER, Optional.empty());
    }
    Optional<Answer> answer = begun.get().answer().map(KeptAnswers::decode);
    return new Claim(answer.isPresent() ? Found.ANSWERED : Found.BEGUN, answer);
  }

  @Override
  public Answer settle(String actor, String key, Answer answer) {
    MapBuilder headers = new MapBuilder();
    answer.headers().forEach((name, value) -> headers.put(name, value));
    boolean first =
        writes.answer(
            actor,
            key,
            new AnsweredWrites.Answer(
                answer.status(), JsonText.writeCompact(headers.build()), answer.body()));
    return first
        ? answer
        : writes.find(actor, key).flatMap(Begun::answer).map(KeptAnswers::decode).orElse(answer);
  }

  @Override
  public void forget(String actor, String key) {
    writes.forget(actor, key);
  }

  private static Answer decode(AnsweredWrites.Answer answer) {
    SortedMap<String, String> headers = new TreeMap<>();
    SourceFile text = new SourceFile("headers", answer.headers().getBytes(StandardCharsets.UTF_8));
    if (JsonText.read(text).value() instanceof MapNode map) {
      map.keys().forEach(name -> headers.put(name, map.text(name).orElse("")));
    }
    return new Answer(answer.status(), headers, answer.body());
  }
}
