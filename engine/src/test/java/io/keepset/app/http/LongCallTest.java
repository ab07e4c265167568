package io.keepset.app.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.source.MapBuilder;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;

class LongCallTest {
  private final CountDownLatch beats = new CountDownLatch(2);
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  @Test
  void workThatSaysNothingIsStillHeardOf() throws Exception {
    LongCall.tell(
        stub(HttpServletRequest.class, (self, method, args) -> LongCall.LINES),
        stub(
            HttpServletResponse.class,
            (self, method, args) -> method.getName().equals("getOutputStream") ? out() : null),
        HttpStatus.OK,
        tell -> {
          assertThat(awaitBeats()).isTrue();
          return new MapBuilder().put("id", "orders-1").build();
        },
        Duration.ofMillis(20));

    String text = written.toString(StandardCharsets.UTF_8);
    assertThat(text).startsWith("\n\n").endsWith("{\"result\":{\"id\":\"orders-1\"}}\n");
    assertThat(text.strip().lines()).hasSize(1);
  }

  private boolean awaitBeats() {
    try {
      return beats.await(5, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private ServletOutputStream out() {
    return new ServletOutputStream() {
      @Override
      public boolean isReady() {
        return true;
      }

      @Override
      public void setWriteListener(WriteListener listener) {}

      @Override
      public void write(int b) {
        written.write(b);
        beats.countDown();
      }
    };
  }

  private static <T> T stub(Class<T> type, InvocationHandler answers) {
    return type.cast(
        Proxy.newProxyInstance(
            LongCallTest.class.getClassLoader(), new Class<?>[] {type}, answers));
  }
}
