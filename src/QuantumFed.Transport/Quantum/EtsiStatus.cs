using System.Text.Json;
using System.Text.Json.Serialization;
using QuantumFed.Protocol;

namespace QuantumFed.Transport;

/// <summary>The status data format (ETSI GS QKD 014): the members that are used here, each required, as what the standard says. Others are passed over.</summary>
internal sealed record EtsiStatus(
    [property: JsonPropertyName("source_KME_ID")] string SourceKme,
    [property: JsonPropertyName("target_KME_ID")] string TargetKme,
    [property: JsonPropertyName("master_SAE_ID")] string Master,
    [property: JsonPropertyName("slave_SAE_ID")] string Slave,
    [property: JsonPropertyName("key_size")] int KeySize,
    [property: JsonPropertyName("stored_key_count")] long StoredKeyCount,
    [property: JsonPropertyName("max_key_count")] long MaxKeyCount)
{
    private const int MaxNameLength = 256;

    private static readonly JsonSerializerOptions Options = new()
    {
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
        MaxDepth = 16,
    };

    /// <summary>Reads the status of the link between two parties; <see langword="null"/> if this is none, or another link's.</summary>
    public static QuantumKeyStatus? Read(ReadOnlySpan<byte> json, MemberId master, MemberId slave)
    {
        try
        {
            return JsonSerializer.Deserialize<EtsiStatus>(json, Options) is { } status
                && status.Master == master.Name && status.Slave == slave.Name
                && IsName(status.SourceKme) && IsName(status.TargetKme)
                && status.KeySize > 0 && status.StoredKeyCount >= 0 && status.MaxKeyCount >= 0
                ? new QuantumKeyStatus(status.SourceKme, status.TargetKme, master, slave, status.KeySize, status.StoredKeyCount, status.MaxKeyCount)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsName(string text) => text.Length is >= 1 and <= MaxNameLength && text.All(c => c is > ' ' and <= '~');
}
