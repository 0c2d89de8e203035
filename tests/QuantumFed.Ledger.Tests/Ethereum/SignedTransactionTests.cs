using System.Globalization;
using System.Numerics;
using System.Text.Json;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

public sealed class SignedTransactionTests
{
    [Fact]
    public void Transactions_agree_with_the_vectors_kept_here() =>
        Assert.InRange(Agree(TestFiles.Vectors("transactions.json").EnumerateArray()).Count, 8, 20);

    [Fact]
    public void Transactions_agree_with_ethers_and_those_with_blobs_are_refused() =>
        Assert.Equal((2460, 367), Agree(TestFiles.Shared("ethers_transactions.json").EnumerateArray()));

    [Fact]
    public void The_example_of_EIP_155_comes_out()
    {
        JsonElement example = TestFiles.Vectors("eip155-example.json");
        TransactionRequest request = new()
        {
            Type = TransactionType.Legacy,
            ChainId = 1,
            Nonce = 9,
            MaxFeePerGas = BigInteger.Parse(example.GetProperty("gasPrice").GetString()!, CultureInfo.InvariantCulture),
            GasLimit = 21_000,
            To = EthereumAddress.Parse(example.GetProperty("to").GetString()!),
            Value = BigInteger.Parse(example.GetProperty("value").GetString()!, CultureInfo.InvariantCulture),
        };
        Assert.Equal(TestFiles.Hex(example.GetProperty("signingData")), request.EncodeForSigning());
        byte[] signed = TestFiles.Hex(example.GetProperty("signed"));
        Assert.True(SignedTransaction.TryParse(signed, out SignedTransaction? parsed));
        Assert.Equal(request.EncodeForSigning(), parsed.Request.EncodeForSigning());
        Assert.Equal(signed, SignedTransaction.Create(request, parsed.Signature).Encoded.ToArray());
        Assert.True(parsed.TryRecoverSender(out EthereumAddress sender));
        Assert.Equal(EthereumAddress.Parse("0x9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f"), sender);
    }

    [Fact]
    public void What_an_account_signs_comes_from_it_and_survives_parsing()
    {
        using LedgerAccount account = LedgerAccount.Generate();
        foreach (TransactionType type in Enum.GetValues<TransactionType>())
        {
            TransactionRequest request = new() { Type = type, ChainId = 20260, Nonce = 3, GasLimit = 50_000, To = account.Address, Data = new byte[] { 1, 2 } };
            SignedTransaction signed = account.Sign(request);
            Assert.True(SignedTransaction.TryParse(signed.Encoded, out SignedTransaction? parsed));
            Assert.Equal(signed.Hash, parsed.Hash);
            Assert.True(parsed.TryRecoverSender(out EthereumAddress sender));
            Assert.Equal(account.Address, sender);
        }
    }

    [Fact]
    public void A_changed_byte_is_never_the_same_senders_transaction()
    {
        using LedgerAccount account = LedgerAccount.Generate();
        byte[] encoded = account.Sign(new TransactionRequest { ChainId = 20260, Nonce = 1, GasLimit = 21_000, Data = new byte[4] }).Encoded.ToArray();
        for (int i = 0; i < encoded.Length; i++)
        {
            encoded[i] ^= 1;
            if (SignedTransaction.TryParse(encoded, out SignedTransaction? parsed) && parsed.TryRecoverSender(out EthereumAddress sender))
                Assert.NotEqual(account.Address, sender);
            encoded[i] ^= 1;
        }
    }

    [Fact]
    public void A_high_s_is_refused()
    {
        using LedgerAccount account = LedgerAccount.Generate();
        SignedTransaction signed = account.Sign(new TransactionRequest { ChainId = 1, Nonce = 0, GasLimit = 21_000 });
        EcdsaSignature mirrored = signed.Signature with { S = Secp256k1.Order - signed.Signature.S, IsOdd = !signed.Signature.IsOdd };
        Assert.Throws<ArgumentException>(() => SignedTransaction.Create(signed.Request, mirrored));
        List<RlpItem> fields = signed.Request.Fields();
        byte[] encoded = [2, .. RlpItem.List([.. fields, RlpItem.Of(mirrored.IsOdd ? 1UL : 0), RlpItem.Of(mirrored.R), RlpItem.Of(mirrored.S)]).Encode()];
        Assert.False(SignedTransaction.TryParse(encoded, out _));
    }

