package io.keepset.app.http;

import io.keepset.source.MapNode;
import io.keepset.spi.DriverException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Every exception becomes a problem document here. */
@RestControllerAdvice
final class ProblemAdvice {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

  @ExceptionHandler(Exception.class)
  ResponseEntity<MapNode> explain(Exception e, HttpServletResponse response) throws Exception {
    if (response.isCommitted()) {
      // Half an answer is out: the connection must break, or the reader takes it for whole.
      throw e;
    }
    response.reset();
    return answer(problem(e));
  }

  static ResponseEntity<MapNode> answer(Problem problem) {
    ResponseEntity.BodyBuilder answer =
        ResponseEntity.status(problem.status()).contentType(MediaType.APPLICATION_PROBLEM_JSON);
    if (problem.retryAfter() != null) {
      answer.header("Retry-After", problem.retryAfter());
    }
    return answer.body(problem.body());
  }

  static Problem problem(Exception e) {
    if (e instanceof Problem problem) {
      return problem;
    }
    if (e instanceof DriverException trouble) {
      return Problem.of(trouble);
    }
    if (e instanceof HttpMessageNotReadableException) {
      return Problem.badRequest("the body is missing, or is not what is taken here");
    }
    if (e instanceof MethodArgumentTypeMismatchException wrong) {
      return Problem.badRequest(wrong.getName() + " is not of the kind that it must be here");
    }
    if (e instanceof NoResourceFoundException) {
      return Problem.noSuchPath();
    }
    if (e instanceof ErrorResponse known) {
      String detail = known.getBody().getDetail();
      return Problem.ofStatus(
          known.getStatusCode().value(), detail == null ? "wrong request" : detail);
    }
    if (e instanceof BoundedBody.TooSlow || e instanceof SocketTimeoutException) {
      return Problem.ofStatus(408, "the body did not arrive in time");
    }
    if (e instanceof IOException && String.valueOf(e.getMessage()).contains("Broken pipe")) {
      return Problem.badRequest("the connection broke");
    }
    String mark = UUID.randomUUID().toString();
    LOG.error("bug {}", mark, e);
    return Problem.bug(mark);
  }
}
