using System.Diagnostics.CodeAnalysis;
using QuantumFed.Federation;
using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>
/// Where messages from members meet the round in progress. The endpoint hands them in, the service waits for them; the rules themselves
/// are <see cref="CoordinatorRound"/>'s. What is accepted is on disk before the caller is told, but for round keys, which the service keeps once the
/// plan names them. A member can make the coordinator keep one record of each kind in a round, so none can fill its disk. Thread-safe.
/// </summary>
internal sealed class CoordinatorDesk(ConsortiumAgreement inForce, RoundArchive archive, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<MemberId, SignedMessage> _roundKeys = [];
    private readonly SortedDictionary<MemberId, SignedMessage> _attestations = [];
    private readonly HashSet<(RecordKind Kind, MemberId Signer)> _kept = [];
    private ConsortiumAgreement _inForce = inForce;
    private RoundId? _awaitingKeysFor;
    private CoordinatorRound? _round;
    private (RoundId Round, Digest Object, Finalization Record)? _finalization;
    private readonly ChangeSignal _changed = new();

    /// <summary>Who attested the round just finalised.</summary>
    public IReadOnlyCollection<MemberId> Attested
    {
        get
        {
            lock (_lock)
                return [.. _attestations.Keys];
        }
    }

    /// <summary>The round keys handed in so far.</summary>
    public IReadOnlyList<SignedMessage> RoundKeys
    {
        get
        {
            lock (_lock)
                return [.. _roundKeys.Values];
        }
    }

    /// <summary>The agreement in force, by which messages are judged now.</summary>
    public ConsortiumAgreement InForce
    {
        get
        {
            lock (_lock)
                return _inForce;
        }
    }

    /// <summary>Between rounds: forgets the last one, and judges callers by the agreement in force now.</summary>
    public void FollowRegistry(ConsortiumAgreement inForce)
    {
        lock (_lock)
            (_round, _inForce) = (null, inForce);
    }

    /// <summary>Forgets the last round and takes keys for this one, under the agreement in force.</summary>
    public void BeginKeys(RoundId round, ConsortiumAgreement inForce)
    {
        lock (_lock)
        {
            _inForce = inForce;
            _roundKeys.Clear();
            _attestations.Clear();
            _kept.Clear();
            (_awaitingKeysFor, _round, _finalization) = (round, null, null);
        }
    }

    /// <summary>Takes updates, reports and key sums for this round.</summary>
    public void BeginRound(CoordinatorRound round)
    {
        lock (_lock)
            (_awaitingKeysFor, _round, _inForce) = (null, round, round.Context.Agreement);
    }

    /// <summary>Takes attestations of the finalised round; the archive's index names each before its sender is told.</summary>
    public void BeginAttestations(RoundId round, Digest finalizationObject, Finalization finalization)
    {
        lock (_lock)
            _finalization = (round, finalizationObject, finalization);
    }

    /// <summary>Takes no more attestations, and gives those that came: what the archive's index names is all there ever is.</summary>
    public IReadOnlyDictionary<MemberId, SignedMessage> EndAttestations()
    {
        lock (_lock)
        {
            _finalization = null;
            return new SortedDictionary<MemberId, SignedMessage>(_attestations);
        }
    }

    /// <summary>Reads or changes the round under the desk's lock.</summary>
    public T Use<T>(Func<CoordinatorRound, T> use)
    {
        lock (_lock)
            return use(_round ?? throw new InvalidOperationException("No round is in progress."));
    }

    /// <summary>Reads from the round in progress, or null if there is none.</summary>
    public T? TryUse<T>(Func<CoordinatorRound, T> use)
        where T : struct
    {
        lock (_lock)
            return _round is null ? null : use(_round);
    }

    /// <summary>Takes a signed record from the member that the channel authenticated.</summary>
    public bool TrySubmit(MemberId peer, SignedMessage message, [NotNullWhen(false)] out string? failure)
    {
        lock (_lock)
        {
            failure = message.Signer == peer ? null : $"'{peer}' handed in a record of '{message.Signer}'.";
            if (failure is null)
            {
                failure = message.Kind switch
                {
                    RecordKind.RoundKey => AddRoundKey(message),
                    RecordKind.ShareReport when _round is not null => _round.TryAddShareReport(message, out string? why) ? null : why,
                    RecordKind.KeySumShare when _round is not null => _round.TryAddKeySum(message, out string? why) ? null : why,
                    RecordKind.Attestation => AddAttestation(message),
                    _ => $"A {message.Kind} is not awaited now.",
                };
            }
            // Signing is hedged, so one record has any number of signatures: only the first of each is kept.
            if (failure is null && message.Kind is RecordKind.ShareReport or RecordKind.KeySumShare && !_kept.Contains((message.Kind, peer)))
            {
                archive.Objects.Put(message.ToArray());
                _kept.Add((message.Kind, peer));
            }
        }
        if (failure is null)
            _changed.Raise();
        return failure is null;
    }

    /// <summary>Takes a member's report on its quantum link, once the ledger has it.</summary>
    /// <param name="peer">Who handed it in.</param>
    /// <param name="message">The report.</param>
    /// <param name="ledger">The round on the ledger now.</param>
    /// <param name="failure">Why it is not taken.</param>
    public bool TrySubmitLinkReport(MemberId peer, SignedMessage message, RecordedRound ledger, [NotNullWhen(false)] out string? failure)
    {
        lock (_lock)
        {
            failure = message.Signer == peer ? "No round is in progress." : $"'{peer}' handed in a record of '{message.Signer}'.";
            if (message.Signer != peer || _round is null || !_round.TryAddLinkReport(ledger, message, out failure))
                return false;
            if (_kept.Add((message.Kind, peer)))
                archive.Objects.Put(message.ToArray());
        }
        _changed.Raise();
        return true;
    }

    /// <summary>Takes an update.</summary>
    public bool TrySubmit(MemberId peer, PreparedUpdate update, SignedMessage? seal, [NotNullWhen(false)] out string? failure)
    {
        lock (_lock)
        {
            failure = "No round is in progress.";
            if (_round is null || !_round.TryAddUpdate(peer, update, seal, out failure))
                return false;
            archive.Objects.Put(update.Manifest.ToArray());
            archive.Objects.Put(update.Ciphertext);
        }
        _changed.Raise();
        return true;
    }

    /// <summary>The shares for a committee member, or null if this is not the round in progress.</summary>
    public IReadOnlyList<DealtManifest>? SharesFor(MemberId peer, RoundId round)
    {
        lock (_lock)
            return _round is not null && _round.Context.Plan.Round == round ? _round.SharesFor(peer) : null;
    }

    /// <summary>
    /// Waits until nobody is missing, and says who is at the start and whenever something was handed in; <see langword="false"/> once the time is over.
    /// </summary>
    public async Task<bool> WaitForAllAsync(
        Func<IReadOnlyCollection<MemberId>> missing, Action<IReadOnlyCollection<MemberId>> tell, TimeSpan limit, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        while (true)
        {
            Task changed = _changed.Next;
            IReadOnlyCollection<MemberId> left;
            lock (_lock)
                left = missing();
            tell(left);
            if (left.Count == 0)
                return true;
            try
            {
                await changed.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return false;
            }
        }
    }

    private string? AddRoundKey(SignedMessage message)
    {
        if (_awaitingKeysFor is not { } round || !RoundPlanning.TryOpenRoundKey(_inForce, round, message, out _))
            return "No round awaits this key.";
        _roundKeys[message.Signer] = message;
        return null;
    }

    private string? AddAttestation(SignedMessage message)
    {
        if (_finalization is not { } end || _inForce.Find(message.Signer) is not { } member || !message.TryOpen(member.Key, out Attestation? attestation)
            || attestation.Plan != end.Record.Plan || attestation.TranscriptRoot != end.Record.TranscriptRoot
            || attestation.Model != end.Record.Model)
            return "The attestation is not of the round just finalised.";
        // The ledger will be bound to the signature that its sender was acknowledged, so there is only one.
        if (_attestations.TryGetValue(message.Signer, out SignedMessage? known))
            return known.Digest == message.Digest ? null : $"'{message.Signer}' has handed in another attestation of this round.";
        archive.Objects.Put(message.ToArray());
        archive.Write(new RoundIndex(end.Round, end.Object, _attestations.Append(new(message.Signer, message))
            .ToDictionary(pair => pair.Key, pair => pair.Value.Digest)));
        _attestations.Add(message.Signer, message);
        return null;
    }
}
