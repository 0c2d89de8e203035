using System.Net;
using Microsoft.Extensions.Logging;
using QuantumFed.Transport;

namespace QuantumFed.KeyManagement;

/// <summary>
/// A key manager's interface for applications: ETSI GS QKD 014 v1.1.1 over mutual ML-DSA-65 TLS 1.3, with metrics beside it. An application is who its certificate
/// says. Thread safe.
/// </summary>
public sealed class EtsiServer : IAsyncDisposable
{
    private readonly StrictWebServer _server;

    private EtsiServer(StrictWebServer server) => _server = server;

    /// <summary>Where it listens; the port is the real one.</summary>
    public IPEndPoint EndPoint => _server.EndPoint;

    /// <summary>Starts serving.</summary>
    /// <param name="settings">What is served, and within which limits.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="identity">The key manager's identity; borrowed.</param>
    /// <param name="figures">The link's figures.</param>
    /// <param name="loggers">Where requests that are refused are reported.</param>
    /// <param name="time">The clock of certificates.</param>
    /// <param name="cancellation">Gives up starting.</param>
    /// <exception cref="TransportProfileException">This process cannot hold the TLS profile.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<EtsiServer> StartAsync(
        EtsiServerSettings settings, IKeyDelivery keys, NodeIdentity identity, LinkFigures figures, ILoggerFactory loggers, TimeProvider time,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(figures);
        var requests = new EtsiRequests(settings, keys, figures, loggers.CreateLogger<EtsiServer>());
        return new EtsiServer(await StrictWebServer.StartAsync(settings.EndPoint, identity, requests.AnswerAsync, loggers, time, cancellation).ConfigureAwait(false));
    }

    /// <summary>Stops serving.</summary>
    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
