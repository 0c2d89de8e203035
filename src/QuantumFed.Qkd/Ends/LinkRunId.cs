using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace QuantumFed.Qkd;

/// <summary>Names one transmission, or a part of one, so that both ends distil the same. Public.</summary>
/// <param name="Value">128 bits, drawn at random.</param>
public readonly record struct LinkRunId(UInt128 Value)
{
    /// <summary>The length of its bytes.</summary>
    public const int SizeInBytes = 16;

    /// <summary>A new one.</summary>
    public static LinkRunId New() => Read(RandomNumberGenerator.GetBytes(SizeInBytes));

    /// <summary>As 32 hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);

    internal static LinkRunId Read(ReadOnlySpan<byte> source) => new(BinaryPrimitives.ReadUInt128LittleEndian(source));

    internal void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt128LittleEndian(destination, Value);
}
