using System.Security.Cryptography;

namespace QuantumFed.Qkd;

/// <summary>What became of a block at one end.</summary>
/// <remarks>The journal has the key already (<see cref="DeliveredKey"/>); the copy here is for callers without one of their own, and is erased on disposal.</remarks>
public sealed class DistilledBlock : IDisposable
{
    private readonly byte[] _key;

    internal DistilledBlock(ulong number, BlockOutcome outcome, AbortReason? abort, bool isSecret, BlockFigures figures, ReadOnlySpan<byte> key)
    {
        (Number, Outcome, Abort, IsSecret, Figures) = (number, outcome, abort, isSecret, figures);
        _key = GC.AllocateUninitializedArray<byte>(key.Length, pinned: true);
        key.CopyTo(_key);
    }

    /// <summary>The number of the block's authentication keys, the same at both ends. A block that was aborted leaves its number to the next.</summary>
    public ulong Number { get; }

    /// <summary>How it ended.</summary>
    public BlockOutcome Outcome { get; }

    /// <summary>Why there is no key, when it was aborted.</summary>
    public AbortReason? Abort { get; }

    /// <summary>Whether the key may protect anything: <see langword="false"/> when the transmission was simulated from a seed.</summary>
    public bool IsSecret { get; }

    /// <summary>The figures.</summary>
    public BlockFigures Figures { get; }

    /// <summary>The key for the link's users, equal at both ends; empty unless delivered.</summary>
    public ReadOnlySpan<byte> Key => _key;

    /// <summary>Erases the key.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_key);

    /// <summary>Never the key.</summary>
    public override string ToString() => $"block {Number}: {Outcome}, {8L * _key.Length} bits";
}
