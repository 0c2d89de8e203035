using QuantumFed.Node;

namespace QuantumFed.System.Tests;

public sealed class PollPaceTests
{
    [Theory]
    [InlineData(0, 20)]
    [InlineData(1_000, 20)]
    [InlineData(6_000, 60)]
    [InlineData(60_000, 600)]
    [InlineData(3_600_000, 1_000)]
    public void The_ledger_is_asked_again_after_a_hundredth_of_the_wait(int waited, int next) =>
        Assert.Equal(TimeSpan.FromMilliseconds(next), PollPace.After(TimeSpan.FromMilliseconds(waited)));
}
