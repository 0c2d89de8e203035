using System.Net;
using QuantumFed.Protocol;

namespace QuantumFed.KeyManagement;

/// <summary>What an <see cref="EtsiServer"/> serves, and within which limits (ETSI GS QKD 014, status data format).</summary>
public sealed record EtsiServerSettings
{
    /// <summary>Where it listens; port 0 for any.</summary>
    public required IPEndPoint EndPoint { get; init; }

    /// <summary>This key manager's name (source_KME_ID).</summary>
    public required MemberId KeyManager { get; init; }

    /// <summary>The other end's (target_KME_ID).</summary>
    public required MemberId PeerKeyManager { get; init; }

    /// <summary>The applications (SAEs) at this end: who may ask.</summary>
    public required IReadOnlySet<MemberId> Applications { get; init; }

    /// <summary>The applications at the other end: for whom keys may be asked.</summary>
    public required IReadOnlySet<MemberId> PeerApplications { get; init; }

    /// <summary>The size of a key unless asked for another (key_size), in bits.</summary>
    public int KeySizeInBits { get; init; } = 256;

    /// <summary>min_key_size, in bits.</summary>
    public int MinKeySizeInBits { get; init; } = 64;

    /// <summary>max_key_size, in bits.</summary>
    public int MaxKeySizeInBits { get; init; } = 8192;

    /// <summary>max_key_per_request.</summary>
    public int MaxKeysPerRequest { get; init; } = 128;

    /// <summary>max_SAE_ID_count: how many further slaves a request may name.</summary>
    public int MaxAdditionalSlaves { get; init; } = 8;
}
