package io.keepset.app.http;

import io.keepset.source.MapNode;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** Errors that never reached a controller: the container's own. */
@Controller
final class ProblemController implements ErrorController {
  @RequestMapping("${server.error.path:${error.path:/error}}")
  ResponseEntity<MapNode> error(HttpServletRequest request) {
    Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    int code = status instanceof Integer number ? number : 404;
    return ProblemAdvice.answer(
        switch (code) {
          case 404 -> Problem.noSuchPath();
          case 405 -> Problem.noSuchMethod();
          default -> Problem.ofStatus(code, "the server did not take the request");
        });
  }
}
