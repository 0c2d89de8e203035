using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Text;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>
/// Encodes and decodes values of <see cref="AbiType"/>s. Decoding is strict: only what encoding the values again gives back is taken, and
/// it allocates no more than in proportion to the data.
/// </summary>
internal static class AbiCodec
{
    private const int Word = 32;
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>The encoding of a tuple of values: a function's arguments, an event's data, a constructor's tail.</summary>
    /// <exception cref="ArgumentException">A value does not fit its type.</exception>
    public static byte[] Encode(AbiType tuple, IReadOnlyList<object> values)
    {
        MemoryStream output = new();
        WriteSequence(output, tuple.Components, values);
        return output.ToArray();
    }

    /// <summary>Reads what <see cref="Encode"/> writes; <see langword="false"/> for any other bytes.</summary>
    public static bool TryDecode(AbiType tuple, ReadOnlySpan<byte> data, [NotNullWhen(true)] out object[]? values)
    {
        values = null;
        // Every value takes a word of its own when the encoding is canonical; one without that could name the same bytes many times.
        int budget = data.Length / Word;
        if (data.Length % Word != 0 || !TryReadSequence(data, tuple.Components, tuple.Components.Count, ref budget, out object[]? read)
            || !Encode(tuple, read).AsSpan().SequenceEqual(data))
            return false;
        values = read;
        return true;
    }

    /// <summary>The word of a value of an elementary static type, as indexed event arguments are written.</summary>
    public static byte[] EncodeWord(AbiType type, object value)
    {
        byte[] word = new byte[Word];
        switch (type.Kind, value)
        {
            case (AbiKind.Address, EthereumAddress address):
                address.ToArray().CopyTo(word, Word - EthereumAddress.SizeInBytes);
                return word;
            case (AbiKind.Boolean, bool truth):
                word[^1] = truth ? (byte)1 : (byte)0;
                return word;
            case (AbiKind.UnsignedInteger, ulong number) when type.Size <= 64 && (type.Size == 64 || number >> type.Size == 0):
                BinaryPrimitives.WriteUInt64BigEndian(word.AsSpan(Word - 8), number);
                return word;
            case (AbiKind.UnsignedInteger, BigInteger number) when type.Size > 64 && number.Sign >= 0 && number.GetBitLength() <= type.Size:
                int length = number.GetByteCount(isUnsigned: true);
                _ = number.TryWriteBytes(word.AsSpan(Word - length), out _, isUnsigned: true, isBigEndian: true);
                return word;
            case (AbiKind.SignedInteger, long number) when type.Size <= 64 && FitsSigned(number, type.Size):
                WriteSigned(number, word);
                return word;
            case (AbiKind.SignedInteger, BigInteger number) when type.Size > 64 && FitsSigned(number, type.Size):
                WriteSigned(number, word);
                return word;
            case (AbiKind.FixedBytes, Digest digest) when type.Size == Digest.SizeInBytes:
                digest.CopyTo(word);
                return word;
            case (AbiKind.FixedBytes, byte[] bytes) when bytes.Length == type.Size:
                bytes.CopyTo(word, 0);
                return word;
            default:
                throw new ArgumentException($"{value} ({value?.GetType().Name}) is not a value of the ABI type {type.Name}.", nameof(value));
        }
    }

    /// <summary>Reads a word that <see cref="EncodeWord"/> wrote; <see langword="false"/> if it holds no value of the type.</summary>
    public static bool TryDecodeWord(AbiType type, ReadOnlySpan<byte> word, [NotNullWhen(true)] out object? value)
    {
        BigInteger number = new(word, isUnsigned: true, isBigEndian: true);
        BigInteger signed = new(word, isUnsigned: false, isBigEndian: true);
        value = type.Kind switch
        {
            AbiKind.Address when number.GetBitLength() <= 160 => new EthereumAddress(word[(Word - EthereumAddress.SizeInBytes)..]),
            AbiKind.Boolean when number <= 1 => number.IsOne,
            AbiKind.UnsignedInteger when number.GetBitLength() <= type.Size => type.Size <= 64 ? (object)(ulong)number : number,
            AbiKind.SignedInteger when FitsSigned(signed, type.Size) => type.Size <= 64 ? (object)(long)signed : signed,
            AbiKind.FixedBytes when !word[type.Size..].ContainsAnyExcept((byte)0) =>
                type.Size == Digest.SizeInBytes ? new Digest(word) : word[..type.Size].ToArray(),
            _ => null,
        };
        return value is not null;
    }

    // Two's complement: the sign takes one bit, which GetBitLength does not count.
    private static bool FitsSigned(BigInteger number, int bits) => number.GetBitLength() < bits;

    private static void WriteSigned(BigInteger number, Span<byte> word)
    {
        word.Fill(number.Sign < 0 ? (byte)0xFF : (byte)0);
        _ = number.TryWriteBytes(word[(Word - number.GetByteCount())..], out _, isBigEndian: true);
    }

