package io.keepset.app.http;

import io.keepset.app.Keepset;
import io.keepset.app.security.TlsFiles;
import io.keepset.app.security.TokenOperations;
import io.keepset.app.watch.RunCounts;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.terraform.Shim;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.BindException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;

/** The running HTTP server. Closing it waits for answers under way. */
public final class Server implements AutoCloseable {
  private final ConfigurableApplicationContext context;

  private Server(ConfigurableApplicationContext context) {
    this.context = context;
  }

  /**
   * How the server listens.
   *
   * @param logFile beside the console
   * @param port 0 lets the system choose
   * @param patience how long a stop waits for answers under way
   * @param rate requests a second that each token may send on average; 0 for any
   * @param tls if it speaks that; files that change are taken up
   * @param restoreBelow where requests may choose directories for restores
   */
  public record Settings(
      String address,
      int port,
      Optional<Path> logFile,
      Duration patience,
      Optional<TlsFiles> tls,
      int rate,
      Optional<Path> restoreBelow) {
    /** What a caller gets unless told otherwise. */
    public static final int USUAL_RATE = 500;

    /** Nobody chooses directories for restores from elsewhere. */
    public Settings(
        String address,
        int port,
        Optional<Path> logFile,
        Duration patience,
        Optional<TlsFiles> tls,
        int rate) {
      this(address, port, logFile, patience, tls, rate, Optional.empty());
    }

    /** In clear. */
    public Settings(String address, int port, Optional<Path> logFile, Duration patience) {
      this(address, port, logFile, patience, Optional.empty(), USUAL_RATE);
    }
  }

  /**
   * Who answers.
   *
   * @param plans takes those that requests bring
   * @param tokens let in
   * @param management makes and takes away tokens
   */
  public record Desks(
      Keepset keepset,
      Shim shim,
      Following following,
      PlanDesk plans,
      Tokens tokens,
      TokenOperations management) {}

  /**
   * @throws DriverException REJECTED if the port or address can't be had
   */
  public static Server start(Settings settings, Desks desks) throws DriverException {
    return start(
        settings,
        ServerConfiguration.class,
        "health,prometheus",
        beans -> {
          beans.registerBean(Keepset.class, desks::keepset, d -> d.setDestroyMethodName(""));
          beans.registerBean(Following.class, desks::following, d -> d.setDestroyMethodName(""));
          beans.registerBean(PlanDesk.class, desks::plans, d -> d.setDestroyMethodName(""));
          beans.registerBean(
              Throttle.class,
              () -> new Throttle(settings.rate(), System::nanoTime, LockSupport::parkNanos));
          beans.registerBean(RestorePlaces.class, () -> new RestorePlaces(settings.restoreBelow()));
          beans.registerBean(Memory.class, Memory::ofThisProcess);
          beans.registerBean(Shim.class, desks::shim);
          beans.registerBean(
              TokenOperations.class, desks::management, d -> d.setDestroyMethodName(""));
          beans.registerBean(Tokens.class, desks::tokens);
        });
  }

  /**
   * Any context of ours that answers HTTP.
   *
   * @param endpoints of management that are there
   * @param into takes the finished objects
   */
  static Server start(
      Settings settings,
      Class<?> configuration,
      String endpoints,
      Consumer<GenericApplicationContext> into)
      throws DriverException {
    Map<String, Object> properties = properties(settings);
    properties.put("management.endpoints.web.exposure.include", endpoints);
    SpringApplication application = new SpringApplication(configuration);
    application.setEnvironment(new OwnEnvironment(properties));
    application.setAddCommandLineProperties(false);
    application.setBannerMode(Banner.Mode.OFF);
    application.setLogStartupInfo(false);
    application.setRegisterShutdownHook(false); // whoever starts us stops us, in the right order
    application.addInitializers(context -> into.accept((GenericApplicationContext) context));
    try {
      return new Server(application.run());
    } catch (RuntimeException e) {
      throw explain(settings, e);
    }
  }

