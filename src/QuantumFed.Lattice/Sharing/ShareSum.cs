using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Lattice;

/// <summary>sigma_j: a committee member's sum of the shares of all participants, at its own point. Public once published, and published once a
/// round for one set only. Immutable, thread safe.</summary>
public sealed class ShareSum
{
    private ShareSum(KaheParameterSet set, int receiver, uint[] elements) => (Set, Receiver, Elements) = (set, receiver, elements);

    /// <summary>The set whose secrets were shared.</summary>
    public KaheParameterSet Set { get; }

    /// <summary>The committee member's number, from 1.</summary>
    public int Receiver { get; }

    internal uint[] Elements { get; }

    /// <summary>The length of the canonical bytes: the receiver, then n elements of 31 bits.</summary>
    public static int SizeInBytes(KaheParameterSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return 1 + FieldElements.SizeInBytes(set.RingDegree);
    }

    /// <summary>Adds the shares of one receiver, one from each dealer; the masking elements stay out.</summary>
    /// <exception cref="ArgumentException">There are no shares, or they are not all of the same receiver and set.</exception>
    /// <exception cref="ObjectDisposedException">A share was disposed.</exception>
    public static ShareSum Of(IEnumerable<SecretShare> shares)
    {
        ArgumentNullException.ThrowIfNull(shares);
        ShareSum? sum = null;
        foreach (SecretShare share in shares)
        {
            sum ??= new ShareSum(share.Set, share.Receiver, new uint[share.Set.RingDegree]);
            if (share.Receiver != sum.Receiver || share.Set != sum.Set)
                throw new ArgumentException($"Shares of receivers {sum.Receiver} and {share.Receiver} ({sum.Set}, {share.Set}) do not add.", nameof(shares));
            FieldVectors.AddTo(sum.Elements, share.Elements);
        }
        return sum ?? throw new ArgumentException("There are no shares to add.", nameof(shares));
    }

    /// <summary>The canonical bytes: the receiver in one byte, then the elements, 31 bits each, little-endian.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[SizeInBytes(Set)];
        bytes[0] = (byte)Receiver;
        FieldElements.Write(Elements, bytes.AsSpan(1));
        return bytes;
    }

    /// <summary>Reads canonical bytes; <see langword="false"/> for a wrong length, receiver 0, or an element that is p.</summary>
    public static bool TryParse(KaheParameterSet set, ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ShareSum? shareSum)
    {
        shareSum = null;
        if (bytes.Length != SizeInBytes(set) || bytes[0] == 0)
            return false;
        uint[] elements = new uint[set.RingDegree];
        if (!FieldElements.TryRead(bytes[1..], elements))
            return false;
        shareSum = new ShareSum(set, bytes[0], elements);
        return true;
    }
}
