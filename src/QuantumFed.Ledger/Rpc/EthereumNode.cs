using System.Text.Json;
using System.Text.Json.Nodes;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>The calls of an Ethereum node that the ledger needs, typed. A node that answers nonsense is unavailable.</summary>
internal sealed class EthereumNode(JsonRpcClient client)
{
    // Besu answers for at most 5000 blocks at a time unless told otherwise (--rpc-max-logs-range).
    private const ulong LogRange = 5000;

    public TimeProvider Time => client.Time;

    public Task<ulong> ChainIdAsync(CancellationToken cancellationToken) =>
        AskAsync("eth_chainId", [], RpcJson.ReadUInt64, cancellationToken);

    public Task<ulong> BlockNumberAsync(CancellationToken cancellationToken) =>
        AskAsync("eth_blockNumber", [], RpcJson.ReadUInt64, cancellationToken);

    public Task<ulong> TransactionCountAsync(EthereumAddress account, string block, CancellationToken cancellationToken) =>
        AskAsync("eth_getTransactionCount", [account.ToString(), block], RpcJson.ReadUInt64, cancellationToken);

    public Task<byte[]> CodeAsync(EthereumAddress contract, CancellationToken cancellationToken) =>
        AskAsync("eth_getCode", [contract.ToString(), "latest"], RpcJson.ReadBytes, cancellationToken);

    public Task<byte[]> CallAsync(EthereumAddress? from, EthereumAddress? to, byte[] data, string block, CancellationToken cancellationToken) =>
        AskAsync("eth_call", [Message(from, to, data), block], RpcJson.ReadBytes, cancellationToken);

    /// <summary>The gas a transaction would use on the block being made: its time, not the last block's, decides about deadlines.</summary>
    public Task<ulong> EstimateGasAsync(EthereumAddress from, EthereumAddress? to, byte[] data, CancellationToken cancellationToken) =>
        AskAsync("eth_estimateGas", [Message(from, to, data), "pending"], RpcJson.ReadUInt64, cancellationToken);

    public Task<Digest> SendRawAsync(ReadOnlyMemory<byte> transaction, CancellationToken cancellationToken) =>
        AskAsync("eth_sendRawTransaction", [RpcJson.Data(transaction.Span)], RpcJson.ReadHash, cancellationToken);

    /// <summary>The receipt, or null while the transaction is not in a block.</summary>
    public Task<TransactionReceipt?> ReceiptAsync(Digest transaction, CancellationToken cancellationToken) =>
        AskAsync(
            "eth_getTransactionReceipt",
            [RpcJson.Data(transaction)],
            json => json.ValueKind == JsonValueKind.Null || RpcJson.Optional(json, "blockHash") is null ? null : TransactionReceipt.FromJson(json),
            cancellationToken);

    /// <summary>Whether the node has the transaction, in a block or waiting for one.</summary>
    public Task<bool> KnowsAsync(Digest transaction, CancellationToken cancellationToken) =>
        AskAsync("eth_getTransactionByHash", [RpcJson.Data(transaction)], json => json.ValueKind != JsonValueKind.Null, cancellationToken);

    /// <summary>A block's header; null if there is no such block.</summary>
    public Task<BlockHeader?> HeaderAsync(string block, CancellationToken cancellationToken) =>
        AskAsync(
            "eth_getBlockByNumber",
            [block, false],
            json => json.ValueKind == JsonValueKind.Null ? null : BlockHeader.FromJson(json),
            cancellationToken);

    /// <summary>A block with its transactions; null if there is no such block.</summary>
    public Task<(BlockHeader Header, SignedTransaction[] Transactions)?> BlockAsync(ulong number, CancellationToken cancellationToken) =>
        AskAsync<(BlockHeader, SignedTransaction[])?>(
            "eth_getBlockByNumber",
            [RpcJson.Quantity(number), true],
            json => json.ValueKind == JsonValueKind.Null
                ? null
                : (BlockHeader.FromJson(json), [.. json.GetProperty("transactions").EnumerateArray().Select(TransactionJson.Read)]),
            cancellationToken);

    /// <summary>A contract's events whose second topic is given, from one block to another, in the chain's order.</summary>
    public async Task<IReadOnlyList<ChainLog>> LogsAsync(
        EthereumAddress contract, Digest secondTopic, ulong fromBlock, ulong toBlock, CancellationToken cancellationToken)
    {
        List<ChainLog> logs = [];
        for (ulong from = fromBlock; from <= toBlock; from += LogRange)
        {
            JsonObject filter = new()
            {
                ["address"] = contract.ToString(),
                ["fromBlock"] = RpcJson.Quantity(from),
                ["toBlock"] = RpcJson.Quantity(Math.Min(toBlock, from + LogRange - 1)),
                ["topics"] = new JsonArray(null, RpcJson.Data(secondTopic)),
            };
            logs.AddRange(await AskAsync(
                "eth_getLogs", [filter], json => json.EnumerateArray().Select(ChainLog.FromJson).ToArray(), cancellationToken).ConfigureAwait(false));
        }
        return logs;
    }

    private static JsonObject Message(EthereumAddress? from, EthereumAddress? to, byte[] data)
    {
        JsonObject message = new() { ["data"] = RpcJson.Data(data) };
        if (from is not null)
            message["from"] = from.ToString();
        if (to is not null)
            message["to"] = to.ToString();
        return message;
    }

    private async Task<T> AskAsync<T>(string method, JsonArray parameters, Func<JsonElement, T> read, CancellationToken cancellationToken)
    {
        JsonElement answer = await client.CallAsync(method, parameters, cancellationToken).ConfigureAwait(false);
        try
        {
            return read(answer);
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            throw new LedgerUnavailableException($"{client.Name} answered {method} with something else: {e.Message}", e);
        }
    }
}