  private static DriverException explain(Settings settings, RuntimeException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof PortInUseException) {
        return new DriverException(
            Kind.REJECTED,
            "port " + settings.port() + " is taken by another program: choose one with --port",
            e);
      }
      if (cause instanceof BindException || cause instanceof UnknownHostException) {
        return new DriverException(
            Kind.REJECTED,
            "can't listen on "
                + settings.address()
                + " port "
                + settings.port()
                + " ("
                + cause.getMessage()
                + "): choose others with --address and --port",
            e);
      }
    }
    if (settings.tls().isPresent()) {
      Throwable root = e;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      return new DriverException(
          Kind.REJECTED,
          "can't speak TLS with "
              + settings.tls().get().certificate()
              + " and "
              + settings.tls().get().key()
              + ": "
              + root.getMessage(),
          e);
    }
    throw e;
  }

  private static void tls(TlsFiles files, Map<String, Object> p) {
    String bundle = "spring.ssl.bundle.pem.keepset.";
    p.put("server.ssl.bundle", "keepset");
    p.put(bundle + "keystore.certificate", files.certificate().toUri().toString());
    p.put(bundle + "keystore.private-key", files.key().toUri().toString());
    p.put(bundle + "keystore.verify-keys", "true");
    p.put(bundle + "options.enabled-protocols", "TLSv1.3,TLSv1.2");
    p.put(bundle + "reload-on-update", "true");
    p.put("spring.ssl.bundle.watch.file.quiet-period", "2s"); // certificate and key change apart
  }

  private static Map<String, Object> properties(Settings settings) {
    Map<String, Object> p = new LinkedHashMap<>();
    p.put("spring.config.location", "optional:classpath:/none/");
    p.put("server.address", settings.address());
    p.put("server.port", settings.port());
    p.put("server.shutdown", "graceful");
    p.put("spring.lifecycle.timeout-per-shutdown-phase", settings.patience().toSeconds() + "s");
    p.put("server.tomcat.max-swallow-size", "64MB");
    p.put("server.error.whitelabel.enabled", "false");
    // Also for each part of a body: who sends nothing for that long keeps no thread.
    p.put("server.tomcat.connection-timeout", "20s");
    p.put("server.tomcat.max-connections", "2000");
    settings.tls().ifPresent(files -> tls(files, p));
    settings.logFile().ifPresent(file -> p.put("logging.file.name", file.toString()));
    p.put("logging.level.root", "WARN");
    p.put("logging.level.io.keepset", "INFO");
    p.put("logging.level.org.flywaydb", "ERROR");
    // Why it does not start is said once, as the cause and what to do.
    p.put("logging.level.org.springframework.boot.diagnostics", "OFF");
    // What keeps it from starting is explained to whoever started it.
    p.put("logging.level.org.springframework.boot.web.server.servlet.context", "ERROR");
    p.put("logging.level.org.quartz", "OFF"); // the scheduler tells what matters itself
    p.put("logging.pattern.console", "%d{yyyy-MM-dd'T'HH:mm:ssXXX} %-5level %msg%n%ex{0}");
    p.put(
        "logging.pattern.file",
        "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level [%t] %logger{0}: %msg%n%ex");
    p.put("logging.logback.rollingpolicy.max-file-size", "10MB");
    p.put("logging.logback.rollingpolicy.max-history", "20");
    p.put("spring.output.ansi.enabled", "never");
    p.put("spring.main.web-application-type", "servlet");
    // It would read the body of whoever sends with curl, whose usual content type is a form.
    p.put("spring.mvc.formcontent.filter.enabled", "false");
    p.put("spring.jmx.enabled", "false");
    p.put("management.endpoint.health.show-details", "never");
    p.put("management.endpoint.health.probes.enabled", "true");
    p.put("management.prometheus.metrics.export.enabled", "true");
    return p;
  }

  /** The port that it listens on. */
  public int port() {
    WebServer server = ((WebServerApplicationContext) context).getWebServer();
    return Objects.requireNonNull(server, "a running context has a web server").getPort();
  }

  /** What is to hear of every outlook, so that metrics tell of it. */
  public WatchMetrics metrics(RunCounts runs, Supplier<WatchMetrics.Policies> policies) {
    WatchMetrics metrics = new WatchMetrics(runs, policies);
    context.getBean(PrometheusMeterRegistry.class).getPrometheusRegistry().register(metrics);
    return metrics;
  }

  /** For tests that look inside. */
  ConfigurableApplicationContext context() {
    return context;
  }

  @Override
  public void close() {
    context.close();
  }

  /** Settings come from us alone: a stray variable or file of the machine changes nothing. */
  private static final class OwnEnvironment extends StandardEnvironment {
    OwnEnvironment(Map<String, Object> properties) {
      super(new MutablePropertySources());
      getPropertySources().addFirst(new MapPropertySource("keepset", properties));
    }

    @Override
    protected void customizePropertySources(MutablePropertySources sources) {}
  }
}
