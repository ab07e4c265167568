package io.keepset.app.http;

import io.keepset.spi.DriverException;
import java.net.URI;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;

/** The Terraform shim as a process of its own, in front of an engine elsewhere. */
public final class Gateway implements AutoCloseable {
  private final Server server;

  private Gateway(Server server) {
    this.server = server;
  }

  /**
   * Whom it stands in front of.
   *
   * @param token for requests that bring none
   * @param trusted instead of whom the machine trusts
   */
  public record Engine(URI address, Optional<String> token, Optional<SSLContext> trusted) {}

  /**
   * @throws DriverException REJECTED if the port or address can't be had, or the engine's is none
   */
  public static Gateway start(Server.Settings settings, Engine engine) throws DriverException {
    Engine checked =
        new Engine(GatewayServlet.base(engine.address()), engine.token(), engine.trusted());
    return new Gateway(
        Server.start(
            settings,
            Configuration.class,
            "health",
            beans -> beans.registerBean(Engine.class, () -> checked)));
  }

  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.close();
  }

  /** What the gateway consists of. */
  @SpringBootConfiguration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @Import(ProblemAdvice.class)
  static class Configuration {
    @Bean
    ServletRegistrationBean<GatewayServlet> gatewayServlet(Engine engine) {
      return new ServletRegistrationBean<>(new GatewayServlet(engine), ShimServlet.ROOT + "/*");
    }

    @Bean
    FilterRegistrationBean<GatewayFilter> gatewayFilter(Engine engine) {
      FilterRegistrationBean<GatewayFilter> registration =
          new FilterRegistrationBean<>(new GatewayFilter(engine.token().isPresent()));
      registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
      return registration;
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemPages() {
      return factory ->
          factory.addContextCustomizers(
              context -> context.getParent().getPipeline().addValve(new ProblemValve()));
    }

    @Bean
    ProblemController problemController() {
      return new ProblemController();
    }
  }
}
