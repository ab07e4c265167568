package io.keepset.drivers.engine.etcd;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.keepset.drivers.http.Endpoint;
import io.keepset.spi.DriverException;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;

/** Ways to a server that speaks gRPC. */
final class Channels {
  private static final int WINDOW = 1 << 20;

  /** A piece has 32 KiB; what is so much larger is none. */
  private static final int LONGEST_MESSAGE = 8 << 20;

  private Channels() {}

  /**
   * Talks to nobody yet. The server's name is checked where there is TLS.
   *
   * @throws DriverException REJECTED if the TLS files can't be used
   */
  static ManagedChannel open(Endpoint endpoint) throws DriverException {
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(endpoint.host(), endpoint.port())
            .proxyDetector(address -> null) // as for every other connection of ours
            .disableRetry()
            .directExecutor()
            .flowControlWindow(WINDOW)
            .maxInboundMessageSize(LONGEST_MESSAGE);
    return endpoint.tls().enabled()
        ? builder.sslContext(secured(endpoint)).build()
        : builder.usePlaintext().build();
  }

  private static JdkSslContext secured(Endpoint endpoint) throws DriverException {
    return new JdkSslContext(
        endpoint.tls().context(),
        true,
        null,
        IdentityCipherSuiteFilter.INSTANCE,
        new ApplicationProtocolConfig(
            ApplicationProtocolConfig.Protocol.ALPN,
            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
            "h2"),
        ClientAuth.NONE,
        null,
        false);
  }
}
