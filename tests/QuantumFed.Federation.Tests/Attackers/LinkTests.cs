using QuantumFed.Protocol;

namespace QuantumFed.Federation.Tests;

/// <summary>Members with quantum links: what the coordinator takes, what the ledger must say, and what a regulator finds out afterwards.</summary>
public sealed class LinkTests : IDisposable
{
    private readonly Hospitals _hospitals = new(link: member => member.Name switch
    {
        "east" => LinkPolicy.Require,
        "north" => LinkPolicy.AllowPostQuantumOnly,
        "south" => LinkPolicy.Wait(TimeSpan.FromSeconds(30)),
        _ => null,
    });

    private readonly RoundPlay _play;

    public LinkTests() => _play = new RoundPlay(_hospitals, new RoundId(0), _hospitals.InitialModel);

    private MemberId Requires => _hospitals[0];

    private MemberId Allows => _hospitals[1];

    private MemberId Waits => _hospitals[2];

    private MemberId Without => _hospitals[3];

    [Fact]
    public void A_round_whose_updates_came_under_quantum_keys_replays_and_shows_every_seal()
    {
        var completed = Assert.IsType<RoundCompletion.Completed>(_play.Finish());
        ReplayResult replay = _play.Replay(completed.Finalization);
        Assert.True(replay.Verified, string.Join("\n", replay.Findings));
        Assert.Equal(
            new[] { Requires, Allows, Waits }.Select(TranscriptLabels.Seal),
            completed.Transcript.Index.Entries.Select(entry => entry.Label).Where(label => label.StartsWith("seal/", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_update_without_a_quantum_key_is_refused_where_the_policy_demands_one_whatever_the_ledger_says()
    {
        Freeze();
        foreach (MemberId member in new[] { Requires, Waits })
        {
            Assert.Contains("does not allow", _play.Upload(member, seal: _play.Seal(member, PayloadMode.MLKemOnly)), StringComparison.Ordinal);
            SignedMessage report = _play.ReportLink(member, LinkOutcome.Downgraded);
            Assert.False(_play.Coordinator.TryAddLinkReport(_play.Ledger, report, out string? failure));
            Assert.Contains("does not have the outcome", failure, StringComparison.Ordinal);
            Assert.Contains("does not allow", _play.Upload(member, seal: _play.Seal(member, PayloadMode.MLKemOnly)), StringComparison.Ordinal);
            // It says nothing against the update itself.
            Assert.Null(_play.Upload(member));
        }
    }

    [Fact]
    public void A_downgrade_that_the_policy_allows_is_taken_once_its_report_stands_on_the_ledger()
    {
        Freeze();
        SignedMessage seal = _play.Seal(Allows, PayloadMode.MLKemOnly);
        Assert.Contains("no report of that downgrade", _play.Upload(Allows, seal: seal), StringComparison.Ordinal);
        SignedMessage early = _play.ReportLink(Allows, LinkOutcome.Downgraded, onLedger: false);
        Assert.False(_play.Coordinator.TryAddLinkReport(_play.Ledger, early, out string? failure));
        Assert.Contains("The ledger does not have", failure, StringComparison.Ordinal);
        SignedMessage report = _play.ReportLink(Allows, LinkOutcome.Downgraded);
        Assert.True(_play.Coordinator.TryAddLinkReport(_play.Ledger, report, out failure), failure);
        Assert.Null(_play.Upload(Allows, seal: seal));

        ReplayResult replay = Finish(Allows);
        Assert.True(replay.Verified, string.Join("\n", replay.Findings));
    }

    [Fact]
    public void A_report_counts_only_from_a_member_with_a_link_for_this_plan_and_with_the_signature_that_the_ledger_has()
    {
        Freeze();
        Assert.False(_play.Coordinator.TryAddLinkReport(_play.Ledger, _play.ReportLink(Without, LinkOutcome.Withheld), out string? failure));
        Assert.Contains("has no quantum link", failure, StringComparison.Ordinal);
        Assert.False(_play.Coordinator.TryAddLinkReport(_play.Ledger, _play.ReportLink(Requires, LinkOutcome.Withheld, plan: Digest.Of("other"u8)), out failure));
        Assert.Contains("this round's plan", failure, StringComparison.Ordinal);
        _play.ReportLink(Requires, LinkOutcome.Withheld);
        SignedMessage signedAgain = _play.ReportLink(Requires, LinkOutcome.Withheld, onLedger: false);
        Assert.False(_play.Coordinator.TryAddLinkReport(_play.Ledger, signedAgain, out failure));
        Assert.Contains("The ledger does not have", failure, StringComparison.Ordinal);
        Assert.Empty(_play.Coordinator.Withheld);
    }

    [Fact]
    public void A_member_that_withholds_is_left_out_for_that_reason_and_the_round_goes_on_and_replays()
    {
        Freeze();
        SignedMessage report = _play.ReportLink(Requires, LinkOutcome.Withheld);
        Assert.True(_play.Coordinator.TryAddLinkReport(_play.Ledger, report, out string? failure), failure);
        Assert.Equal([Requires], _play.Coordinator.Withheld);
        Assert.Contains("withholds", _play.Upload(Requires), StringComparison.Ordinal);

        ReplayResult replay = Finish(Requires);
        Assert.True(replay.Verified, string.Join("\n", replay.Findings));
        Assert.Equal([new Exclusion(Requires, ExclusionReason.QuantumLinkDown)], _play.Ledger.Exclusions);
    }

    [Fact]
    public void A_member_is_not_left_out_for_its_link_unless_it_said_so_on_the_ledger_itself()
    {
        Freeze();
        foreach (MemberId member in _hospitals.Members.Skip(1))
            Assert.Null(_play.Upload(member));
        _play.ReportAll();
        RoundClosing closing = _play.Close();
        _play.ForceClose(closing with { Exclusions = [new Exclusion(Requires, ExclusionReason.QuantumLinkDown)] });
        Assert.Contains("does not follow", _play.Open(Allows).Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void A_seal_of_another_update_or_another_signer_is_refused()
    {
        Freeze();
        Assert.Contains("not signed by it", _play.Upload(Requires, seal: _play.Seal(Requires, signer: Allows)), StringComparison.Ordinal);
        Assert.Contains("not signed by it", _play.Upload(Requires, seal: _play.Seal(Requires, update: Digest.Of("other"u8))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_regulator_finds_a_downgrade_that_the_ledger_does_not_have_and_a_seal_that_was_left_out()
    {
        var completed = Assert.IsType<RoundCompletion.Completed>(_play.Finish());
        Forge(completed, Allows, _play.Seal(Allows, PayloadMode.MLKemOnly).ToArray());
        Forge(completed, Requires, _play.Seal(Requires, PayloadMode.MLKemOnly).ToArray());
        Forge(completed, Waits, null);
    }

    [Fact]
    public void A_closed_round_with_links_is_finished_from_what_was_kept_and_still_shows_seals_and_reports()
    {
        Freeze();
        SignedMessage report = _play.ReportLink(Requires, LinkOutcome.Withheld);
        Assert.True(_play.Coordinator.TryAddLinkReport(_play.Ledger, report, out string? failure), failure);
        foreach (MemberId member in _hospitals.Members.Skip(1))
            Assert.Null(_play.Upload(member));
        _play.ReportAll();
        _play.Close();
        RoundTranscript kept = _play.Coordinator.ClosedTranscript;
        foreach ((_, byte[] data) in kept.Objects)
            _hospitals.Objects.Put(data);
        Assert.True(
            CoordinatorRound.TryResume(
                _hospitals.Agreement, _play.Ledger, kept.Index, _hospitals.Objects, _hospitals.InitialModel, _hospitals.CoordinatorKey,
                System.Buffers.MemoryPool<ulong>.Shared, out CoordinatorRound? resumed, out failure),
            failure);
        Assert.Equal(kept.Index.Root, resumed.ClosedTranscript.Index.Root);
        TranscriptIndex less = new([.. kept.Index.Entries.Where(entry => entry.Label != TranscriptLabels.Seal(Allows))]);
        Assert.False(CoordinatorRound.TryResume(
            _hospitals.Agreement, _play.Ledger, less, _hospitals.Objects, _hospitals.InitialModel, _hospitals.CoordinatorKey,
            System.Buffers.MemoryPool<ulong>.Shared, out _, out _));
    }

    public void Dispose()
    {
        _play.Dispose();
        _hospitals.Dispose();
    }

    private void Freeze()
    {
        _play.CommitAll();
        _play.Freeze();
    }

    private ReplayResult Finish(MemberId special)
    {
        foreach (MemberId member in _hospitals.Members.Where(member => member != special))
            Assert.Null(_play.Upload(member));
        _play.ReportAll();
        _play.Close();
        _play.OpenAll();
        return _play.Replay(_play.Complete().Finalization);
    }

    // The coordinator signs and records whatever transcript it likes: here one with another seal of the member, or none.
    private void Forge(RoundCompletion.Completed completed, MemberId member, byte[]? seal)
    {
        string label = TranscriptLabels.Seal(member);
        var forged = new RoundTranscript();
        foreach ((TranscriptEntry entry, byte[] data) in completed.Transcript.Objects)
        {
            if (entry.Label != label)
                forged.Add(entry.Label, data);
            else if (seal is not null)
                forged.Add(label, seal);
        }
        Digest model = Digest.Of(completed.Model.ToCanonicalBytes());
        SignedMessage finalization = SignedMessage.Sign(
            new Finalization(_play.Context.PlanDigest, Digest.Of(forged.Index.ToArray()), forged.Index.Root, model, Forgery.MetadataOf(forged)),
            _hospitals.Agreement.Coordinator.Id, _hospitals.CoordinatorKey);
        RecordedRound before = _play.Ledger;
        _play.Record(forged, finalization, completed: true);
        ReplayResult replay = _play.Replay(finalization);
        Assert.Contains(replay.Findings, finding => finding.Subject == label);
        _play.Ledger = before;
    }
}
