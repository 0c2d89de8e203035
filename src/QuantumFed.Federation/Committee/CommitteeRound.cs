using System.Diagnostics.CodeAnalysis;
using QuantumFed.Lattice;
using QuantumFed.Protocol;

namespace QuantumFed.Federation;

/// <summary>
/// One committee member's part in one round: check the shares dealt to it, then open one set, once. Holds the round's private key
/// and the opened shares, and erases both on dispose. Not thread-safe.
/// </summary>
public sealed class CommitteeRound : IDisposable
{
    private readonly RoundContext _context;
    private readonly RoundKeyPair _key;
    private readonly MemberId _self;
    private readonly SigningKey _signer;
    private readonly ushort _receiver;
    private readonly int _seat;
    private readonly Dictionary<MemberId, SecretShare> _shares = [];
    private Digest? _challenge;

    /// <summary>Takes over <paramref name="key"/>, the private half of the round key this member announced.</summary>
    /// <param name="context">The round.</param>
    /// <param name="key">The key.</param>
    /// <param name="self">This member.</param>
    /// <param name="signer">Its record key.</param>
    /// <param name="answered">The challenge that this member answered before a restart, if it did.</param>
    public CommitteeRound(RoundContext context, RoundKeyPair key, MemberId self, SigningKey signer, Digest? answered = null)
    {
        _challenge = answered;
        _context = context;
        _key = key;
        _self = self;
        _signer = signer;
        _receiver = context.Agreement.ReceiverOf(self);
        _seat = context.Plan.Committee.ToList().FindIndex(seat => seat.Receiver == _receiver);
    }

    /// <summary>The challenge this member answers in this round: kept durably before the answer is sent, it is the only one for ever.</summary>
    public Digest? Challenge => _challenge;

    /// <summary>Whether the shares dealt to this member have been opened here.</summary>
    public bool HasShares => _shares.Count > 0;

    /// <summary>Makes a round key and its signed announcement.</summary>
    public static SignedMessage Announce(ConsortiumAgreement agreement, RoundId round, RoundKeyPair key, MemberId self, SigningKey signer) =>
        SignedMessage.Sign(new RoundKey(agreement.Federation, round, key.EncapsulationKey.ToBytes()), self, signer);

    /// <summary>
    /// Opens the shares of all dealers whose updates arrived and answers the challenge for each. Refuses while the ledger still takes
    /// commitments: a challenge known before would let a dealer cheat.
    /// </summary>
    public bool TryReport(
        RecordedRound ledger, IEnumerable<DealtManifest> dealt, [NotNullWhen(true)] out SignedMessage? report, [NotNullWhen(false)] out string? failure)
    {
        report = null;
        failure = null;
        if (ledger.Plan != _context.PlanDigest || ledger.Phase is RecordedPhase.None or RecordedPhase.Open or RecordedPhase.Abandoned)
        {
            failure = $"The ledger has not frozen the commitments of round {_context.Plan.Round}.";
            return false;
        }
        if (_seat < 0)
        {
            failure = $"This member has no seat in the committee of round {_context.Plan.Round}.";
            return false;
        }
        Digest challengeDigest = _context.ChallengeFrom(ledger.Commitments);
        if (_challenge is { } answered && answered != challengeDigest)
        {
            // A dealer's masks hide one combination of its shares; two challenges would reveal their difference.
            failure = $"This member has answered another challenge in round {_context.Plan.Round}: the ledger's commitments have changed.";
            return false;
        }
        _challenge = challengeDigest;
        ShareChallenge challenge = ShareChallenge.FromDigest(_context.Parameters.Set, challengeDigest.ToArray());
        var findings = new SortedDictionary<MemberId, ShareFinding>();
        foreach (DealtManifest item in dealt)
        {
            ShareVerdict verdict = Open(ledger, item, out SecretShare? share);
            byte[] check = share is null ? [] : share.MaskedCombination(challenge).ToBytes();
            findings[item.Manifest.Signer] = new ShareFinding(item.Manifest.Signer, verdict, check);
            if (share is not null)
                Keep(item.Manifest.Signer, share);
        }
        report = SignedMessage.Sign(new ShareReport(_context.PlanDigest, challengeDigest, _receiver, [.. findings.Values]), _self, _signer);
        return true;
    }

    /// <summary>
    /// Sums the shares of the ledger's set, once. The opening is in the journal before the sum exists outside this object; asked again
    /// for the same set, the answer is the same, and any other set is refused for ever.
    /// </summary>
    public bool TryOpen(
        RecordedRound ledger, SignedMessage closingMessage, IObjectSource objects, IOpeningJournal journal,
        [NotNullWhen(true)] out SignedMessage? keySum, [NotNullWhen(false)] out string? failure)
    {
        keySum = null;
        failure = null;
        if (closingMessage.Signer != _context.Agreement.Coordinator.Id
            || !closingMessage.TryOpen(_context.Agreement.Coordinator.Key, out RoundClosing? closing))
        {
            failure = "The closing is not signed by the coordinator.";
            return false;
        }
        failure = OpeningRules.Refusal(_context, ledger, closing, closingMessage.BodyDigest, journal.Openings)
            ?? RoundClosingRules.Refusal(_context, ledger, closing, objects)
            ?? MissingShare(closing);
        if (failure is not null)
            return false;
        if (!journal.Openings.Any(opening => opening.Round == _context.Plan.Round))
            journal.Append(new Opening(_context.Plan.Round, closingMessage.BodyDigest, _context.Plan.PreviousModel, closing.Participants));
        ShareSum sum = ShareSum.Of(closing.Participants.Select(member => _shares[member]));
        keySum = SignedMessage.Sign(new KeySumShare(closingMessage.BodyDigest, _receiver, sum.ToBytes()), _self, _signer);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SecretShare share in _shares.Values)
            share.Dispose();
        _shares.Clear();
        _key.Dispose();
    }

    private ShareVerdict Open(RecordedRound ledger, DealtManifest item, out SecretShare? share)
    {
        share = null;
        if (!CommittedUpdate.TryOpenManifest(_context, ledger.Commitments, item.Manifest, out UpdateManifest? manifest, out _)
            || manifest.SealedShares[_seat] != Digest.Of(item.SealedShare))
            return ShareVerdict.NotTheCommitted;
        if (!ShareSeal.TryOpen(_context.Parameters.Set, _key, item.SealedShare, _context.ShareContext(manifest.Member, _receiver), out share))
            return ShareVerdict.DoesNotOpen;
        if (share.Receiver == _receiver)
            return ShareVerdict.Opened;
        // A share at another point would pass the degree check with this receiver's values and then not add to the others.
        share.Dispose();
        share = null;
        return ShareVerdict.DoesNotOpen;
    }

    private void Keep(MemberId dealer, SecretShare share)
    {
        if (_shares.Remove(dealer, out SecretShare? before))
            before.Dispose();
        _shares.Add(dealer, share);
    }

    private string? MissingShare(RoundClosing closing)
    {
        foreach (MemberId member in closing.Participants)
        {
            if (!_shares.ContainsKey(member))
                return $"This member holds no share of '{member}'.";
        }
        return null;
    }
}
