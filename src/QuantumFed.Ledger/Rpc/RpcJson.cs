using System.Globalization;
using System.Numerics;
using System.Text.Json;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>Values as Ethereum's JSON-RPC writes them (EIP-1474): quantities and data as hexadecimal text.</summary>
internal static class RpcJson
{
    public static string Quantity(ulong value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    public static string Data(ReadOnlySpan<byte> bytes) => "0x" + Convert.ToHexStringLower(bytes);

    public static string Data(Digest digest) => "0x" + digest;

    /// <summary>A number of up to 256 bits as data of 32 bytes: how slots of storage are named.</summary>
    public static string Word(BigInteger value) => "0x" + value.ToString("x64", CultureInfo.InvariantCulture)[^64..];

    public static bool TryReadBytes(JsonElement element, out byte[] bytes)
    {
        bytes = [];
        if (element.ValueKind != JsonValueKind.String || element.GetString() is not { } text
            || !text.StartsWith("0x", StringComparison.Ordinal) || text.Length % 2 != 0)
            return false;
        byte[] buffer = new byte[text.Length / 2 - 1];
        if (Convert.FromHexString(text.AsSpan(2), buffer, out _, out int written) != System.Buffers.OperationStatus.Done || written != buffer.Length)
            return false;
        bytes = buffer;
        return true;
    }

    /// <exception cref="FormatException">The element is not data.</exception>
    public static byte[] ReadBytes(JsonElement element) =>
        TryReadBytes(element, out byte[] bytes) ? bytes : throw new FormatException("Hexadecimal data were expected.");

    /// <exception cref="FormatException">The element is not a quantity of up to 256 bits.</exception>
    public static BigInteger ReadBig(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String || element.GetString() is not { Length: > 2 and <= 66 } text
            || !text.StartsWith("0x", StringComparison.Ordinal)
            || !BigInteger.TryParse("0" + text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out BigInteger value))
            throw new FormatException("A hexadecimal quantity was expected.");
        return value;
    }

    /// <exception cref="FormatException">The element is not a quantity of up to 64 bits.</exception>
    public static ulong ReadUInt64(JsonElement element)
    {
        BigInteger value = ReadBig(element);
        return value <= ulong.MaxValue ? (ulong)value : throw new FormatException("The quantity has more than 64 bits.");
    }

    /// <exception cref="FormatException">The element is not 32 bytes.</exception>
    public static Digest ReadHash(JsonElement element) =>
        element.ValueKind == JsonValueKind.String && Digest.TryParse(element.GetString(), out Digest digest)
            ? digest
            : throw new FormatException("A hash was expected.");

    /// <exception cref="FormatException">The element is not an address.</exception>
    public static EthereumAddress ReadAddress(JsonElement element) =>
        element.ValueKind == JsonValueKind.String && EthereumAddress.TryParse(element.GetString(), out EthereumAddress address)
            ? address
            : throw new FormatException("An address was expected.");

    /// <summary>The member if it is there and not null.</summary>
    public static JsonElement? Optional(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement member) && member.ValueKind != JsonValueKind.Null ? member : null;
}
