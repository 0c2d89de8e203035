using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>
/// The first validators of a QBFT network, as its genesis file names them: what an auditor got from the operators, and holds a chain against. Immutable.
/// </summary>
/// <remarks>
/// Only networks whose blocks carry their validators and the votes on them are read (Besu's block header validator selection): where a contract
/// selects them, headers alone do not show who may seal.
/// </remarks>
public sealed class QbftGenesis
{
    private QbftGenesis(ulong chainId, QbftExtraData extraData)
    {
        ChainId = chainId;
        ExtraData = extraData;
    }

    /// <summary>The chain's id.</summary>
    public ulong ChainId { get; }

    /// <summary>The validators that seal block 1; at least one.</summary>
    public QbftValidators Validators => ExtraData.Validators;

    /// <summary>The extra data of block 0.</summary>
    public QbftExtraData ExtraData { get; }

    /// <summary>Reads a genesis.json as Besu does, names of fields in any case; <see langword="false"/>, and why, if it is none of a QBFT network.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> json, [NotNullWhen(true)] out QbftGenesis? genesis, [NotNullWhen(false)] out string? failure)
    {
        genesis = null;
        failure = null;
        try
        {
            using JsonDocument file = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
            if (Find(file.RootElement, "config") is not { } config || Find(config, "qbft") is not { } qbft)
                failure = "it is no genesis file of a QBFT network: it has no config.qbft";
            else if (SelectsByContract(qbft) || ChangesSelection(config))
                failure = "its validators are selected by a contract or replaced at a transition, which block headers do not show";
            else if (Find(config, "chainId") is not { ValueKind: JsonValueKind.Number } id || !id.TryGetUInt64(out ulong chainId))
                failure = "config.chainId is not a number";
            else if (Find(file.RootElement, "extraData") is not { } data || !RpcJson.TryReadBytes(data, out byte[] bytes)
                || !QbftExtraData.TryDecode(bytes, out QbftExtraData? extraData))
                failure = "extraData is not that of a QBFT block";
            else if (extraData.Validators.Count == 0)
                failure = "extraData names no validators";
            else
                genesis = new QbftGenesis(chainId, extraData);
        }
        catch (JsonException error)
        {
            failure = $"it is not JSON ({error.Message})";
        }
        return genesis is not null;
    }

    private static bool ChangesSelection(JsonElement config) =>
        Find(config, "transitions") is { } transitions
        && (Find(transitions, "qbft") is { ValueKind: JsonValueKind.Array } changes && changes.EnumerateArray().Any(SelectsByContract));

    private static bool SelectsByContract(JsonElement rules) =>
        Find(rules, "validatorContractAddress") is not null || Find(rules, "validatorSelectionMode") is not null || Find(rules, "validators") is not null;

    private static JsonElement? Find(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return null;
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return property.Value;
        }
        return null;
    }
}
