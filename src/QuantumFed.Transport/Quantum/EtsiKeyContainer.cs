using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace QuantumFed.Transport;

/// <summary>
/// A key container (ETSI GS QKD 014) with exactly one key: <c>{ "keys": [ { "key_ID": UUID, "key": base64 } ] }</c>. The standard's optional
/// <c>..._extension</c> members are passed over; any other, a repeated or missing one, and base64 in another than its one padded form are refused. The key
/// is never a string: it goes through pinned memory that is zeroed.
/// </summary>
internal static class EtsiKeyContainer
{
    // Base64 of the longest key; and the same with every character escaped, as JSON allows.
    private const int MaxTextSize = (QuantumKey.MaxSizeInBytes + 2) / 3 * 4, MaxEscapedSize = 6 * MaxTextSize;

    private static readonly JsonReaderOptions Strict = new() { MaxDepth = 16 };

    /// <summary>Reads the key; <see langword="null"/> if this is no such container or the key is shorter than 256 bits.</summary>
    public static QuantumKey? Read(ReadOnlySpan<byte> json)
    {
        byte[] scratch = GC.AllocateUninitializedArray<byte>(MaxEscapedSize + MaxTextSize + MaxTextSize, pinned: true);
        try
        {
            Utf8JsonReader reader = new(json, Strict);
            (QuantumKeyId Id, int Size)? found = null;
            Require(reader.Read() && reader.TokenType == JsonTokenType.StartObject);
            while (NextMember(ref reader))
            {
                if (reader.ValueTextEquals("keys"u8))
                {
                    Require(found is null);
                    found = ReadOnlyKey(ref reader, scratch);
                }
                else
                {
                    PassExtension(ref reader);
                }
            }
            Require(found is not null && !reader.Read());
            return QuantumKey.Create(found!.Value.Id, scratch.AsSpan(MaxEscapedSize, found.Value.Size));
        }
        // The reader reports text that is no UTF-8, or half a surrogate pair, as InvalidOperationException.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(scratch);
        }
    }

    private static (QuantumKeyId Id, int Size) ReadOnlyKey(ref Utf8JsonReader reader, Span<byte> scratch)
    {
        Require(reader.Read() && reader.TokenType == JsonTokenType.StartArray);
        Require(reader.Read() && reader.TokenType == JsonTokenType.StartObject);
        QuantumKeyId? id = null;
        int? size = null;
        while (NextMember(ref reader))
        {
            if (reader.ValueTextEquals("key_ID"u8))
            {
                Require(id is null && reader.Read() && reader.TokenType == JsonTokenType.String);
                Require(QuantumKeyId.TryParse(reader.GetString(), out QuantumKeyId read));
                id = read;
            }
            else if (reader.ValueTextEquals("key"u8))
            {
                Require(size is null && reader.Read() && reader.TokenType == JsonTokenType.String);
                size = Decode(ref reader, scratch);
            }
            else
            {
                PassExtension(ref reader);
            }
        }
        Require(reader.Read() && reader.TokenType == JsonTokenType.EndArray);
        Require(id is not null && size is >= QuantumKey.MinSizeInBytes and <= QuantumKey.MaxSizeInBytes);
        return (id!.Value, size!.Value);
    }

    /// <summary>Decodes the string that the reader is at into the scratch memory's second part; returns the length.</summary>
    private static int Decode(ref Utf8JsonReader reader, Span<byte> scratch)
    {
        Require(reader.ValueSpan.Length <= MaxEscapedSize);
        int length = reader.CopyString(scratch[..MaxEscapedSize]);
        Require(length <= MaxTextSize);
        Span<byte> text = scratch[..length];
        Span<byte> decoded = scratch.Slice(MaxEscapedSize, MaxTextSize);
        Require(Base64.DecodeFromUtf8(text, decoded, out _, out int size) == OperationStatus.Done);
        // The decoder lets white space and stray bits in the last character through; the encoder writes neither.
        Span<byte> again = scratch[(MaxEscapedSize + MaxTextSize)..];
        Require(Base64.EncodeToUtf8(decoded[..size], again, out _, out int written) == OperationStatus.Done);
        Require(CryptographicOperations.FixedTimeEquals(text, again[..written]));
        return size;
    }

    private static bool NextMember(ref Utf8JsonReader reader)
    {
        Require(reader.Read());
        return reader.TokenType == JsonTokenType.PropertyName;
    }

    private static void PassExtension(ref Utf8JsonReader reader)
    {
        Require(reader.GetString()!.EndsWith("_extension", StringComparison.Ordinal));
        reader.Skip();
    }

    private static void Require(bool condition)
    {
        if (!condition)
            throw new JsonException();
    }
}
