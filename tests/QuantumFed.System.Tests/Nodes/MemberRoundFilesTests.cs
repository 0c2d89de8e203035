using QuantumFed.Lattice;
using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.System.Tests;

/// <summary>What a member finds of a round after a restart, also where its files were damaged.</summary>
public sealed class MemberRoundFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private MemberRoundFiles Files => new(_folder.Root, new RoundId(2));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void A_damaged_challenge_stops_the_member_with_a_sentence(int length)
    {
        Files.WriteChallenge(Digest.Of("challenge"u8));
        Assert.Equal(Digest.Of("challenge"u8), Files.ReadChallenge());
        string path = Path.Combine(Files.Folder, "challenge");
        File.WriteAllBytes(path, new byte[length]);
        Assert.Contains(path, Assert.Throws<InvalidDataException>(() => Files.ReadChallenge()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_round_key_stops_the_member_with_a_sentence()
    {
        Directory.CreateDirectory(Files.Folder);
        string path = Path.Combine(Files.Folder, "round.key");
        File.WriteAllBytes(path, new byte[5]);
        Assert.Contains(path, Assert.Throws<InvalidDataException>(() => Files.TryReadKey(out _)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_round_key_that_was_being_erased_when_the_member_stopped_is_gone()
    {
        Directory.CreateDirectory(Files.Folder);
        string path = Path.Combine(Files.Folder, "round.key");
        File.WriteAllBytes(path, new byte[RoundKeyPair.PrivateKeySizeInBytes]);
        Assert.False(Files.TryReadKey(out _));
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void An_attestation_that_was_kept_is_sent_again_under_the_same_signature()
    {
        Requires.PostQuantum();
        using SigningKey key = SigningKey.Generate();
        SignedMessage first = Files.KeepAttestation(Attest(key, 7));
        Assert.Equal(first.Digest, Files.KeepAttestation(Attest(key, 7)).Digest);
        // Of another block it is another attestation.
        Assert.NotEqual(first.Digest, Files.KeepAttestation(Attest(key, 8)).Digest);
        Files.Remove();
        Assert.False(Directory.Exists(Files.Folder));
    }

    private static SignedMessage Attest(SigningKey key, ulong block) => SignedMessage.Sign(
        new Attestation(Digest.Of("p"u8), Digest.Of("r"u8), Digest.Of("m"u8), block, Digest.Of("block"u8)), MemberId.Parse("north"), key);
}
