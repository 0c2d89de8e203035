using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

/// <summary>What Hyperledger Besu answers in its own tests, read as a node's answer.</summary>
public sealed class BesuAnswerTests
{
    private const string Folder = "besu/ethereum/api/src/test/resources/org/hyperledger/besu/ethereum/api/jsonrpc/eth";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void All_recorded_answers_are_read_by_a_test()
    {
        TestFiles.Shared($"{Folder}/eth_getProof_latest.json");
        string[] files = [.. Directory.GetFiles(Path.Combine(TestFiles.SharedFolder, "vectors", "ethereum", Folder)).Select(file => Path.GetFileNameWithoutExtension(file)!)];
        Assert.Equal((12, 4, 10, 3), (Count("eth_getProof"), Count("eth_getBlockByNumber"), Count("eth_getLogs"), Count("eth_getTransactionReceipt")));
        Assert.Equal(29, files.Length);
        int Count(string method) => files.Count(file => file.StartsWith(method, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("complete")]
    [InlineData("complete_shanghai")]
    [InlineData("complete_cancun")]
    [InlineData("hashes")]
    public async Task A_blocks_header_hashes_to_its_name(string name)
    {
        JsonElement pair = Pair($"eth_getBlockByNumber_{name}");
        JsonElement block = Result(pair);
        BlockHeader? header = await AskAsync(pair, node => node.HeaderAsync("0x1", Token));
        Assert.NotNull(header);
        Assert.Equal(RpcJson.ReadHash(block.GetProperty("hash")), header.Hash);
        Assert.Equal(RpcJson.ReadHash(block.GetProperty("stateRoot")), header.StateRoot);
        Assert.Equal(RpcJson.ReadUInt64(block.GetProperty("number")), header.Number);
        foreach (string field in new[] { "parentHash", "logsBloom", "gasUsed", "extraData", "nonce" })
        {
            JsonObject changed = JsonObject.Create(block)!;
            string text = changed[field]!.GetValue<string>();
            changed[field] = text == "0x" ? "0x00" : text[..^1] + (text[^1] == '0' ? '1' : '0');
            Assert.Throws<FormatException>(() => BlockHeader.FromJson(JsonSerializer.SerializeToElement(changed)));
        }
    }

    [Theory]
    [InlineData("complete", TransactionType.Legacy)]
    [InlineData("complete_shanghai", TransactionType.DynamicFee)]
    public async Task A_blocks_transactions_have_their_names_their_senders_and_the_headers_root(string name, TransactionType type)
    {
        JsonElement pair = Pair($"eth_getBlockByNumber_{name}");
        (BlockHeader header, SignedTransaction[] transactions) = (await AskAsync(pair, node => node.BlockAsync(1, Token)))!.Value;
        JsonElement listed = Result(pair).GetProperty("transactions");
        Assert.Equal(listed.GetArrayLength(), transactions.Length);
        Assert.Equal(header.TransactionsRoot, new Digest(MerklePatriciaTrie.RootOfList([.. transactions.Select(transaction => transaction.Encoded)])));
        Assert.All(transactions, transaction => Assert.Equal(type, transaction.Request.Type));
        for (int i = 0; i < transactions.Length; i++)
        {
            Assert.True(transactions[i].TryRecoverSender(out EthereumAddress sender));
            Assert.Equal(RpcJson.ReadAddress(listed[i].GetProperty("from")), sender);
        }
    }

    [Fact]
    public async Task A_block_with_blobs_is_refused_and_the_refusal_says_why()
    {
        LedgerUnavailableException refusal = await Assert.ThrowsAsync<LedgerUnavailableException>(
            () => AskAsync(Pair("eth_getBlockByNumber_complete_cancun"), node => node.BlockAsync(1, Token)));
        Assert.Contains("type 3", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("contractAddress")]
    [InlineData("logs")]
    [InlineData("nullContractAddress")]
    public async Task A_receipt_from_before_statuses_is_refused_and_read_when_it_has_one(string name)
    {
        JsonElement pair = Pair($"eth_getTransactionReceipt_{name}");
        LedgerUnavailableException refusal = await Assert.ThrowsAsync<LedgerUnavailableException>(
            () => AskAsync(pair, node => node.ReceiptAsync(default, Token)));
        Assert.Contains("EIP-658", refusal.Message, StringComparison.Ordinal);

        JsonObject response = JsonObject.Create(pair.GetProperty("response"))!;
        response["result"]!["status"] = "0x1";
        using JsonRpcClient client = Client(JsonSerializer.SerializeToElement(response));
        TransactionReceipt? receipt = await new EthereumNode(client).ReceiptAsync(default, Token);
        Assert.NotNull(receipt);
        JsonElement recorded = Result(pair);
        Assert.Equal(RpcJson.ReadHash(recorded.GetProperty("transactionHash")), receipt.TransactionHash);
        Assert.Equal(RpcJson.ReadHash(recorded.GetProperty("blockHash")), receipt.BlockHash);
        Assert.Equal(RpcJson.ReadUInt64(recorded.GetProperty("blockNumber")), receipt.BlockNumber);
        Assert.Equal(RpcJson.ReadUInt64(recorded.GetProperty("gasUsed")), receipt.GasUsed);
        Assert.Equal(RpcJson.ReadBytes(recorded.GetProperty("logsBloom")), receipt.Content.Bloom.ToArray());
        Assert.Equal(name == "logs" ? 1 : 0, receipt.Content.Logs.Count);
        Assert.True(ReceiptContent.TryParse(receipt.Content.Encode(), out ReceiptContent? parsed));
        Assert.Equal(receipt.Content.Encode(), parsed.Encode());
        Same(recorded.GetProperty("logs"), receipt.Content.Logs);
    }

    [Theory]
    [InlineData("blockHash_camelCase", 1)]
    [InlineData("blockhash", 1)]
    [InlineData("failTopicPosition", 0)]
    [InlineData("matchAnyTopic", 1)]
    [InlineData("matchTopic", 1)]
    [InlineData("nullParam", 1)]
    [InlineData("toBlockOutOfRange", 1)]
    public async Task Logs_are_read_whole(string name, int count)
    {
        JsonElement pair = Pair($"eth_getLogs_{name}");
        ChainLog[] logs = await AskAsync(pair, node => node.LogsAsync([default], default, 1, 1, Token));
        Assert.Equal(count, logs.Length);
        JsonElement recorded = Result(pair);
        Same(recorded, [.. logs.Select(log => log.Log)]);
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(RpcJson.ReadHash(recorded[i].GetProperty("transactionHash")), logs[i].TransactionHash);
            Assert.Equal(RpcJson.ReadUInt64(recorded[i].GetProperty("blockNumber")), logs[i].BlockNumber);
        }
    }

    [Theory]
    [InlineData("eth_getLogs_blockhash_missingBlockHash")]
    [InlineData("eth_getLogs_fromBlockExceedToBlock")]
    [InlineData("eth_getLogs_invalidInput")]
    [InlineData("eth_getProof_illegalRangeLessThan")]
    [InlineData("eth_getProof_invalidBlockHash")]
    [InlineData("eth_getProof_invalidParams")]
    public async Task An_error_is_a_refusal_in_the_nodes_own_words(string file)
    {
        JsonElement pair = Pair(file), error = pair.GetProperty("response").GetProperty("error");
        LedgerRejectedException refusal = await Assert.ThrowsAsync<LedgerRejectedException>(() => AskAsync(pair, async node =>
            file.StartsWith("eth_getLogs", StringComparison.Ordinal)
                ? (object)await node.LogsAsync([default], default, 1, 1, Token)
                : await node.ProofAsync(default, [], "latest", Token)));
        Assert.Equal(error.GetProperty("code").GetInt32(), refusal.Code);
        Assert.Contains(error.GetProperty("message").GetString()!, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proof_at_a_block_that_is_not_there_is_none() =>
        Assert.Null(await AskAsync(Pair("eth_getProof_illegalRangeGreaterThan"), node => node.ProofAsync(default, [], "0x120", Token)));

    [Theory]
    [InlineData("blockHash")]
    [InlineData("blockHashObject")]
    [InlineData("blockHashObjectCanonical")]
    [InlineData("blockHashObjectCanonicalFalse")]
    [InlineData("blockNumber")]
    [InlineData("blockNumberObject")]
    [InlineData("latest")]
    [InlineData("pending")]
    public async Task An_accounts_proof_holds_under_its_root_and_nothing_changed_does(string name)
    {
        JsonElement pair = Pair($"eth_getProof_{name}"), request = pair.GetProperty("request").GetProperty("params");
        EthereumAddress account = RpcJson.ReadAddress(request[0]);
        BigInteger[] slots = [.. request[1].EnumerateArray().Select(RpcJson.ReadBig)];
        AccountProof? proof = await AskAsync(pair, node => node.ProofAsync(account, slots, "latest", Token));
        Assert.NotNull(proof);
        // The blocks' state roots are not among the recorded answers; the root is what the first node hashes to.
        Digest root = Keccak256.DigestOf(proof.Proof.Nodes[0].Span);
        Assert.True(proof.Holds(root));
        Assert.False(proof.Holds(Digest.Of([1])));
        Assert.False((proof with { Nonce = proof.Nonce + 1 }).Holds(root));
        Assert.False((proof with { Balance = proof.Balance + 1 }).Holds(root));
        Assert.False((proof with { CodeHash = default }).Holds(root));
        Assert.False((proof with { StorageHash = default }).Holds(root));
        Assert.False((proof with { Address = default }).Holds(root));
        Assert.False((proof with { Storage = [proof.Storage[0] with { Value = 1 }] }).Holds(root));
        Assert.False((proof with { Proof = new TrieProof(proof.Proof.Nodes.Skip(1)) }).Holds(root));
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => AskAsync(pair, node => node.ProofAsync(default, slots, "latest", Token)));
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => AskAsync(pair, node => node.ProofAsync(account, [7], "latest", Token)));
    }

    private static void Same(JsonElement recorded, IReadOnlyList<LedgerLog> logs)
    {
        Assert.Equal(recorded.GetArrayLength(), logs.Count);
        for (int i = 0; i < logs.Count; i++)
        {
            Assert.Equal(recorded[i].GetProperty("address").GetString(), logs[i].Address.ToString(), ignoreCase: true);
            Assert.Equal(recorded[i].GetProperty("topics").EnumerateArray().Select(topic => topic.GetString()), logs[i].Topics.Select(topic => $"0x{topic}"));
            Assert.Equal(recorded[i].GetProperty("data").GetString(), RpcJson.Data(logs[i].Data.Span));
        }
    }

    private static JsonElement Pair(string file) => TestFiles.Shared(string.Create(CultureInfo.InvariantCulture, $"{Folder}/{file}.json"));

    private static JsonElement Result(JsonElement pair) => pair.GetProperty("response").GetProperty("result");

    private static async Task<T> AskAsync<T>(JsonElement pair, Func<EthereumNode, Task<T>> ask)
    {
        using JsonRpcClient client = Client(pair.GetProperty("response"));
        return await ask(new EthereumNode(client));
    }

    private static JsonRpcClient Client(JsonElement response) =>
        JsonRpcClient.Create(new Uri("http://node.invalid/"), TimeProvider.System, handler: new RecordedNode(response));
}
