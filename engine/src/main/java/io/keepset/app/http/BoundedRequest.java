package io.keepset.app.http;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A request whose body is read within a limit. */
final class BoundedRequest extends HttpServletRequestWrapper {
  private final BodyLimit limit;
  private final Memory.Share share;
  private final boolean known;
  private @Nullable ServletInputStream body;

  /**
   * @param share of the memory for bodies
   * @param known whether what the body takes of it is taken already, as far as it takes any
   */
  BoundedRequest(HttpServletRequest request, BodyLimit limit, Memory.Share share, boolean known) {
    super(request);
    this.limit = limit;
    this.share = share;
    this.known = known;
  }

  @Override
  public ServletInputStream getInputStream() throws IOException {
    if (body == null) {
      body = new BoundedBody(super.getInputStream(), limit, share, known, System::nanoTime);
    }
    return body;
  }
}
