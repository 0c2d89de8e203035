using QuantumFed.Node;

namespace QuantumFed.System.Tests;

public sealed class ResealPaceTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(4, 8)]
    [InlineData(5, 16)]
    [InlineData(6, 16)]
    [InlineData(int.MaxValue, 16)]
    public void Each_key_more_for_a_round_is_waited_for_twice_as_long(int keys, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), ResealPace.After(keys));
}
