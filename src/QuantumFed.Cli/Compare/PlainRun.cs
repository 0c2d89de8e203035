using System.Globalization;
using QuantumFed.Federation;
using QuantumFed.Learning;
using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary>The federation in the clear over the network: the processes and the channel of the encrypted one, without ledger, committee and replay.</summary>
internal static class PlainRun
{
    /// <summary>Runs it in a founded workspace.</summary>
    public static async Task<NetworkTiming> RunAsync(
        WorkspaceLayout layout, ConsortiumAgreement agreement, Action<string> tell, CancellationToken cancellation)
    {
        await using var network = new DemoNetwork();
        network.Start("coordinator", ["plain", "coordinator"], layout.Coordinator);
        foreach (AgreedMember member in agreement.Members)
            network.Start(member.Id.Name, ["plain", "member"], layout.Member(member.Id));
        var ends = new List<DateTimeOffset>();
        string model = "";
        long bytes = 0;
        int rounds = RoundTask.RoundCount(agreement.Task);
        for (int step = 0; step < rounds;)
        {
            (_, NodeEvent entry) = await network.NextAsync(() => $"in step {step} in the clear", cancellation);
            if (entry.Level >= Microsoft.Extensions.Logging.LogLevel.Error)
                tell(entry.Message);
            if (entry.Name == "Received" && ends.Count > 0)
                bytes += long.Parse(entry.Fields["bytes"], CultureInfo.InvariantCulture);
            if (entry.Name != "Stepped")
                continue;
            ends.Add(entry.Time);
            model = entry.Fields["model"];
            step++;
            tell(string.Create(CultureInfo.InvariantCulture, $"in the clear: round {step} of {rounds}, {double.Parse(entry.Fields["seconds"], CultureInfo.InvariantCulture):F2} s"));
        }
        await network.StopAsync();
        byte[] stored = await File.ReadAllBytesAsync(Path.Combine(layout.Archive, model), cancellation);
        if (!ModelState.TryParse(stored, out ModelState? read))
            throw new InvalidDataException("The plain federation's last model cannot be read.");
        // Each member reads the model that each round starts from.
        double received = (double)(rounds - 1) * stored.Length;
        return new NetworkTiming(
            read, NetworkTiming.Between([.. ends.Select(end => (end - ends[0]).TotalSeconds)]), (double)bytes / agreement.Members.Count + received, Verified: true);
    }
}
