package io.keepset.drivers.scratch;

import io.keepset.drivers.tool.ServerUser;
import io.keepset.policy.Options;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.Scratch;
import io.keepset.spi.Secret;
import io.keepset.spi.Source;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** An instance out of its parts: a directory, servers in it, and how to look at what came back. */
public final class ScratchInstance implements Scratch.Instance {
  /** How connections refer to the password of an instance. */
  private static final String PASSWORD = "scratch:password";

  private final String name;
  private final Source target;
  private final RestoreRequest request;
  private final Look look;
  private final Parts parts;

  private ScratchInstance(
      String name, Source target, RestoreRequest request, Look look, Parts parts) {
    this.name = name;
    this.target = target;
    this.request = request;
    this.look = look;
    this.parts = parts;
  }

  /** Looks at what a restore made. */
  @FunctionalInterface
  public interface Look {
    Scratch.Comparison at(RestoreReport restored) throws DriverException;
  }

  /** Starts what an instance needs. */
  @FunctionalInterface
  public interface Builder {
    Scratch.Instance build(Parts parts) throws DriverException, IOException;
  }

  /** What has to be closed, the newest first. One thread at a time. */
  public static final class Parts {
    private final ScratchDirectory directory;
    private final Deque<ScratchServer> servers = new ArrayDeque<>();

    private Parts(ScratchDirectory directory) {
      this.directory = directory;
    }

    public ScratchDirectory directory() {
      return directory;
    }

    /** One that is ended with the instance. */
    public ScratchServer add(ScratchServer server) {
      servers.push(server);
      return server;
    }

    /**
     * The instance itself.
     *
     * @param name for people: {@code Redis 7.0.15}
     */
    public Scratch.Instance instance(
        String name, Source target, RestoreRequest request, Look look) {
      return new ScratchInstance(name, target, request, look, this);
    }

    private void close() {
      while (!servers.isEmpty()) {
        servers.pop().close();
      }
      directory.close();
    }
  }

  /**
   * Makes a directory and builds in it; what was started goes again if that fails.
   *
   * @param factor see {@link ScratchDirectory#make}
   */
  public static Scratch.Instance build(
      Scratch.Wanted wanted, int factor, ServerUser user, Builder builder) throws DriverException {
    Parts parts = new Parts(ScratchDirectory.make(wanted, factor, user));
    boolean built = false;
    try {
      Scratch.Instance instance = builder.build(parts);
      built = true;
      return instance;
    } catch (IOException e) {
      throw new DriverException(
          Kind.TRANSIENT, "a scratch instance could not be prepared: " + e.getMessage(), e);
    } finally {
      if (!built) {
        parts.close();
      }
    }
  }

  /**
   * A source at an instance of ours.
   *
   * @param password empty if there is none
   */
  public static Source source(Map<String, String> connection, Options options, String password) {
    Map<String, String> all = new TreeMap<>(connection);
    if (!password.isEmpty()) {
      all.put("password", PASSWORD);
    }
    Secret secret = new Secret(password);
    return new Source("scratch", Options.of(all), options, reference -> secret);
  }

  public static RestoreRequest into(String name) {
    return new RestoreRequest(RestoreRequest.Mode.NEW, Optional.of(name));
  }

  @Override
  public String describe() {
    return name;
  }

  @Override
  public Source target() {
    return target;
  }

  @Override
  public RestoreRequest request() {
    return request;
  }

  @Override
  public Scratch.Comparison compare(RestoreReport restored) throws DriverException {
    return look.at(restored);
  }

  @Override
  public void close() {
    parts.close();
  }
}
