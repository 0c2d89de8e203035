using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>The calls of an Ethereum node that the ledger needs, typed. A node that answers nonsense is unavailable.</summary>
internal sealed class EthereumNode(JsonRpcClient client)
{
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
            ReadReceipt,
            cancellationToken);

    /// <summary>A transaction by its hash; null if the node does not have it.</summary>
    public Task<SignedTransaction?> TransactionAsync(Digest transaction, CancellationToken cancellationToken) =>
        AskAsync(
            "eth_getTransactionByHash",
            [RpcJson.Data(transaction)],
            json => json.ValueKind == JsonValueKind.Null ? null : TransactionJson.Read(json),
            cancellationToken);

    /// <summary>The first receipt among those of some transactions; null while none is in a block.</summary>
    public async Task<TransactionReceipt?> FirstReceiptAsync(IReadOnlyList<Digest> transactions, CancellationToken cancellationToken) =>
        (await ReceiptsAsync(transactions, cancellationToken).ConfigureAwait(false)).FirstOrDefault(receipt => receipt is not null);

    /// <summary>The receipts of some transactions, null where one is in no block.</summary>
    public async Task<IReadOnlyList<TransactionReceipt?>> ReceiptsAsync(IReadOnlyList<Digest> transactions, CancellationToken cancellationToken)
    {
        IReadOnlyList<RpcAnswer> answers = await client.CallBatchAsync(
            [.. transactions.Select(hash => new RpcCall("eth_getTransactionReceipt", [RpcJson.Data(hash)]))], cancellationToken).ConfigureAwait(false);
        return [.. answers.Select(answer => Read("eth_getTransactionReceipt", answer.Result, ReadReceipt))];
    }

    /// <summary>What tells whether a chain is still the one it was, in one request.</summary>
    public async Task<ChainPeek> PeekAsync(IReadOnlyList<ulong> numbers, CancellationToken cancellationToken)
    {
        IEnumerable<string> blocks = [.. numbers.Select(RpcJson.Quantity), "0x0", "latest"];
        IReadOnlyList<RpcAnswer> answers = await client.CallBatchAsync(
            [.. blocks.Select(block => new RpcCall("eth_getBlockByNumber", [block, false])), new("eth_chainId", [])], cancellationToken).ConfigureAwait(false);
        BlockHeader?[] headers = [.. answers.SkipLast(1).Select(answer => Read("eth_getBlockByNumber", answer.Result, ReadHeader))];
        return headers is [.., { } genesis, { } latest]
            ? new ChainPeek(
                Read("eth_chainId", answers[^1].Result, RpcJson.ReadUInt64), genesis.Hash, new ChainMark(latest.Number, latest.Hash),
                [.. headers.SkipLast(2).Select(header => header?.Hash)])
            : throw new LedgerUnavailableException($"{client.Name} has no first or no newest block.");
    }

    /// <summary>The gas a call would use, as <see cref="EstimateGasAsync"/>, and the account's count: what is needed to sign, in one request.</summary>
    public async Task<(ulong Gas, ulong Count)> PrepareAsync(
        EthereumAddress from, EthereumAddress? to, byte[] data, string block, CancellationToken cancellationToken)
    {
        IReadOnlyList<RpcAnswer> answers = await client.CallBatchAsync(
            [new("eth_estimateGas", [Message(from, to, data), "pending"]), new("eth_getTransactionCount", [from.ToString(), block])],
            cancellationToken).ConfigureAwait(false);
        return (Read("eth_estimateGas", answers[0].Result, RpcJson.ReadUInt64), Read("eth_getTransactionCount", answers[1].Result, RpcJson.ReadUInt64));
    }

    /// <summary>Whether the node has a transaction, in a block or waiting for one, how many of the account are in blocks, and how many with those in the pool.</summary>
    public async Task<(bool IsKnown, ulong Count, ulong Pending)> StandingAsync(Digest transaction, EthereumAddress account, CancellationToken cancellationToken)
    {
        IReadOnlyList<RpcAnswer> answers = await client.CallBatchAsync(
            [
                new("eth_getTransactionByHash", [RpcJson.Data(transaction)]),
                new("eth_getTransactionCount", [account.ToString(), "latest"]),
                new("eth_getTransactionCount", [account.ToString(), "pending"]),
            ],
            cancellationToken).ConfigureAwait(false);
        ulong Count(int answer) => Read("eth_getTransactionCount", answers[answer].Result, RpcJson.ReadUInt64);
        return (answers[0].Result.ValueKind != JsonValueKind.Null, Count(1), Count(2));
    }

    /// <summary>The newest block's number, and the hash of the block of a number if there is one.</summary>
    public async Task<(ulong Head, Digest? Hash)> HeadAndHashAsync(ulong number, CancellationToken cancellationToken)
    {
        IReadOnlyList<RpcAnswer> answers = await client.CallBatchAsync(
            [new("eth_blockNumber", []), new("eth_getBlockByNumber", [RpcJson.Quantity(number), false])], cancellationToken).ConfigureAwait(false);
        return (Read("eth_blockNumber", answers[0].Result, RpcJson.ReadUInt64), Read("eth_getBlockByNumber", answers[1].Result, ReadHeader)?.Hash);
    }

    /// <summary>A block's header; null if there is no such block.</summary>
    public Task<BlockHeader?> HeaderAsync(string block, CancellationToken cancellationToken) =>
        AskAsync(
            "eth_getBlockByNumber",
            [block, false],
            ReadHeader,
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

    /// <summary>The headers of some blocks in a row, null where there is none.</summary>
    public async Task<IReadOnlyList<BlockHeader?>> HeadersAsync(ulong from, ulong to, CancellationToken cancellationToken)
    {
        List<RpcCall> calls = [];
        for (ulong number = from; number <= to; number++)
            calls.Add(new RpcCall("eth_getBlockByNumber", [RpcJson.Quantity(number), false]));
        IReadOnlyList<RpcAnswer> answers = await client.CallBatchAsync(calls, cancellationToken).ConfigureAwait(false);
        return [.. answers.Select(answer => Read("eth_getBlockByNumber", answer.Result, ReadHeader))];
    }

    /// <summary>Contracts' events from one block to another, of one second topic or all, in the chain's order. Nodes limit the range: <see cref="LogPages"/>.</summary>
    public Task<ChainLog[]> LogsAsync(
        IReadOnlyList<EthereumAddress> contracts, Digest? secondTopic, ulong fromBlock, ulong toBlock, CancellationToken cancellationToken)
    {
        JsonObject filter = new()
        {
            ["address"] = new JsonArray([.. contracts.Select(contract => (JsonNode)contract.ToString())]),
            ["fromBlock"] = RpcJson.Quantity(fromBlock),
            ["toBlock"] = RpcJson.Quantity(toBlock),
        };
        if (secondTopic is { } topic)
            filter["topics"] = new JsonArray(null, RpcJson.Data(topic));
        return AskAsync("eth_getLogs", [filter], json => json.EnumerateArray().Select(ChainLog.FromJson).ToArray(), cancellationToken);
    }

    /// <summary>What an account and slots of its storage are at a block, with proofs (EIP-1186), not checked; null if there is no such block.</summary>
    public Task<AccountProof?> ProofAsync(EthereumAddress account, IReadOnlyList<BigInteger> slots, string block, CancellationToken cancellationToken) =>
        AskAsync(
            "eth_getProof",
            [account.ToString(), new JsonArray([.. slots.Select(slot => (JsonNode)RpcJson.Word(slot))]), block],
            json => json.ValueKind == JsonValueKind.Null ? null : ReadProof(json, account, slots),
            cancellationToken);

    private static AccountProof ReadProof(JsonElement json, EthereumAddress account, IReadOnlyList<BigInteger> slots)
    {
        AccountProof proof = AccountProof.FromJson(json);
        return proof.Address == account && proof.Storage.Select(storage => storage.Slot).SequenceEqual(slots)
            ? proof
            : throw new FormatException("The proof is of another account or of other slots.");
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
        return Read(method, answer, read);
    }

    private static TransactionReceipt? ReadReceipt(JsonElement json) =>
        json.ValueKind == JsonValueKind.Null || RpcJson.Optional(json, "blockHash") is null ? null : TransactionReceipt.FromJson(json);

    private static BlockHeader? ReadHeader(JsonElement json) => json.ValueKind == JsonValueKind.Null ? null : BlockHeader.FromJson(json);

    private T Read<T>(string method, JsonElement answer, Func<JsonElement, T> read)
    {
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
