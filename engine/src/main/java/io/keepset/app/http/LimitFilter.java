package io.keepset.app.http;

import io.keepset.app.LastResort;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Optional;
import org.springframework.web.filter.OncePerRequestFilter;

/** Keeps one caller from taking the whole server: how often, how much, how slowly. */
final class LimitFilter extends OncePerRequestFilter {
  private static final String SHARE = "keepset.memory";

  private final Throttle throttle;
  private final Memory memory;

  LimitFilter(Throttle throttle, Memory memory) {
    this.throttle = throttle;
    this.memory = memory;
  }

  /** What an answer may take from the memory for bodies; given back when it is written. */
  static Memory.Share share(HttpServletRequest request) {
    return (Memory.Share) request.getAttribute(SHARE);
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return Access.isOpen(request.getRequestURI());
  }

  @Override
  protected boolean shouldNotFilterErrorDispatch() {
    return true;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Optional<Throttle.Turn> begun = throttle.enter(TokenFilter.actor(request));
    if (begun.isEmpty()) {
      response.setHeader("Retry-After", "1");
      TokenFilter.answer(
          Problem.ofStatus(
              429,
              "more than "
                  + Throttle.AT_ONCE
                  + " requests of this token wait or run at once: send fewer at a time"),
          response);
      return;
    }
    try (Throttle.Turn turn = begun.get();
        Memory.Share share = memory.share()) {
      BodyLimit limit = BodyLimit.of(request.getRequestURI());
      if (request.getContentLengthLong() > limit.most()) {
        TokenFilter.answer(Problem.tooLarge(limit.most()), response);
        return;
      }
      long length = request.getContentLengthLong();
      share.take(limit.memory(length));
      request.setAttribute(SHARE, share);
      chain.doFilter(new BoundedRequest(request, limit, share, length >= 0), response);
    } catch (Problem e) {
      TokenFilter.answer(e, response);
    } catch (OutOfMemoryError | InternalError e) {
      LastResort.hear(e); // other threads may have met it too
    } catch (BoundedBody.TooSlow | SocketTimeoutException e) {
      if (response.isCommitted()) {
        throw e;
      }
      response.reset();
      TokenFilter.answer(ProblemAdvice.problem(e), response);
    }
  }
}
