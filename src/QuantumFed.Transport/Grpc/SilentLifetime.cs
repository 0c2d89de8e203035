using Microsoft.Extensions.Hosting;

namespace QuantumFed.Transport;

/// <summary>Leaves the process's signals alone: they belong to the program a server runs in, and there may be several servers.</summary>
internal sealed class SilentLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
