package io.keepset.app.http;

import io.keepset.terraform.Refusal;
import io.keepset.terraform.Reply;
import io.keepset.terraform.Request;
import io.keepset.terraform.Shim;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Mounts the Terraform shim. A servlet and no controller, because Spring knows no method {@code
 * LOCK}.
 */
final class ShimServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  /** Where it is mounted. */
  static final String ROOT = "/terraform";

  private final transient Shim shim;

  ShimServlet(Shim shim) {
    this.shim = shim;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      write(shim.answer(read(request)), response);
    } catch (StackOverflowError e) {
      write(Shim.problem(new Refusal(400, "the body is nested too deeply")), response);
    } catch (RuntimeException e) {
      Problem problem = ProblemAdvice.problem(e);
      response.reset();
      TokenFilter.answer(problem, response);
    }
  }

  private static Request read(HttpServletRequest request) throws IOException {
    SortedMap<String, String> headers = new TreeMap<>();
    for (String name : Collections.list(request.getHeaderNames())) {
      headers.put(
          name.toLowerCase(Locale.ROOT),
          String.join(", ", Collections.list(request.getHeaders(name))));
    }
    return new Request(
        request.getMethod(),
        segments(request.getRequestURI()),
        Query.parse(request.getQueryString()),
        headers,
        request.getInputStream(),
        TokenFilter.caller(request),
        bytes -> LimitFilter.share(request).take(bytes));
  }

  private static List<String> segments(String uri) {
    List<String> segments = new ArrayList<>();
    for (String segment : uri.substring(ROOT.length()).split("/", -1)) {
      if (!segment.isEmpty()) {
        segments.add(Query.decodePath(segment));
      }
    }
    return segments;
  }

  private static void write(Reply reply, HttpServletResponse response) throws IOException {
    response.setStatus(reply.status());
    reply.headers().forEach(response::setHeader);
    response.setContentLength(reply.body().length);
    response.getOutputStream().write(reply.body());
  }
}
