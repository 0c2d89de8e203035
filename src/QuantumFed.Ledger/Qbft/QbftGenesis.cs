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
    // Besu's, where the file names none.
    private const ulong DefaultEpochLength = 30_000;

    private QbftGenesis(ulong chainId, ulong epochLength, QbftValidators validators, byte[] extraData)
    {
        ChainId = chainId;
        EpochLength = epochLength;
        Validators = validators;
        ExtraData = extraData;
    }

    /// <summary>The chain's id.</summary>
    public ulong ChainId { get; }

    /// <summary>After how many blocks votes on validators are forgotten; at least 1.</summary>
    public ulong EpochLength { get; }

    /// <summary>The validators that seal block 1; at least one.</summary>
    public QbftValidators Validators { get; }

    /// <summary>The extra data of block 0, byte for byte.</summary>
    public ReadOnlyMemory<byte> ExtraData { get; }

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
            else if (!TryReadEpochLength(qbft, out ulong epochLength))
                failure = "config.qbft.epochlength is not a number above 0";
            else if (Find(file.RootElement, "extraData") is not { } data || !RpcJson.TryReadBytes(data, out byte[] bytes)
                || !TryReadValidators(bytes, out QbftValidators? validators))
                failure = "extraData is not that of a QBFT block";
            else if (validators.Count == 0)
                failure = "extraData names no validators";
            else
                genesis = new QbftGenesis(chainId, epochLength, validators, bytes);
        }
        catch (JsonException error)
        {
            failure = $"it is not JSON ({error.Message})";
        }
        catch (InvalidOperationException)
        {
            // Names and values are decoded when they are asked for.
            failure = "it is not JSON (a text in it is not Unicode)";
        }
        return genesis is not null;
    }

    // Besu writes the first validators in the order in which they are given to it, and sorts them when it reads them; later blocks name them in ascending order.
    private static bool TryReadValidators(byte[] extraData, [NotNullWhen(true)] out QbftValidators? validators)
    {
        validators = null;
        if (!RlpItem.TryDecode(extraData, out RlpItem? item) || item.Items is not [var vanity, { IsList: true } named, ..]
            || named.Items.Any(validator => validator.IsList || validator.Bytes.Length != EthereumAddress.SizeInBytes))
            return false;
        RlpItem ascending = RlpItem.List([.. named.Items.OrderBy(validator => new EthereumAddress(validator.Bytes.Span))]);
        if (QbftExtraData.TryDecode(RlpItem.List([vanity, ascending, .. item.Items.Skip(2)]).Encode(), out QbftExtraData? read))
            validators = read.Validators;
        return validators is not null;
    }

    private static bool TryReadEpochLength(JsonElement qbft, out ulong length)
    {
        length = DefaultEpochLength;
        return Find(qbft, "epochlength") is not { } named || (named.ValueKind == JsonValueKind.Number && named.TryGetUInt64(out length) && length > 0);
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
