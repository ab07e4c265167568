package io.keepset.app.http;

import io.keepset.source.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;

/**
 * What the container answers itself, before anything of ours is asked, such as to a path that it
 * will not decode: our problem document instead of its page.
 */
final class ProblemValve extends ErrorReportValve {
  @Override
  protected void report(Request request, Response response, Throwable throwable) {
    int status = response.getStatus();
    if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
      return;
    }
    Problem problem =
        status >= 500
            ? Problem.ofStatus(status, "the server could not answer; its log may say more")
            : Problem.ofStatus(status, "the request is not one that HTTP allows here");
    try {
      response.setContentType("application/problem+json");
      response
          .getOutputStream()
          .write(JsonText.write(problem.body()).getBytes(StandardCharsets.UTF_8));
      response.finishResponse();
    } catch (IOException | IllegalStateException e) {
      container.getLogger().debug("nobody hears the answer", e);
    }
  }
}
