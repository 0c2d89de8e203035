using QuantumFed.Protocol;

namespace QuantumFed.Transport;

/// <summary>One request for a key: the key, or the failure and the count that the key manager then stated.</summary>
internal readonly record struct QuantumKeyAttempt(QuantumKey? Key, LinkFailure Failure, long? StoredKeyCount, string KeyManagerMessage = "")
{
    /// <summary>An attempt that was cut off before it was answered.</summary>
    public static QuantumKeyAttempt Unanswered => new(null, LinkFailure.Unreachable, null);

    /// <summary>Asks once, until <paramref name="end"/>; what is known by then counts. <paramref name="cancelled"/> alone gives up.</summary>
    public static async Task<QuantumKeyAttempt> MakeAsync(IQuantumKeySource source, MemberId slave, CancellationToken end, CancellationToken cancelled)
    {
        try
        {
            return new QuantumKeyAttempt(await source.ObtainAsync(slave, end).ConfigureAwait(false), default, null);
        }
        catch (QuantumKeyException e)
        {
            // One that was not reached is not asked again: it would only cost its time once more.
            long? count = e.Failure == LinkFailure.Unreachable ? null : await CountAsync(source, slave, end, cancelled).ConfigureAwait(false);
            return new QuantumKeyAttempt(null, e.Failure, count, e.KeyManagerMessage);
        }
    }

    private static async Task<long?> CountAsync(IQuantumKeySource source, MemberId slave, CancellationToken end, CancellationToken cancelled)
    {
        try
        {
            return (await source.ReadStatusAsync(slave, end).ConfigureAwait(false)).StoredKeyCount;
        }
        catch (Exception e) when (e is QuantumKeyException || (e is OperationCanceledException && !cancelled.IsCancellationRequested))
        {
            return null;
        }
    }
}
