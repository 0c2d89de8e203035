namespace QuantumFed.KeyManagement;

/// <summary>The place of 256 bits of a link's key: the same at both ends. Keys are made of whole units.</summary>
/// <param name="Block">The block that brought them.</param>
/// <param name="Index">Their place in it, from 0.</param>
public readonly record struct KeyUnit(ulong Block, uint Index)
{
    /// <summary>The bits of a unit.</summary>
    public const int SizeInBits = 256;

    /// <summary>The bytes of a unit.</summary>
    public const int SizeInBytes = SizeInBits / 8;

    /// <summary>The last block that can be numbered: a link that brings one each second gets there in 17,000 years.</summary>
    public const ulong LastBlock = (1UL << (63 - IndexBits)) - 1;

    internal const int IndexBits = 24;

    /// <summary>One number for both, in the same order.</summary>
    internal long Position => (long)((Block << IndexBits) | Index);

    /// <summary>How many units a key of so many bits takes; what the last one has beyond them is dropped.</summary>
    public static int UnitsFor(int sizeInBits) => (sizeInBits + SizeInBits - 1) / SizeInBits;

    internal static KeyUnit At(long position) => new((ulong)position >> IndexBits, (uint)((ulong)position & ((1u << IndexBits) - 1)));
}
