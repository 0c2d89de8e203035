using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace QuantumFed.Qkd;

/// <summary>Names a key on its way over trusted nodes. Public.</summary>
/// <param name="Value">128 bits, drawn at random.</param>
public readonly record struct RelayKeyId(UInt128 Value)
{
    /// <summary>The length of its bytes.</summary>
    public const int SizeInBytes = 16;

    /// <summary>A new one.</summary>
    public static RelayKeyId New() => Read(RandomNumberGenerator.GetBytes(SizeInBytes));

    /// <summary>As 32 hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);

    internal static RelayKeyId Read(ReadOnlySpan<byte> source) => new(BinaryPrimitives.ReadUInt128BigEndian(source));

    internal void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, Value);
}