    private static void WriteSequence(MemoryStream output, IReadOnlyList<AbiType> types, IReadOnlyList<object> values)
    {
        if (types.Count != values.Count)
            throw new ArgumentException($"{types.Count} values are needed, not {values.Count}.", nameof(values));
        int headBytes = Word * types.Sum(type => type.HeadWords);
        MemoryStream tail = new();
        for (int i = 0; i < types.Count; i++)
        {
            if (!types[i].IsDynamic)
            {
                Write(output, types[i], values[i]);
                continue;
            }
            WriteNumber(output, headBytes + (int)tail.Length);
            Write(tail, types[i], values[i]);
        }
        tail.WriteTo(output);
    }

    private static void Write(MemoryStream output, AbiType type, object value)
    {
        switch (type.Kind, value)
        {
            case (AbiKind.Bytes, byte[] bytes):
                WriteBytes(output, bytes);
                break;
            case (AbiKind.Text, string text):
                WriteBytes(output, StrictUtf8.GetBytes(text));
                break;
            case (AbiKind.Array, IReadOnlyList<object> items):
                WriteNumber(output, items.Count);
                WriteSequence(output, Repeat(type.Element!, items.Count), items);
                break;
            case (AbiKind.FixedArray, IReadOnlyList<object> items):
                WriteSequence(output, Repeat(type.Element!, type.Size), items);
                break;
            case (AbiKind.Tuple, IReadOnlyList<object> items):
                WriteSequence(output, type.Components, items);
                break;
            default:
                output.Write(EncodeWord(type, value));
                break;
        }
    }

    private static void WriteBytes(MemoryStream output, byte[] bytes)
    {
        WriteNumber(output, bytes.Length);
        output.Write(bytes);
        output.Write(new byte[(Word - bytes.Length % Word) % Word]);
    }

    private static void WriteNumber(MemoryStream output, int number)
    {
        Span<byte> word = stackalloc byte[Word];
        word.Clear();
        BinaryPrimitives.WriteInt32BigEndian(word[(Word - 4)..], number);
        output.Write(word);
    }

    private static bool TryReadSequence(
        ReadOnlySpan<byte> data, IReadOnlyList<AbiType> types, int count, ref int budget, [NotNullWhen(true)] out object[]? values)
    {
        values = null;
        if (count > budget)
            return false;
        object[] read = new object[count];
        int head = 0;
        for (int i = 0; i < count; i++)
        {
            AbiType type = types[i];
            ReadOnlySpan<byte> at = data[Math.Min(head, data.Length)..];
            if (type.IsDynamic)
            {
                if (!TryReadNumber(at, out int offset) || offset > data.Length)
                    return false;
                at = data[offset..];
            }
            if (!TryRead(at, type, ref budget, out object? value))
                return false;
            read[i] = value;
            head += Word * type.HeadWords;
        }
        values = read;
        return true;
    }

    private static bool TryRead(ReadOnlySpan<byte> data, AbiType type, ref int budget, [NotNullWhen(true)] out object? value)
    {
        value = null;
        int count;
        switch (type.Kind)
        {
            case AbiKind.Tuple:
                bool isTuple = TryReadSequence(data, type.Components, type.Components.Count, ref budget, out object[]? items);
                value = items;
                return isTuple;
            case AbiKind.FixedArray:
                return TryReadElements(data, type.Element!, type.Size, ref budget, out value);
            case AbiKind.Array:
                return TryReadNumber(data, out count) && TryReadElements(data[Word..], type.Element!, count, ref budget, out value);
            case AbiKind.Bytes or AbiKind.Text:
                int words = 0;
                if (!TryReadNumber(data, out count) || count > data.Length - Word || (words = (count + Word - 1) / Word + 1) > budget)
                    return false;
                budget -= words;
                return TryReadBytes(data.Slice(Word, count), type.Kind, out value);
            default:
                return data.Length >= Word && budget-- > 0 && TryDecodeWord(type, data[..Word], out value);
        }
    }

    private static bool TryReadElements(
        ReadOnlySpan<byte> data, AbiType element, int count, ref int budget, [NotNullWhen(true)] out object? value)
    {
        value = null;
        if (count > budget || !TryReadSequence(data, Repeat(element, count), count, ref budget, out object[]? items))
            return false;
        value = items;
        return true;
    }

    private static bool TryReadBytes(ReadOnlySpan<byte> bytes, AbiKind kind, [NotNullWhen(true)] out object? value)
    {
        value = null;
        if (kind == AbiKind.Bytes)
        {
            value = bytes.ToArray();
            return true;
        }
        if (!System.Text.Unicode.Utf8.IsValid(bytes))
            return false;
        value = StrictUtf8.GetString(bytes);
        return true;
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> data, out int number)
    {
        number = 0;
        if (data.Length < Word || data[..(Word - 4)].ContainsAnyExcept((byte)0))
            return false;
        number = BinaryPrimitives.ReadInt32BigEndian(data[(Word - 4)..]);
        return number >= 0;
    }

    private static AbiType[] Repeat(AbiType element, int count)
    {
        AbiType[] types = new AbiType[count];
        Array.Fill(types, element);
        return types;
    }
}
