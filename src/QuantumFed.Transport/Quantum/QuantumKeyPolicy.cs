using QuantumFed.Protocol;

namespace QuantumFed.Transport;

/// <summary>The agreed policy of a quantum link, as both ends act on it. docs/quantum-keys.md has the table.</summary>
public static class QuantumKeyPolicy
{
    /// <summary>The pause between two attempts of a policy that waits.</summary>
    public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(1);

    /// <summary>The least that the recipient of a link takes.</summary>
    /// <param name="link">The link's policy; null for a member without a quantum link.</param>
    public static PayloadFloor FloorOf(LinkPolicy? link) =>
        link is null || link.Kind == LinkPolicyKind.AllowPostQuantumOnly ? PayloadFloor.MLKem : PayloadFloor.QuantumKey;

    /// <summary>Asks for a key, once or for as long as the policy waits.</summary>
    /// <param name="link">The link's policy.</param>
    /// <param name="source">The sender's key manager.</param>
    /// <param name="slave">The recipient.</param>
    /// <param name="time">The clock of the waiting.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A key, or why there is none and whether ML-KEM may seal alone.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static async Task<PayloadKeyChoice> ChooseAsync(
        LinkPolicy link, IQuantumKeySource source, MemberId slave, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(link);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(time);
        QuantumKeyAttempt attempt = link.Kind == LinkPolicyKind.Wait
            ? await WaitAsync(link.WaitTime, source, slave, time, cancellationToken).ConfigureAwait(false)
            : await QuantumKeyAttempt.MakeAsync(source, slave, cancellationToken, cancellationToken).ConfigureAwait(false);
        if (attempt.Key is { } key)
            return new PayloadKeyChoice.Quantum(key);
        return link.Kind == LinkPolicyKind.AllowPostQuantumOnly
            ? new PayloadKeyChoice.Downgraded(attempt.Failure, attempt.StoredKeyCount, attempt.KeyManagerMessage)
            : new PayloadKeyChoice.Withheld(attempt.Failure, attempt.StoredKeyCount, attempt.KeyManagerMessage);
    }

    private static async Task<QuantumKeyAttempt> WaitAsync(
        TimeSpan wait, IQuantumKeySource source, MemberId slave, TimeProvider time, CancellationToken cancellationToken)
    {
        // A timer and no clock readings: a clock that is set back does not lengthen the wait.
        using CancellationTokenSource end = new(wait, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(end.Token, cancellationToken);
        QuantumKeyAttempt last = QuantumKeyAttempt.Unanswered;
        try
        {
            while (true)
            {
                last = await QuantumKeyAttempt.MakeAsync(source, slave, either.Token, cancellationToken).ConfigureAwait(false);
                if (last.Key is not null || !MayPass(last.Failure))
                    return last;
                await Task.Delay(Pause, time, either.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return last;
        }
    }

    // What time can mend; the others need people.
    private static bool MayPass(LinkFailure failure) =>
        failure is LinkFailure.NoneAvailable or LinkFailure.LinkAlarm or LinkFailure.Unreachable;
}
