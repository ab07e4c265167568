package io.keepset.drivers.aws;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * S3 judges a conditional write and does it in one step; S3Mock looks first and writes then, so
 * that of two at once both succeed. Here one waits for the other.
 */
public final class OneConditionAtATime implements Filter {
  private final ReentrantLock writing = new ReentrantLock();

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    boolean conditional = ((HttpServletRequest) request).getHeader("If-None-Match") != null;
    if (!conditional) {
      chain.doFilter(request, response);
      return;
    }
    writing.lock();
    try {
      chain.doFilter(request, response);
    } finally {
      writing.unlock();
    }
  }
}
