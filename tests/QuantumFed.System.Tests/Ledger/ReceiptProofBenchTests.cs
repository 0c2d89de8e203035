using QuantumFed.Cli;

namespace QuantumFed.System.Tests;

public sealed class ReceiptProofBenchTests
{
    [Fact]
    public void The_proofs_that_are_timed_hold_and_their_rate_is_a_number() =>
        Assert.InRange(ReceiptProofBench.ProofsPerSecond(TestContext.Current.CancellationToken), 1, 1e9);

    [Fact]
    public void Whoever_gives_up_is_heard() =>
        Assert.Throws<OperationCanceledException>(() => ReceiptProofBench.ProofsPerSecond(new CancellationToken(canceled: true)));
}
