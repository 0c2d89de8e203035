namespace QuantumFed.Qkd;

/// <summary>Both ends of Cascade in one process, for a simulated link: messages go from one object to the other and nowhere else.</summary>
public static class CascadeExchange
{
    /// <summary>Runs one block to its end.</summary>
    /// <param name="plan">What both ends agreed on.</param>
    /// <param name="reconciler">The end whose key is corrected.</param>
    /// <param name="noisyKey">Its key.</param>
    /// <param name="responder">The end whose key is the reference.</param>
    /// <param name="referenceKey">Its key.</param>
    /// <returns><see cref="CascadeStatus.Reconciled"/> or why not.</returns>
    public static CascadeStatus Run(
        CascadePlan plan, CascadeReconciler reconciler, ReadOnlySpan<ulong> noisyKey, CascadeResponder responder, ReadOnlySpan<ulong> referenceKey)
    {
        ArgumentNullException.ThrowIfNull(reconciler);
        ArgumentNullException.ThrowIfNull(responder);
        responder.Start(plan, referenceKey);
        ReadOnlySpan<byte> question = reconciler.Start(plan, noisyKey);
        while (reconciler.Status == CascadeStatus.Asking)
        {
            if (!responder.TryAnswer(question, out ReadOnlySpan<byte> answer))
                return CascadeStatus.RefusedLeakage;
            reconciler.Handle(answer, out question);
        }
        return reconciler.Status;
    }

    /// <summary>Runs many blocks of one plan, each key corrected in place.</summary>
    /// <param name="plan">What both ends agreed on for every block.</param>
    /// <param name="noisyKeys">The keys to correct.</param>
    /// <param name="referenceKeys">The other end's keys, in the same order.</param>
    /// <param name="threads">How many blocks run at one time, at least 1.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    /// <returns>Per block: how it ended, and the bits it gave away.</returns>
    /// <exception cref="ArgumentException">The numbers of keys differ, or a key does not fit the plan.</exception>
    public static (CascadeStatus Status, int LeakedBits)[] RunMany(
        CascadePlan plan, ulong[][] noisyKeys, ulong[][] referenceKeys, int threads, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(noisyKeys);
        ArgumentNullException.ThrowIfNull(referenceKeys);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        if (noisyKeys.Length != referenceKeys.Length)
            throw new ArgumentException("Every block has two keys.", nameof(referenceKeys));
        foreach (ulong[] key in (IEnumerable<ulong[]>)[.. noisyKeys, .. referenceKeys])
        {
            if (key.Length != plan.Words)
                throw new ArgumentException($"A key of {plan.LengthInBits} bits has {plan.Words} words, not {key.Length}.", nameof(noisyKeys));
        }
        var outcomes = new (CascadeStatus, int)[noisyKeys.Length];
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(0, outcomes.Length, options, () => (Reconciler: new CascadeReconciler(), Responder: new CascadeResponder()), (i, _, ends) =>
        {
            CascadeStatus status = Run(plan, ends.Reconciler, noisyKeys[i], ends.Responder, referenceKeys[i]);
            if (status == CascadeStatus.Reconciled)
                ends.Reconciler.Key.CopyTo(noisyKeys[i]);
            outcomes[i] = (status, ends.Responder.LeakedBits);
            return ends;
        }, ends =>
        {
            ends.Reconciler.Dispose();
            ends.Responder.Dispose();
        });
        return outcomes;
    }
}
