package io.keepset.app.http;

import io.keepset.access.Caller;
import io.keepset.access.Role;
import io.keepset.source.JsonText;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.web.filter.OncePerRequestFilter;

/** Who asks, and whether the table of {@link Access} lets him. */
final class TokenFilter extends OncePerRequestFilter {
  private static final String BEARER = "Bearer ";
  private static final String BASIC = "Basic ";
  private static final String CALLER = "keepset.caller";
  private static final String LOCAL = "keepset.local";
  private static final Pattern USER = Pattern.compile("command [A-Za-z0-9._@-]{1,64}");

  private final Tokens tokens;

  TokenFilter(Tokens tokens) {
    this.tokens = tokens;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Optional<Tokens.Accepted> owner = token(request).flatMap(tokens::owner);
    owner.ifPresent(
        one -> {
          request.setAttribute(
              CALLER, new Caller(actor(one.name(), request), one.role(), one.person()));
          request.setAttribute(LOCAL, one.name().equals(Tokens.COMMAND));
        });
    if (Access.isOpen(request.getRequestURI())) {
      chain.doFilter(request, response);
      return;
    }
    if (owner.isEmpty()) {
      unauthorized(request, response);
      return;
    }
    Optional<Problem> refusal = refusal(request, response, owner.get().role());
    if (refusal.isPresent()) {
      answer(refusal.get(), response);
      return;
    }
    chain.doFilter(request, response);
  }

  static void unauthorized(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setHeader("WWW-Authenticate", "Bearer realm=\"keepset\"");
    if (isShim(request)) {
      response.addHeader("WWW-Authenticate", "Basic realm=\"keepset\"");
    }
    answer(
        Problem.unauthorized("send the header Authorization: Bearer with the token of this server"),
        response);
  }

  /** Why a caller that is known may not have what is asked for. */
  private static Optional<Problem> refusal(
      HttpServletRequest request, HttpServletResponse response, Role role) {
    String path = request.getRequestURI();
    if (Access.isCrooked(path)) {
      return Optional.of(
          Problem.badRequest("the path has dots that climb, or a separator in disguise"));
    }
    Access.Ruling ruling = Access.ruling(request.getMethod(), path);
    if (ruling.needed().isPresent()) {
      Role needed = ruling.needed().get();
      return role.may(needed)
          ? wrong(path, request.getQueryString(), ruling)
          : Optional.of(Problem.forbidden(needed, role));
    }
    if (ruling.methods().isEmpty()) {
      return Optional.of(Problem.noSuchPath());
    }
    response.setHeader("Allow", String.join(", ", ruling.methods()));
    return Optional.of(Problem.noSuchMethod());
  }

  /** What the address says that nobody would hear; a dry run misspelt must not be a write. */
  private static Optional<Problem> wrong(String path, String text, Access.Ruling ruling) {
    Map<String, List<String>> query;
    try {
      query = Query.parse(text);
      boolean plain =
          Query.isPlain(Query.decodePath(path))
              && query.keySet().stream().allMatch(Query::isPlain)
              && query.values().stream().flatMap(List::stream).allMatch(Query::isPlain);
      if (!plain) {
        return Optional.of(Problem.badRequest("the address has control characters in it"));
      }
    } catch (Problem e) {
      return Optional.of(e);
    }
    return ruling.unknown(query.keySet()).map(name -> Problem.unknownQuery(name, ruling.query()));
  }

  static void answer(Problem problem, HttpServletResponse response) throws IOException {
    response.setStatus(problem.status().value());
    response.setContentType("application/problem+json");
    if (problem.retryAfter() != null && !response.containsHeader("Retry-After")) {
      response.setHeader("Retry-After", problem.retryAfter());
    }
    response.setHeader("Connection", "close"); // a body that nobody will read may follow
    response
        .getOutputStream()
        .write(JsonText.write(problem.body()).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  protected boolean shouldNotFilterErrorDispatch() {
    return true;
  }

  /** The token that was sent, of whatever worth. */
  private static Optional<String> token(HttpServletRequest request) {
    String header = request.getHeader("Authorization");
    if (starts(header, BEARER)) {
      return Optional.of(header.substring(BEARER.length()).strip());
    }
    // Terraform's http backend can send nothing else. The user's name is the caller's own note.
    return isShim(request) && starts(header, BASIC) && !isFromAPage(request)
        ? password(header.substring(BASIC.length()).strip())
        : Optional.empty();
  }

  /** Browsers add a password that they know to what any page sends; Terraform is no browser. */
  private static boolean isFromAPage(HttpServletRequest request) {
    boolean reads = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
    return !reads && request.getHeader("Origin") != null;
  }

  private static boolean starts(String header, String scheme) {
    return header != null && header.regionMatches(true, 0, scheme, 0, scheme.length());
  }

  private static boolean isShim(HttpServletRequest request) {
    return request.getRequestURI().startsWith(ShimServlet.ROOT + "/");
  }

  private static Optional<String> password(String credentials) {
    try {
      String both = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
      int colon = both.indexOf(':');
      return colon < 0 ? Optional.empty() : Optional.of(both.substring(colon + 1));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
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
    return caller(request).name();
  }

  /** Whether a command of this machine asks. */
  static boolean isCommand(HttpServletRequest request) {
    return Boolean.TRUE.equals(request.getAttribute(LOCAL));
  }

  /** Who asks; whoever showed no token may only look. */
  static Caller caller(HttpServletRequest request) {
    return request.getAttribute(CALLER) instanceof Caller caller
        ? caller
        : new Caller("nobody", Role.READER);
  }
}
