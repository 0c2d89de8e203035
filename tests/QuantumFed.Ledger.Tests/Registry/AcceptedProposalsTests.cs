using System.Collections.Immutable;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

/// <summary>What people may name to accept a change that signatures did not decide: one text, read strictly.</summary>
public sealed class AcceptedProposalsTests
{
    private static readonly string Hash = Digest.Of("execution"u8).ToString();

    [Fact]
    public void What_is_written_is_read()
    {
        var entry = new AcceptedProposal(ulong.MaxValue, Digest.Of("execution"u8));
        Assert.Equal($"18446744073709551615:0x{Hash}", entry.ToString());
        Assert.True(AcceptedProposals.TryParse([entry.ToString()], out AcceptedProposals? accepted, out ImmutableArray<string> failures));
        Assert.Equal([entry], accepted.All);
        Assert.Empty(failures);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0:")]
    [InlineData("-1:0xHASH")]
    [InlineData("+1:0xHASH")]
    [InlineData(" 1:0xHASH")]
    [InlineData("1.0:0xHASH")]
    [InlineData("18446744073709551616:0xHASH")]
    [InlineData("0x1:0xHASH")]
    [InlineData(":0xHASH")]
    [InlineData("0xHASH")]
    [InlineData("0xHASH:0")]
    [InlineData("0:HASH")]
    [InlineData("0:0x0xHASH")]
    [InlineData("0:0xHASHff")]
    [InlineData("0:0xHASH:")]
    [InlineData("0:0xHASH ")]
    [InlineData("0:0xcdef")]
    public void What_is_not_exactly_a_number_and_a_hash_is_refused(string? entry)
    {
        entry = entry?.Replace("HASH", Hash, StringComparison.Ordinal);
        Assert.False(AcceptedProposals.TryParse([$"7:0x{Hash}", entry], out AcceptedProposals? accepted, out ImmutableArray<string> failures));
        Assert.Null(accepted);
        Assert.StartsWith($"'{entry}' is not NUMBER:0xHASH", Assert.Single(failures), StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => AcceptedProposals.Parse([entry]));
    }

    [Theory]
    [InlineData("3")]
    [InlineData("03")]
    public void A_proposal_is_named_once_whatever_hash_stands_beside_it(string again)
    {
        Assert.False(AcceptedProposals.TryParse([$"3:0x{Hash}", $"{again}:0x{Digest.Of("other"u8)}"], out _, out ImmutableArray<string> failures));
        Assert.Equal("proposal 3 is named twice", Assert.Single(failures));
    }
}