    [Fact]
    public void An_access_list_that_is_none_is_refused()
    {
        using LedgerAccount account = LedgerAccount.Generate();
        foreach (TransactionType type in new[] { TransactionType.AccessList, TransactionType.DynamicFee })
        {
            SignedTransaction signed = account.Sign(new TransactionRequest
            {
                Type = type, ChainId = 20260, Nonce = 3, GasLimit = 50_000, AccessList = [new(account.Address, [Digest.Of([1])]), new(default, [])],
            });
            Assert.True(SignedTransaction.TryParse(signed.Encoded, out SignedTransaction? parsed));
            Assert.Equal([Digest.Of([1])], parsed.Request.AccessList[0].StorageKeys);
            Assert.True(RlpItem.TryDecode(signed.Encoded[1..], out RlpItem? item));
            RlpItem empty = RlpItem.List(), account20 = RlpItem.Of(new byte[20]), key = RlpItem.Of(new byte[32]);
            RlpItem[] lists =
            [
                RlpItem.Of(Array.Empty<byte>()), RlpItem.List(account20), RlpItem.List(RlpItem.List(account20)), RlpItem.List(RlpItem.List(account20, key)),
                RlpItem.List(RlpItem.List(RlpItem.Of(new byte[19]), empty)), RlpItem.List(RlpItem.List(account20, RlpItem.List(RlpItem.Of(new byte[31])))),
                RlpItem.List(RlpItem.List(account20, RlpItem.List(empty))), RlpItem.List(RlpItem.List(account20, empty, empty)),
            ];
            foreach (RlpItem list in lists)
            {
                RlpItem[] fields = [.. item.Items];
                fields[^4] = list;
                Assert.False(SignedTransaction.TryParse((byte[])[(byte)type, .. RlpItem.List(fields).Encode()], out _));
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(0x7F)]
    public void A_type_unknown_here_is_refused(byte type)
    {
        using LedgerAccount account = LedgerAccount.Generate();
        byte[] encoded = account.Sign(new TransactionRequest { ChainId = 20260, Nonce = 3, GasLimit = 50_000 }).Encoded.ToArray();
        encoded[0] = type;
        Assert.False(SignedTransaction.TryParse(encoded, out _));
    }

    private static (int Count, int Refused) Agree(IEnumerable<JsonElement> vectors)
    {
        int count = 0, refused = 0;
        foreach (JsonElement vector in vectors)
        {
            using LedgerAccount account = LedgerAccount.Import(TestFiles.Hex(vector.GetProperty("privateKey")));
            JsonElement transaction = vector.GetProperty("transaction");
            foreach (string kind in new[] { "Legacy", "Eip155", "Berlin", "London", "Cancun" })
            {
                string name = $"{vector.GetProperty("name").GetString()} {kind}";
                if (!vector.TryGetProperty("signed" + kind, out JsonElement signed) || signed.GetString() is null or "")
                    continue;
                byte[] encoded = TestFiles.Hex(signed);
                bool isRead = SignedTransaction.TryParse(encoded, out SignedTransaction? parsed);
                Assert.Equal(kind != "Cancun", isRead);
                if (parsed is null)
                {
                    refused++;
                    continue;
                }
                Assert.Equal(kind switch { "London" => TransactionType.DynamicFee, "Berlin" => TransactionType.AccessList, _ => TransactionType.Legacy }, parsed.Request.Type);
                TransactionRequest request = Read(transaction, kind, parsed.Request.Type);
                Assert.Equal(TestFiles.Hex(vector.GetProperty("unsigned" + kind)), request.EncodeForSigning());
                if (vector.TryGetProperty("signature" + kind, out JsonElement values))
                    Assert.Equal((RpcJson.ReadBig(values.GetProperty("r")), RpcJson.ReadBig(values.GetProperty("s"))), (parsed.Signature.R, parsed.Signature.S));
                Assert.Equal(encoded, SignedTransaction.Create(request, parsed.Signature).Encoded.ToArray());
                Assert.True(parsed.TryRecoverSender(out EthereumAddress sender), name);
                Assert.Equal(account.Address, sender);
                // Signing finds the parity by recovering, which takes milliseconds: of a long list every some are signed anew.
                if (count++ % 20 == 0)
                    Assert.True(account.Sign(request).TryRecoverSender(out sender) && sender == account.Address, name);
            }
        }
        return (count, refused);
    }

    // The fields as ethers gives them; what is absent is zero or nothing.
    private static TransactionRequest Read(JsonElement json, string kind, TransactionType type)
    {
        BigInteger Number(string name) => !json.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null ? 0
            : value.ValueKind == JsonValueKind.Number ? value.GetUInt64() : RpcJson.ReadBig(value);
        bool dynamic = type == TransactionType.DynamicFee;
        return new TransactionRequest
        {
            Type = type,
            ChainId = kind == "Legacy" ? null : (ulong)Number("chainId"),
            Nonce = (ulong)Number("nonce"),
            MaxPriorityFeePerGas = dynamic ? Number("maxPriorityFeePerGas") : 0,
            MaxFeePerGas = Number(dynamic ? "maxFeePerGas" : "gasPrice"),
            GasLimit = (ulong)Number("gasLimit"),
            To = json.TryGetProperty("to", out JsonElement to) && to.ValueKind == JsonValueKind.String ? RpcJson.ReadAddress(to) : null,
            Value = Number("value"),
            Data = json.TryGetProperty("data", out JsonElement data) && data.ValueKind == JsonValueKind.String ? TestFiles.Hex(data) : default,
            AccessList = type != TransactionType.Legacy && json.TryGetProperty("accessList", out JsonElement list) && list.ValueKind == JsonValueKind.Array
                ? [.. list.EnumerateArray().Select(entry => new AccessListEntry(
                    RpcJson.ReadAddress(entry.GetProperty("address")), [.. entry.GetProperty("storageKeys").EnumerateArray().Select(RpcJson.ReadHash)]))]
                : [],
        };
    }
}
