using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.System.Tests;

/// <summary>What the coordinator's desk has on disk when it answers, and how much a member can make it keep.</summary>
public sealed class CoordinatorDeskTests : IDisposable
{
    private static readonly RoundId Round = new(3);
    private static readonly Digest End = Digest.Of("finalisation"u8);
    private static readonly Finalization Finalized = new(Digest.Of("p"u8), Digest.Of("t"u8), Digest.Of("r"u8), Digest.Of("m"u8), Digest.Of("d"u8));

    private readonly TemporaryFolder _folder = new();

    private RoundArchive Archive => new(_folder.At("archive"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_attestation_is_in_the_archives_index_before_it_is_acknowledged()
    {
        using Consortium consortium = Found();
        CoordinatorDesk desk = Desk(consortium);
        SignedMessage attestation = consortium.Attest(Finalized);
        Assert.True(desk.TrySubmit(consortium.Self, attestation, out _));
        // Nothing else is asked of the desk: the coordinator may die now.
        Assert.True(Archive.TryReadRound(Round, out RoundIndex? index));
        Assert.Equal(End, index.Finalization);
        Assert.Equal(attestation.Digest, Assert.Single(index.Attestations).Value);
        Assert.True(Archive.Objects.TryRead(attestation.Digest, out _));
    }

    [Fact]
    public void A_second_signature_on_the_same_attestation_is_refused_and_not_kept()
    {
        using Consortium consortium = Found();
        CoordinatorDesk desk = Desk(consortium);
        SignedMessage first = consortium.Attest(Finalized);
        SignedMessage second = consortium.Attest(Finalized);
        Assert.True(desk.TrySubmit(consortium.Self, first, out _));
        Assert.True(desk.TrySubmit(consortium.Self, first, out _));
        Assert.False(desk.TrySubmit(consortium.Self, second, out string? failure));
        Assert.Contains("another attestation", failure, StringComparison.Ordinal);
        Assert.Equal([Archive.Objects.PathOf(first.Digest)], Archive.Objects.Files());
    }

    [Fact]
    public void Round_keys_handed_in_again_and_again_do_not_fill_the_disk()
    {
        using Consortium consortium = Found();
        CoordinatorDesk desk = Desk(consortium);
        desk.BeginKeys(Round, consortium.Agreement);
        SignedMessage last = consortium.AnnounceKey(Round);
        for (int i = 0; i < 5; i++)
            Assert.True(desk.TrySubmit(consortium.Self, last = consortium.AnnounceKey(Round), out _));
        Assert.Equal(last.Digest, Assert.Single(desk.RoundKeys).Digest);
        Assert.Empty(Archive.Objects.Files());
    }

    private CoordinatorDesk Desk(Consortium consortium)
    {
        var desk = new CoordinatorDesk(consortium.Agreement, Archive, TimeProvider.System);
        desk.BeginAttestations(Round, End, Finalized);
        return desk;
    }

    private Consortium Found()
    {
        Requires.PostQuantum();
        var layout = new WorkspaceLayout(_folder.At("w"));
        return new Consortium(layout, SmallWorkspace.Found(layout, hospitals: 3));
    }

    private sealed class Consortium(WorkspaceLayout layout, ConsortiumAgreement agreement) : IDisposable
    {
        private readonly SigningKey _key = new PartyFolder(layout.Member(agreement.Members[0].Id)).ReadSigningKey(agreement.Members[0].Key);

        public ConsortiumAgreement Agreement => agreement;

        public MemberId Self => agreement.Members[0].Id;

        public SignedMessage Attest(Finalization end) =>
            SignedMessage.Sign(new Attestation(end.Plan, end.TranscriptRoot, end.Model, 7, Digest.Of("block"u8)), Self, _key);

        public SignedMessage AnnounceKey(RoundId round)
        {
            using Lattice.RoundKeyPair key = Lattice.RoundKeyPair.Generate();
            return Federation.CommitteeRound.Announce(agreement, round, key, Self, _key);
        }

        public void Dispose() => _key.Dispose();
    }
}
