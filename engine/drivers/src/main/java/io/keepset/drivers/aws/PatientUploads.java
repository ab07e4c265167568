package io.keepset.drivers.aws;

import static java.util.Objects.requireNonNullElse;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * Gives an upload up that the service takes nothing of any more. Java's own client limits how long
 * an answer may take, and not a write: to a service that is frozen that would last for ever. A
 * write can't be interrupted (with TLS not even by closing), so it waits on a thread of its own,
 * which is left alone then: what it would go on to send is no longer to be had.
 */
final class PatientUploads implements SdkHttpClient {
  private final SdkHttpClient client;
  private final Duration patience;

  /**
   * @param patience how long the service may take nothing
   */
  PatientUploads(SdkHttpClient client, Duration patience) {
    this.client = client;
    this.patience = patience;
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    Optional<ContentStreamProvider> body = request.contentStreamProvider();
    if (body.isEmpty()) {
      return client.prepareRequest(request);
    }
    Passing passing = new Passing(body.get());
    HttpExecuteRequest.Builder watched =
        HttpExecuteRequest.builder().request(request.httpRequest()).contentStreamProvider(passing);
    request.metricCollector().ifPresent(watched::metricCollector);
    return new Upload(client.prepareRequest(watched.build()), passing, patience);
  }

  @Override
  public String clientName() {
    return client.clientName();
  }

  @Override
  public void close() {
    client.close();
  }

  /** The body on its way; between two reads of it the client writes. */
  private static final class Passing implements ContentStreamProvider {
    private final ContentStreamProvider body;
    private volatile long writingSince;
    private volatile boolean givenUp;

    Passing(ContentStreamProvider body) {
      this.body = body;
    }

    boolean stuck(Duration patience) {
      long since = writingSince;
      return since != 0 && System.nanoTime() - since > patience.toNanos();
    }

    @Override
    public InputStream newStream() {
      return new FilterInputStream(body.newStream()) {
        @Override
        public int read() throws IOException {
          byte[] one = new byte[1];
          return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
          writingSince = 0;
          if (givenUp) {
            throw new IOException("the upload was given up");
          }
          int n = in.read(bytes, offset, length);
          writingSince = n > 0 ? System.nanoTime() : 0;
          return n;
        }
      };
    }
  }

  private static final class Upload implements ExecutableHttpRequest {
    private final ExecutableHttpRequest request;
    private final Passing passing;
    private final Duration patience;

    Upload(ExecutableHttpRequest request, Passing passing, Duration patience) {
      this.request = request;
      this.passing = passing;
      this.patience = patience;
    }

    @Override
    public HttpExecuteResponse call() throws IOException {
      FutureTask<HttpExecuteResponse> task = new FutureTask<>(request);
      start("keepset-upload", task);
      long period = Math.max(10, Math.min(1000, patience.toMillis() / 4));
      while (true) {
        try {
          return task.get(period, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          if (passing.stuck(patience)) {
            abort();
            throw new SocketTimeoutException(
                "nothing was taken for " + patience.toSeconds() + " s");
          }
        } catch (InterruptedException e) {
          abort();
          Thread.currentThread().interrupt();
          throw new InterruptedIOException("the upload was cancelled");
        } catch (ExecutionException e) {
          throw rethrown(requireNonNullElse(e.getCause(), e));
        }
      }
    }

    private static IOException rethrown(Throwable cause) {
      if (cause instanceof RuntimeException failure) {
        throw failure;
      }
      if (cause instanceof Error error) {
        throw error;
      }
      return cause instanceof IOException failure ? failure : new IOException(cause);
    }

    @Override
    public void abort() {
      passing.givenUp = true;
      start("keepset-upload-end", request::abort);
    }

    private static void start(String name, Runnable work) {
      Thread thread = new Thread(work, name);
      thread.setDaemon(true);
      thread.start();
    }
  }
}
