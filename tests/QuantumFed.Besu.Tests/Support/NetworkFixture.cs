using QuantumFed.Besu.Tests;

[assembly: AssemblyFixture(typeof(NetworkFixture))]

namespace QuantumFed.Besu.Tests;

/// <summary>A network of four on one machine and one of five on their own machines, made once: keys take their time.</summary>
public sealed class NetworkFixture : IDisposable
{
    internal static readonly string[] Hosts = ["10.8.0.1", "10.8.0.2", "10.8.0.3", "10.8.0.2", "192.168.7.4"];

    public BesuNetwork OneMachine { get; } = BesuNetwork.Create(Sample.Plan(4, accounts: Sample.Accounts), Sample.Now);

    public BesuNetwork ManyMachines { get; } = BesuNetwork.Create(Sample.Plan(5, Hosts, chainId: 77, accounts: Sample.Accounts), Sample.Now);

    public IEnumerable<BesuNetwork> Both => [OneMachine, ManyMachines];

    public void Dispose()
    {
        OneMachine.Dispose();
        ManyMachines.Dispose();
    }
}
