using QuantumFed.Protocol;

namespace QuantumFed.Federation.Tests;

/// <summary>A member that uploads something else than it committed to, or than is its own.</summary>
public sealed class UploadTests : IDisposable
{
    private readonly Hospitals _hospitals = new();
    private readonly RoundPlay _play;

    public UploadTests() => _play = new RoundPlay(_hospitals, new RoundId(0), _hospitals.InitialModel);

    private MemberId Victim => _hospitals[0];

    private MemberId Attacker => _hospitals[1];

    [Fact]
    public void Nothing_is_taken_before_the_ledger_froze_the_commitments_and_it_is_not_held_against_the_member()
    {
        _play.CommitAll();
        Assert.Contains("once the ledger has frozen", _play.Upload(Victim), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => _play.Coordinator.Freeze(_play.Ledger));
        _play.Freeze();
        foreach (MemberId member in _hospitals.Members.Skip(1))
            Assert.Null(_play.Upload(member));
        _play.ReportAll();
        Assert.Equal([new Exclusion(Victim, ExclusionReason.NotDelivered)], _play.Close().Exclusions);
    }

    [Fact]
    public void The_same_upload_again_is_taken_again()
    {
        _play.CommitAll();
        _play.Freeze();
        Assert.Null(_play.Upload(Victim));
        Assert.Null(_play.Upload(Victim));
        Assert.Equal([Victim], _play.Coordinator.Delivered);
    }

    [Fact]
    public void A_copied_ciphertext_in_a_manifest_of_ones_own_is_refused()
    {
        // Only possible if the victim's ciphertext leaked before commitments closed; then still refused.
        _play.Commit(Victim, _play.Encrypt(Victim));
        _play.Commit(Attacker, _play.Deal(Attacker, new Dealer { Ciphertext = _play.Updates[Victim].Ciphertext }));
        _play.CommitAll();
        _play.Freeze();
        Assert.Null(_play.Upload(Victim));
        Assert.Contains("the same as another member's", _play.Upload(Attacker), StringComparison.Ordinal);
        Assert.Equal([Victim], _play.Coordinator.Delivered);
    }

