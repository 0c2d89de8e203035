using QuantumFed.Audit;
using QuantumFed.Cli;
using QuantumFed.Protocol;

namespace QuantumFed.System.Tests;

/// <summary>The last lines of an audit, which <c>model export</c> prints too.</summary>
public sealed class AuditTextTests
{
    [Fact]
    public void Seals_that_nobody_checked_are_told_with_the_command_that_does()
    {
        Assert.EndsWith(
            "\nThe seals of the blocks were not checked: qf audit verify --genesis FILE does, with the network's genesis file.", Conclusion(developmentChain: false), StringComparison.Ordinal);
        Assert.DoesNotContain("seals", Conclusion(developmentChain: true), StringComparison.Ordinal);
    }

    private static string Conclusion(bool developmentChain) => AuditText.Conclusion(
        new AuditReport([], [], [new RoundVerdict(default, RecordedPhase.Finalized, [], default, [], [], [], [], [])], [], null, 1, 2, developmentChain), live: false);
}
