package io.keepset.app.http;

import io.keepset.source.JsonText;
import io.keepset.terraform.Refusal;
import io.keepset.terraform.Reply;
import io.keepset.terraform.Request;
import io.keepset.terraform.Shim;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
      write(
          Reply.of(
              problem.status().value(),
              Shim.PROBLEM,
              JsonText.write(problem.body()).getBytes(StandardCharsets.UTF_8)),
          response);
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
        query(request.getQueryString()),
        headers,
        request.getInputStream(),
        TokenFilter.caller(request));
  }

  private static List<String> segments(String uri) {
    List<String> segments = new ArrayList<>();
    for (String segment : uri.substring(ROOT.length()).split("/", -1)) {
      if (!segment.isEmpty()) {
        // In a path a plus is a plus.
        segments.add(decode(segment.replace("+", "%2B")));
      }
    }
    return segments;
  }

  /** Read by hand: the servlet's own would take the parameters of a form from the body too. */
  private static Map<String, List<String>> query(String query) {
    Map<String, List<String>> values = new TreeMap<>();
    if (query == null) {
      return values;
    }
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals));
      values
          .computeIfAbsent(name, unused -> new ArrayList<>())
          .add(equals < 0 ? "" : decode(pair.substring(equals + 1)));
    }
    return values;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest("the address has a % that is followed by no two hexadecimal digits");
    }
  }

  private static void write(Reply reply, HttpServletResponse response) throws IOException {
    response.setStatus(reply.status());
    reply.headers().forEach(response::setHeader);
    response.setContentLength(reply.body().length);
    response.getOutputStream().write(reply.body());
  }
}
