package io.keepset.app.http;

import io.keepset.source.JsonText;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.web.filter.OncePerRequestFilter;

/** Nothing answers without a token, except whether the server lives and the empty console page. */
final class TokenFilter extends OncePerRequestFilter {
  private static final Set<String> OPEN =
      Set.of(
          "/",
          "/index.html",
          "/console.js",
          "/console.css",
          "/actuator/health",
          "/actuator/health/liveness",
          "/actuator/health/readiness");
  private static final String BEARER = "Bearer ";
  private static final String ACTOR = "keepset.actor";
  private static final Pattern USER = Pattern.compile("command [A-Za-z0-9._@-]{1,64}");

  private final Tokens tokens;

  TokenFilter(Tokens tokens) {
    this.tokens = tokens;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Optional<String> owner = owner(request.getHeader("Authorization"));
    owner.ifPresent(name -> request.setAttribute(ACTOR, actor(name, request)));
    if (OPEN.contains(request.getRequestURI()) || owner.isPresent()) {
      chain.doFilter(request, response);
      return;
    }
    Problem problem =
        Problem.unauthorized("send the header Authorization: Bearer with the token of this server");
    response.setStatus(problem.status().value());
    response.setHeader("WWW-Authenticate", "Bearer realm=\"keepset\"");
    response.setContentType("application/problem+json");
    response.setHeader("Connection", "close"); // a body that nobody will read may follow
    response
        .getOutputStream()
        .write(JsonText.write(problem.body()).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  protected boolean shouldNotFilterErrorDispatch() {
    return true;
  }

  private Optional<String> owner(String header) {
    return header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? tokens.owner(header.substring(BEARER.length()).strip())
        : Optional.empty();
  }

  /** Who can read the secret in the data directory may say who he is. */
  private static String actor(String owner, HttpServletRequest request) {
    String user = request.getHeader("Keepset-User");
    return owner.equals(Tokens.COMMAND) && user != null && USER.matcher(user).matches()
        ? user
        : owner;
  }

  /** Who asks, as the audit names people. */
  static String actor(HttpServletRequest request) {
    return request.getAttribute(ACTOR) instanceof String name ? name : "nobody";
  }
}
