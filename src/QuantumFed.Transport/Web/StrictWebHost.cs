using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace QuantumFed.Transport;

/// <summary>How every server here is hosted: Kestrel on one endpoint, and nothing that comes from outside the program.</summary>
internal static class StrictWebHost
{
    /// <summary>Starts listening.</summary>
    /// <param name="endPoint">Where; port 0 for any.</param>
    /// <param name="listen">The endpoint's protocols and TLS.</param>
    /// <param name="limits">The server's limits.</param>
    /// <param name="handle">What answers.</param>
    /// <param name="loggers">Where Kestrel reports.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <returns>The application and where it listens, the port being the real one.</returns>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<(WebApplication Application, IPEndPoint EndPoint)> StartAsync(
        IPEndPoint endPoint, Action<ListenOptions> listen, Action<KestrelServerLimits> limits, RequestDelegate handle, ILoggerFactory loggers,
        CancellationToken cancellationToken)
    {
        // The empty builder reads no settings file, no environment and no arguments: nothing outside may add an endpoint.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, SilentLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Timeout.InfiniteTimeSpan); // StopAsync has the say
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            limits(kestrel.Limits);
            kestrel.Listen(endPoint, listen);
        });
        WebApplication application = builder.Build();
        try
        {
            application.Run(handle);
            await application.StartAsync(cancellationToken).ConfigureAwait(false);
            string address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
            return (application, new IPEndPoint(endPoint.Address, new Uri(address).Port));
        }
        catch
        {
            await application.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
