package io.keepset.app.http;

import io.keepset.app.security.TokenSecret;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Keeps those whom the engine does not know from keeping those busy that it does. The gateway knows
 * no tokens; what it can know is which of them the engine has let in lately. Others get a few
 * places of their own, and who shows no token at all is not handed on.
 */
final class GatewayFilter extends OncePerRequestFilter {
  /** Most of the threads that the gateway has. */
  static final int KNOWN = 150;

  /** An engine refuses a wrong token in a moment, so a few places do for many first requests. */
  static final int STRANGERS = 16;

  /** So many tokens are remembered, the newest. */
  private static final int TOKENS = 1_000;

  /** What the engine says to a token that it knows, even if it does not do what is asked. */
  private static final Set<Integer> LET_IN = Set.of(403, 404, 409, 412, 413, 422, 423);

  private final boolean brings;
  private final Semaphore known = new Semaphore(KNOWN);
  private final Semaphore strangers = new Semaphore(STRANGERS);
  private final Memory streamed = new Memory(1, Duration.ZERO);
  private final Map<String, Boolean> letIn =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
              return size() > TOKENS;
            }
          });

  /**
   * @param brings whether the gateway has a token for requests that bring none
   */
  GatewayFilter(boolean brings) {
    this.brings = brings;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return Access.isOpen(request.getRequestURI());
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String header = request.getHeader("Authorization");
    if (header == null && !brings) {
      TokenFilter.unauthorized(request, response);
      return;
    }
    String token = header == null ? "" : HexFormat.of().formatHex(TokenSecret.sha256(header));
    Semaphore places = header == null || letIn.containsKey(token) ? known : strangers;
    if (!places.tryAcquire()) {
      TokenFilter.answer(
          Problem.busy("too many requests at once wait for the engine behind this gateway"),
          response);
      return;
    }
    try {
      pass(request, response, chain);
      if (header != null && isLetIn(response.getStatus())) {
        letIn.put(token, true);
      }
    } finally {
      places.release();
    }
  }

  private static boolean isLetIn(int status) {
    return status < 400 || LET_IN.contains(status);
  }

  private void pass(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    BodyLimit limit = BodyLimit.of(request.getRequestURI());
    if (request.getContentLengthLong() > limit.most()) {
      TokenFilter.answer(Problem.tooLarge(limit.most()), response);
      return;
    }
    try {
      // Handed on as it comes: nothing of it stays here.
      chain.doFilter(new BoundedRequest(request, limit, streamed.share(), true), response);
    } catch (Problem e) {
      refuse(e, response, e);
    } catch (BoundedBody.TooSlow | SocketTimeoutException e) {
      refuse(ProblemAdvice.problem(e), response, e);
    }
  }

  private static <E extends Exception> void refuse(
      Problem problem, HttpServletResponse response, E e) throws E, IOException {
    if (response.isCommitted()) {
      throw e;
    }
    response.reset();
    TokenFilter.answer(problem, response);
  }
}
