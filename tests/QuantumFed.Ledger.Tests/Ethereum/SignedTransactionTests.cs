using System.Globalization;
using System.Numerics;
using System.Text.Json;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

public sealed class SignedTransactionTests
{
    [Fact]
    public void Transactions_agree_with_the_vectors_kept_here() => Agree(TestFiles.Vectors("transactions.json").EnumerateArray(), 1);

    [Fact]
    public void Transactions_agree_with_ethers() => Agree(TestFiles.Shared("ethers_transactions.json").EnumerateArray(), 12);

    [Fact]
    public void The_example_of_EIP_155_comes_out()
    {
        JsonElement example = TestFiles.Vectors("eip155-example.json");
        TransactionRequest request = new()
        {
            IsLegacy = true,
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
        foreach (bool legacy in new[] { false, true })
        {
            TransactionRequest request = new() { IsLegacy = legacy, ChainId = 20260, Nonce = 3, GasLimit = 50_000, To = account.Address, Data = new byte[] { 1, 2 } };
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

    // Recovering a sender takes milliseconds, so of a long list every some are recovered; all are parsed and encoded.
    private static void Agree(IEnumerable<JsonElement> vectors, int recoverEvery)
    {
        int count = 0, recovered = 0;
        foreach (JsonElement vector in vectors)
        {
            using LedgerAccount account = LedgerAccount.Import(TestFiles.Hex(vector.GetProperty("privateKey")));
            JsonElement transaction = vector.GetProperty("transaction");
            bool plain = !transaction.TryGetProperty("accessList", out JsonElement list) || list.ValueKind == JsonValueKind.Null || list.GetArrayLength() == 0;
            foreach (string kind in plain ? ["Legacy", "Eip155", "London"] : new[] { "Legacy", "Eip155" })
            {
                string name = $"{vector.GetProperty("name").GetString()} {kind}";
                if (!vector.TryGetProperty("signed" + kind, out JsonElement signed) || signed.GetString() is null or "")
                    continue;
                byte[] encoded = TestFiles.Hex(signed);
                Assert.True(SignedTransaction.TryParse(encoded, out SignedTransaction? parsed), name);
                Assert.Equal(encoded, SignedTransaction.Create(parsed.Request, parsed.Signature).Encoded.ToArray());
                Assert.Equal(TestFiles.Hex(vector.GetProperty("unsigned" + kind)), parsed.Request.EncodeForSigning());
                Assert.Equal(transaction.TryGetProperty("nonce", out JsonElement nonce) ? nonce.GetUInt64() : 0, parsed.Request.Nonce);
                if (count++ % recoverEvery != 0)
                    continue;
                Assert.True(parsed.TryRecoverSender(out EthereumAddress sender), name);
                Assert.Equal(account.Address, sender);
                recovered++;
            }
            if (!plain && vector.TryGetProperty("signedLondon", out JsonElement listed))
                Assert.False(SignedTransaction.TryParse(TestFiles.Hex(listed), out _), "an access list");
        }
        Assert.InRange(recovered, 1, count);
    }
}
