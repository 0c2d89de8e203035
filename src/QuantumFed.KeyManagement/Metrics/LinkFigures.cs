using System.Collections.Immutable;

namespace QuantumFed.KeyManagement;

/// <summary>A link's figures since its process began. Thread safe.</summary>
/// <param name="link">The link's name.</param>
/// <param name="keyManager">The key manager at this end.</param>
/// <param name="isSimulated">Whether light and detectors are simulated.</param>
/// <param name="time">The clock.</param>
/// <param name="keysAreSecret">Whether keys come from the operating system's randomness; false for a link that is simulated from a seed.</param>
/// <param name="path">The nodes that the keys come over, all of which know them; null for a link without trusted nodes.</param>
public sealed class LinkFigures(string link, string keyManager, bool isSimulated, TimeProvider time, bool keysAreSecret = true, string? path = null)
{
    private readonly Lock _lock = new();
    private long _delivered;
    private ImmutableSortedDictionary<string, long> _blocks = ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal);
    private ImmutableSortedDictionary<int, long> _refused = ImmutableSortedDictionary<int, long>.Empty;
    private LinkBlockFigures? _last;
    private DateTimeOffset? _lastTime;

    /// <summary>The link's name.</summary>
    public string Link => link;

    /// <summary>The key manager at this end.</summary>
    public string KeyManager => keyManager;

    /// <summary>Whether light and detectors are simulated.</summary>
    public bool IsSimulated => isSimulated;

    /// <summary>Whether the keys may protect anything: not those of a link that is simulated from a seed, which repeat.</summary>
    public bool KeysAreSecret => keysAreSecret;

    /// <summary>The nodes that the keys come over, or null for a link without trusted nodes.</summary>
    public string? Path => path;

    /// <summary>Keys handed to applications.</summary>
    public long DeliveredKeys => Volatile.Read(ref _delivered);

    /// <summary>Counts keys handed to an application.</summary>
    public void CountDelivered(int count) => Interlocked.Add(ref _delivered, count);

    /// <summary>Counts a request that was refused.</summary>
    public void CountRefused(int status)
    {
        lock (_lock)
            _refused = _refused.SetItem(status, _refused.GetValueOrDefault(status) + 1);
    }

    /// <summary>Counts a block.</summary>
    public void Add(LinkBlockFigures block)
    {
        ArgumentNullException.ThrowIfNull(block);
        lock (_lock)
        {
            _blocks = _blocks.SetItem(block.Outcome, _blocks.GetValueOrDefault(block.Outcome) + 1);
            (_last, _lastTime) = (block, time.GetUtcNow());
        }
    }

    /// <summary>Everything at one moment.</summary>
    internal (ImmutableSortedDictionary<string, long> Blocks, ImmutableSortedDictionary<int, long> Refused, LinkBlockFigures? Last, DateTimeOffset? LastTime) Read()
    {
        lock (_lock)
            return (_blocks, _refused, _last, _lastTime);
    }
}
