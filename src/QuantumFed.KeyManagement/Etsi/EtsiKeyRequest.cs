using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using QuantumFed.Protocol;

namespace QuantumFed.KeyManagement;

/// <summary>What a master asks for (ETSI GS QKD 014, key request data format).</summary>
/// <param name="Number">How many keys.</param>
/// <param name="SizeInBits">The size of each.</param>
/// <param name="AdditionalSlaves">Who gets them besides the slave in the path.</param>
internal sealed record EtsiKeyRequest(int Number, int SizeInBits, IReadOnlyList<MemberId> AdditionalSlaves)
{
    /// <summary>From a query, as a GET has it.</summary>
    public static EtsiKeyRequest OfQuery(IQueryCollection query, EtsiServerSettings limits) => Checked(
        Whole(query, "number"), Whole(query, "size"), [], limits);

    /// <summary>From a body, as a POST has it; an empty one asks for one key of the usual size.</summary>
    public static EtsiKeyRequest OfBody(ReadOnlyMemory<byte> body, EtsiServerSettings limits)
    {
        if (body.IsEmpty)
            return Checked(null, null, [], limits);
        using JsonDocument document = EtsiJson.Parse(body);
        JsonElement root = EtsiJson.Object(document.RootElement);
        if (EtsiJson.Array(root, "extension_mandatory").Count > 0)
            throw EtsiRefusal.BadRequest("not all extension_mandatory parameters are supported");
        EtsiJson.Array(root, "extension_optional");
        MemberId[] slaves = [.. EtsiJson.Array(root, "additional_slave_SAE_IDs").Select(item => EtsiJson.Application(item, "additional_slave_SAE_IDs"))];
        return Checked(EtsiJson.Whole(root, "number"), EtsiJson.Whole(root, "size"), slaves, limits);
    }

    private static EtsiKeyRequest Checked(long? number, long? size, MemberId[] slaves, EtsiServerSettings limits)
    {
        (long count, long bits) = (number ?? 1, size ?? limits.KeySizeInBits);
        if (count < 1 || count > limits.MaxKeysPerRequest)
            throw EtsiRefusal.BadRequest(string.Create(CultureInfo.InvariantCulture, $"number shall be 1 to {limits.MaxKeysPerRequest}"));
        if (bits < 1 || bits % 8 != 0)
            throw EtsiRefusal.BadRequest("size shall be a multiple of 8");
        if (bits < limits.MinKeySizeInBits || bits > limits.MaxKeySizeInBits)
            throw EtsiRefusal.BadRequest(string.Create(CultureInfo.InvariantCulture, $"size shall be {limits.MinKeySizeInBits} to {limits.MaxKeySizeInBits} bits"));
        if (slaves.Length > limits.MaxAdditionalSlaves)
            throw EtsiRefusal.BadRequest(string.Create(CultureInfo.InvariantCulture, $"additional_slave_SAE_IDs shall name at most {limits.MaxAdditionalSlaves} SAEs"));
        foreach (MemberId slave in slaves)
            RequireKnown(slave, limits);
        return new EtsiKeyRequest((int)count, (int)bits, slaves);
    }

    /// <summary>Refuses an application that is not at the other end.</summary>
    public static void RequireKnown(MemberId slave, EtsiServerSettings limits)
    {
        if (!limits.PeerApplications.Contains(slave))
            throw EtsiRefusal.BadRequest($"SAE '{slave}' is not known at the other end of this link");
    }

    private static long? Whole(IQueryCollection query, string name)
    {
        if (!query.TryGetValue(name, out var values))
            return null;
        return values is [{ } text] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw EtsiRefusal.BadRequest($"{name} shall be one whole number");
    }
}
