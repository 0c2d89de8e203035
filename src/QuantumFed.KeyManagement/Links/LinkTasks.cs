namespace QuantumFed.KeyManagement;

/// <summary>Tasks that live and die together.</summary>
public static class LinkTasks
{
    /// <summary>Waits for the first of them to end, stops the others, and rethrows how the first ended.</summary>
    public static async Task FirstFailureAsync(CancellationTokenSource stop, params Task[] tasks)
    {
        Task first = await Task.WhenAny(tasks).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(tasks).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).ConfigureAwait(false);
        await first.ConfigureAwait(false);
    }
}
