using System.Buffers;
using System.Globalization;
using System.Text.Json;
using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Besu;

/// <summary>genesis.json: the first block, and the rules of the chain. Whoever has another one is on another chain.</summary>
internal static class GenesisFile
{
    // Besu's mark of a block made by a Byzantine fault tolerant protocol.
    private const string MixHash = "0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365";

    private const string ZeroAddress = "0x0000000000000000000000000000000000000000";
    private const string ZeroHash = "0x0000000000000000000000000000000000000000000000000000000000000000";
    private const int BlockPeriodInSeconds = 2, EpochLength = 30_000, RequestTimeoutInSeconds = 4;

    // EIP-170's.
    private const int ContractSizeLimit = 24_576;

    public static byte[] Write(ulong chainId, QbftValidators validators, IEnumerable<EthereumAddress> accounts, DateTimeOffset now)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            writer.WriteStartObject();
            WriteConfig(writer, chainId);
            writer.WriteString("nonce", "0x0");
            writer.WriteString("timestamp", "0x" + now.ToUnixTimeSeconds().ToString("x", CultureInfo.InvariantCulture));
            writer.WriteString("extraData", "0x" + Convert.ToHexStringLower(QbftExtraData.Genesis(validators).Encode()));
            writer.WriteString("gasLimit", "0x1c9c380");
            // London's first base fee is 1 gwei unless said, and nobody here has a balance to pay it.
            writer.WriteString("baseFeePerGas", "0x0");
            writer.WriteString("difficulty", "0x1");
            writer.WriteString("mixHash", MixHash);
            writer.WriteString("coinbase", ZeroAddress);
            writer.WriteStartObject("alloc");
            foreach (EthereumAddress account in accounts)
            {
                writer.WriteStartObject(account.ToString()[2..]);
                writer.WriteString("balance", "0x0");
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
            writer.WriteString("number", "0x0");
            writer.WriteString("gasUsed", "0x0");
            writer.WriteString("parentHash", ZeroHash);
            writer.WriteEndObject();
        }
        return [.. buffer.WrittenSpan, (byte)'\n'];
    }

    // Later forks are left out: the contracts are compiled for London, and Shanghai on QBFT has regressed before.
    private static void WriteConfig(Utf8JsonWriter writer, ulong chainId)
    {
        writer.WriteStartObject("config");
        writer.WriteNumber("chainId", chainId);
        writer.WriteNumber("berlinBlock", 0);
        writer.WriteNumber("londonBlock", 0);
        writer.WriteBoolean("zeroBaseFee", true);
        writer.WriteNumber("contractSizeLimit", ContractSizeLimit);
        writer.WriteStartObject("qbft");
        writer.WriteNumber("blockperiodseconds", BlockPeriodInSeconds);
        writer.WriteNumber("epochlength", EpochLength);
        writer.WriteNumber("requesttimeoutseconds", RequestTimeoutInSeconds);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
