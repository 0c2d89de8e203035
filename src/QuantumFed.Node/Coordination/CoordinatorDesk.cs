using System.Diagnostics.CodeAnalysis;
using QuantumFed.Federation;
using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>
/// Where messages from members meet the round in progress. The endpoint hands them in, the service waits for them; the rules themselves
/// are <see cref="CoordinatorRound"/>'s. What is accepted is on disk before the caller is told. Thread-safe.
/// </summary>
internal sealed class CoordinatorDesk(ConsortiumAgreement agreement, RoundArchive archive, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<MemberId, SignedMessage> _roundKeys = [];
    private readonly SortedDictionary<MemberId, SignedMessage> _attestations = [];
    private RoundId? _awaitingKeysFor;
    private CoordinatorRound? _round;
    private Finalization? _finalization;
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>How many members attested the round just finalised.</summary>
    public int AttestationCount
    {
        get
        {
            lock (_lock)
                return _attestations.Count;
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

    /// <summary>Forgets the last round and takes keys for this one.</summary>
    public void BeginKeys(RoundId round)
    {
        lock (_lock)
        {
            _roundKeys.Clear();
            _attestations.Clear();
            (_awaitingKeysFor, _round, _finalization) = (round, null, null);
        }
    }

    /// <summary>Takes updates, reports and key sums for this round.</summary>
    public void BeginRound(CoordinatorRound round)
    {
        lock (_lock)
            (_awaitingKeysFor, _round) = (null, round);
    }

    /// <summary>Takes attestations of the finalised round.</summary>
    public void BeginAttestations(Finalization finalization)
    {
        lock (_lock)
            _finalization = finalization;
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
            if (failure is null)
                archive.Objects.Put(message.ToArray());
        }
        if (failure is null)
            Signal();
        return failure is null;
    }

    /// <summary>Takes an update.</summary>
    public bool TrySubmit(MemberId peer, PreparedUpdate update, [NotNullWhen(false)] out string? failure)
    {
        lock (_lock)
        {
            failure = "No round is in progress.";
            if (_round is null || !_round.TryAddUpdate(peer, update, out failure))
                return false;
            archive.Objects.Put(update.Manifest.ToArray());
            archive.Objects.Put(update.Ciphertext);
        }
        Signal();
        return true;
    }

    /// <summary>The shares for a committee member, or null if this is not the round in progress.</summary>
    public IReadOnlyList<DealtManifest>? SharesFor(MemberId peer, RoundId round)
    {
        lock (_lock)
            return _round is not null && _round.Context.Plan.Round == round ? _round.SharesFor(peer) : null;
    }

    /// <summary>Waits until the condition holds after something was handed in; <see langword="false"/> once the time is over.</summary>
    public async Task<bool> WaitUntilAsync(Func<bool> condition, TimeSpan limit, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (condition())
                    return true;
                changed = _changed.Task;
            }
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
        if (_awaitingKeysFor is not { } round || !RoundPlanning.TryOpenRoundKey(agreement, round, message, out _))
            return "No round awaits this key.";
        _roundKeys[message.Signer] = message;
        return null;
    }

    private string? AddAttestation(SignedMessage message)
    {
        if (_finalization is null || agreement.Find(message.Signer) is not { } member || !message.TryOpen(member.Key, out Attestation? attestation)
            || attestation.Plan != _finalization.Plan || attestation.TranscriptRoot != _finalization.TranscriptRoot
            || attestation.Model != _finalization.Model)
            return "The attestation is not of the round just finalised.";
        _attestations.TryAdd(message.Signer, message);
        return null;
    }

    private void Signal()
    {
        TaskCompletionSource signal;
        lock (_lock)
            (signal, _changed) = (_changed, NewSignal());
        signal.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
