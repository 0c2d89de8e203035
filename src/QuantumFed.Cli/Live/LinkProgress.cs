namespace QuantumFed.Cli;

/// <summary>What is known of a member's quantum link, as its transmitter's end tells it.</summary>
/// <param name="BlocksDelivered">Blocks that gave keys.</param>
/// <param name="BlocksAborted">Blocks that were given up.</param>
/// <param name="Qber">The error rate of the last block.</param>
/// <param name="KeysUsed">Keys that went into the member's seals.</param>
/// <param name="Alarm">The first alarm, in one sentence.</param>
internal sealed record LinkProgress(int BlocksDelivered, int BlocksAborted, double? Qber, int KeysUsed, string? Alarm)
{
    /// <summary>A link of which nothing was heard yet.</summary>
    public static LinkProgress New { get; } = new(0, 0, null, 0, null);

    /// <summary>Whether it is known to give keys, or not to.</summary>
    public bool IsTold => BlocksDelivered + BlocksAborted > 0;
}
