using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.System.Tests;

/// <summary>A party's keys, old and new: which of them it needs.</summary>
public sealed class PartyKeysTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("no key")]
    public void The_key_in_force_is_found_where_the_one_before_is_gone_or_damaged(string? left)
    {
        Requires.PostQuantum();
        var party = new PartyFolder(_folder.Root);
        using SigningKey old = party.CreateSigningKey(), next = party.CreateNextSigningKey();
        string path = _folder.At("signing.key");
        File.Delete(path);
        if (left is not null)
            File.WriteAllText(path, left);
        using PartyKeys keys = new(party);
        Assert.Equal(next.VerificationKey.Digest, keys.SigningKeyOf(next.VerificationKey).VerificationKey.Digest);
        Assert.Null(keys.FindSigningKey(old.VerificationKey));
        Assert.Throws<SettingsException>(() => keys.SigningKeyOf(old.VerificationKey));
    }

    [Fact]
    public void Both_keys_are_found_as_long_as_both_are_there()
    {
        Requires.PostQuantum();
        var party = new PartyFolder(_folder.Root);
        using SigningKey old = party.CreateSigningKey(), next = party.CreateNextSigningKey();
        using PartyKeys keys = new(party);
        Assert.NotNull(keys.FindSigningKey(old.VerificationKey));
        Assert.NotNull(keys.FindSigningKey(next.VerificationKey));
    }
}
