using System.Buffers.Binary;

namespace QuantumFed.Lattice;

/// <summary>A committee member's three masked combinations for one dealer: public field elements.</summary>
public readonly record struct ShareCheckValue
{
    /// <summary>The length of the canonical bytes.</summary>
    public const int SizeInBytes = 3 * sizeof(uint);

    internal ShareCheckValue(uint first, uint second, uint third) => (First, Second, Third) = (first, second, third);

    /// <summary>The first combination, below p.</summary>
    public uint First { get; }

    /// <summary>The second combination, below p.</summary>
    public uint Second { get; }

    /// <summary>The third combination, below p.</summary>
    public uint Third { get; }

    internal uint[] Elements => [First, Second, Third];

    internal uint this[int k] => k switch { 0 => First, 1 => Second, _ => Third };

    /// <summary>Three little-endian 32-bit words.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[SizeInBytes];
        for (int k = 0; k < SecretSharing.MaskingElements; k++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(sizeof(uint) * k), this[k]);
        return bytes;
    }

    /// <summary>Reads canonical bytes; <see langword="false"/> for a wrong length or a word that is not below p.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out ShareCheckValue value)
    {
        value = default;
        if (bytes.Length != SizeInBytes)
            return false;
        uint first = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        uint second = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        uint third = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (first >= MersenneField.P || second >= MersenneField.P || third >= MersenneField.P)
            return false;
        value = new ShareCheckValue(first, second, third);
        return true;
    }
}
