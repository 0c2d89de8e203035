using System.Text.Json.Serialization;

namespace QuantumFed.KeyManagement;

/// <summary>The status data format (ETSI GS QKD 014): exactly the eleven fields that it requires.</summary>
internal sealed record EtsiStatus
{
    [JsonPropertyName("source_KME_ID")]
    public required string SourceKme { get; init; }

    [JsonPropertyName("target_KME_ID")]
    public required string TargetKme { get; init; }

    [JsonPropertyName("master_SAE_ID")]
    public required string Master { get; init; }

    [JsonPropertyName("slave_SAE_ID")]
    public required string Slave { get; init; }

    [JsonPropertyName("key_size")]
    public required int KeySize { get; init; }

    [JsonPropertyName("stored_key_count")]
    public required long StoredKeyCount { get; init; }

    [JsonPropertyName("max_key_count")]
    public required long MaxKeyCount { get; init; }

    [JsonPropertyName("max_key_per_request")]
    public required int MaxKeyPerRequest { get; init; }

    [JsonPropertyName("max_key_size")]
    public required int MaxKeySize { get; init; }

    [JsonPropertyName("min_key_size")]
    public required int MinKeySize { get; init; }

    [JsonPropertyName("max_SAE_ID_count")]
    public required int MaxSaeIdCount { get; init; }

    public static EtsiStatus Of(EtsiServerSettings settings, KeyPoolStatus pool, Protocol.MemberId master, Protocol.MemberId slave) => new()
    {
        SourceKme = settings.KeyManager.Name,
        TargetKme = settings.PeerKeyManager.Name,
        Master = master.Name,
        Slave = slave.Name,
        KeySize = settings.KeySizeInBits,
        StoredKeyCount = pool.StoredBits / settings.KeySizeInBits,
        // A block that came when there was room may bring more than fits.
        MaxKeyCount = Math.Max(pool.CapacityBits, pool.StoredBits) / settings.KeySizeInBits,
        MaxKeyPerRequest = settings.MaxKeysPerRequest,
        MaxKeySize = settings.MaxKeySizeInBits,
        MinKeySize = settings.MinKeySizeInBits,
        MaxSaeIdCount = settings.MaxAdditionalSlaves,
    };
}
