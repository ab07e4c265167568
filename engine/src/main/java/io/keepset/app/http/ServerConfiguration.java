package io.keepset.app.http;

import io.keepset.terraform.Shim;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * The server's context: nothing is scanned. What the controllers work with comes in as finished
 * objects from {@link Server}.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({
  ApplyApi.class,
  ApprovalsApi.class,
  BackupsApi.class,
  DatabasesApi.class,
  StoresApi.class,
  TokensApi.class,
  HoldsApi.class,
  AuditApi.class,
  StatusApi.class,
  DriftApi.class,
  WalApi.class,
  TerraformStatesApi.class,
  ProblemAdvice.class
})
class ServerConfiguration implements WebMvcConfigurer {
  @Override
  public void configureMessageConverters(HttpMessageConverters.ServerBuilder builder) {
    builder.addCustomConverter(new NodeConverter());
  }

  @Bean
  FilterRegistrationBean<TokenFilter> tokenFilter(Tokens tokens) {
    FilterRegistrationBean<TokenFilter> registration =
        new FilterRegistrationBean<>(new TokenFilter(tokens));
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
    return registration;
  }

  @Bean
  FilterRegistrationBean<LimitFilter> limitFilter(Throttle throttle, Memory memory) {
    FilterRegistrationBean<LimitFilter> registration =
        new FilterRegistrationBean<>(new LimitFilter(throttle, memory));
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 1); // after the token is known
    return registration;
  }

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemPages() {
    return factory ->
        factory.addContextCustomizers(
            context -> context.getParent().getPipeline().addValve(new ProblemValve()));
  }

  @Bean
  ServletRegistrationBean<ShimServlet> terraformShim(Shim shim) {
    return new ServletRegistrationBean<>(new ShimServlet(shim), ShimServlet.ROOT + "/*");
  }

  @Bean
  ProblemController problemController() {
    return new ProblemController();
  }
}