    [Fact]
    public void A_copied_ciphertext_in_place_of_the_committed_one_is_refused()
    {
        _play.CommitAll();
        _play.Freeze();
        Assert.Null(_play.Upload(Victim));
        Assert.Contains(
            "not the one it committed to",
            _play.Upload(Attacker, _play.Updates[Attacker] with { Ciphertext = _play.Updates[Victim].Ciphertext }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_manifest_copied_whole_is_refused()
    {
        PreparedUpdate victims = _play.Encrypt(Victim);
        _play.Commit(Victim, victims);
        Assert.True(victims.Manifest.TryReadUnverified(out UpdateManifest? manifest));
        // Under the victim's signature; under the attacker's; and with the victim's commitment repeated on the ledger.
        _play.Commit(Attacker, victims);
        _play.CommitAll();
        _play.Freeze();
        Assert.Contains($"signed by '{Victim}'", _play.Upload(Attacker, victims), StringComparison.Ordinal);
        PreparedUpdate signed = victims with { Manifest = SignedMessage.Sign(manifest, Attacker, _hospitals.KeyOf(Attacker)) };
        Assert.Contains("not signed by a member of that name", _play.Upload(Attacker, signed), StringComparison.Ordinal);
        PreparedUpdate renamed = victims with
        {
            Manifest = SignedMessage.Sign(manifest with { Member = Attacker }, Attacker, _hospitals.KeyOf(Attacker)),
        };
        Assert.Contains("not what it committed to on the ledger", _play.Upload(Attacker, renamed), StringComparison.Ordinal);
    }

    [Fact]
    public void Copied_sealed_shares_do_not_open_for_another_dealer()
    {
        _play.Commit(Victim, _play.Encrypt(Victim));
        IReadOnlyList<byte[]> stolen = _play.Updates[Victim].SealedShares;
        _play.Commit(Attacker, _play.Deal(Attacker, new Dealer { Sealed = (receiver, _) => stolen[receiver - 1] }));
        _play.CommitAll();
        _play.Freeze();
        _play.UploadAll();
        _play.ReportAll();
        Assert.Equal([new Exclusion(Attacker, ExclusionReason.ShareDoesNotOpen)], _play.Close().Exclusions);
    }

    [Fact]
    public void An_update_under_another_seed_is_refused()
    {
        Digest another = _play.Context.SeedFrom(Digest.Of("a block of the attacker's choice"u8));
        PreparedUpdate update = UpdateEncryptor.Encrypt(_play.Context, another, Attacker, _hospitals.KeyOf(Attacker), _play.Contribution(Attacker));
        AssertRefused("under another seed", update);
    }

    [Fact]
    public void An_update_for_another_plan_is_refused() =>
        AssertRefused("for another plan", _play.Deal(Attacker, new Dealer { Manifest = manifest => manifest with { Plan = Digest.Of("another"u8) } }));

    [Fact]
    public void A_ciphertext_of_another_length_is_refused() =>
        AssertRefused("not one of this round's parameters", _play.Deal(Attacker, new Dealer { Ciphertext = new byte[100] }));

    [Fact]
    public void Shares_for_fewer_receivers_are_refused() =>
        AssertRefused("for another plan", _play.Deal(Attacker, new Dealer
        {
            Manifest = manifest => manifest with { SealedShares = [.. manifest.SealedShares.Skip(1)] },
        }));

    [Fact]
    public void Sealed_shares_that_are_not_the_committed_ones_are_refused()
    {
        _play.CommitAll();
        _play.Freeze();
        PreparedUpdate update = _play.Updates[Attacker];
        PreparedUpdate swapped = update with { SealedShares = [.. update.SealedShares.Reverse()] };
        Assert.Contains("not those it committed to", _play.Upload(Attacker, swapped), StringComparison.Ordinal);
        Assert.NotNull(_play.Upload(Attacker, update with { SealedShares = [.. update.SealedShares.Skip(1)] }));
        Assert.NotNull(_play.Upload(Attacker, update with { SealedShares = [.. update.SealedShares, []] }));
        _play.CommitAll();
        // A member that then sends the right ones takes part.
        Assert.Null(_play.Upload(Attacker));
    }

    [Fact]
    public void A_member_that_did_not_commit_is_refused()
    {
        PreparedUpdate update = _play.Encrypt(Attacker);
        _play.CommitAll(except: [Attacker]);
        _play.Freeze();
        Assert.Contains("not what it committed to on the ledger", _play.Upload(Attacker, update), StringComparison.Ordinal);
    }

    [Fact]
    public void A_manifest_signed_anew_after_the_commitment_is_refused_because_it_would_not_replay()
    {
        // The ledger's transaction is bound to one signature. Were another taken, the whole round would end and verify for nobody.
        _play.CommitAll();
        _play.Freeze();
        Assert.True(_play.Updates[Attacker].Manifest.TryReadUnverified(out UpdateManifest? manifest));
        PreparedUpdate anew = _play.Updates[Attacker] with { Manifest = SignedMessage.Sign(manifest, Attacker, _hospitals.KeyOf(Attacker)) };
        Assert.Contains("another signature", _play.Upload(Attacker, anew), StringComparison.Ordinal);
        foreach (MemberId member in _hospitals.Members.Where(member => member != Attacker))
            Assert.Null(_play.Upload(member));
        _play.ReportAll();
        Assert.Equal([new Exclusion(Attacker, ExclusionReason.NotTheCommitted)], _play.Close().Exclusions);
        _play.OpenAll();
        Assert.True(_play.Replay(_play.Complete().Finalization).Verified);
    }

    [Fact]
    public void What_comes_after_the_closing_changes_nothing()
    {
        _play.CommitAll();
        _play.Freeze();
        foreach (MemberId member in _hospitals.Members.Where(member => member != Attacker))
            Assert.Null(_play.Upload(member));
        _play.ReportAll();
        _play.Close();
        SignedMessage closing = _play.Closing!;
        Assert.Contains("closed", _play.Upload(Attacker), StringComparison.Ordinal);
        Assert.False(_play.Coordinator.TryAddShareReport(_play.Report(Attacker), out _));
        // The ledger is bound to one signature over the closing, so asking again gives the same one.
        Assert.True(_play.Coordinator.TryClose(out SignedMessage? again, out _, out _));
        Assert.Equal(closing.Digest, again.Digest);
    }

    public void Dispose()
    {
        _play.Dispose();
        _hospitals.Dispose();
    }

    private void AssertRefused(string sentence, PreparedUpdate update)
    {
        _play.Commit(Attacker, update);
        _play.CommitAll();
        _play.Freeze();
        Assert.Contains(sentence, _play.Upload(Attacker), StringComparison.Ordinal);
        foreach (MemberId member in _hospitals.Members.Where(member => member != Attacker))
            Assert.Null(_play.Upload(member));
        _play.ReportAll();
        Assert.Equal([new Exclusion(Attacker, ExclusionReason.NotTheCommitted)], _play.Close().Exclusions);
        _play.OpenAll();
        Assert.True(_play.Replay(_play.Complete().Finalization).Verified);
    }
}
