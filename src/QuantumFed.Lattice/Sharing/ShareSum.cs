using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Lattice;

/// <summary>sigma_j: a committee member's sum of the shares of all participants, at its own point. Public once published, and published once a
/// round for one set only. Immutable, thread safe.</summary>
public sealed class ShareSum
{
    /// <summary>The length of the canonical bytes: the receiver, then 2048 elements of 31 bits.</summary>
    public static int SizeInBytes { get; } = 1 + FieldElements.SizeInBytes(KaheParameters.Ring.Degree);

    private ShareSum(int receiver, uint[] elements) => (Receiver, Elements) = (receiver, elements);

    /// <summary>The committee member's number, from 1.</summary>
    public int Receiver { get; }

    internal uint[] Elements { get; }

    /// <summary>Adds the shares of one receiver, one from each dealer; the masking elements stay out.</summary>
    /// <exception cref="ArgumentException">There are no shares, or they are not all the same receiver's.</exception>
    /// <exception cref="ObjectDisposedException">A share was disposed.</exception>
    public static ShareSum Of(IEnumerable<SecretShare> shares)
    {
        ArgumentNullException.ThrowIfNull(shares);
        uint[] sum = new uint[KaheParameters.Ring.Degree];
        int receiver = 0;
        foreach (SecretShare share in shares)
        {
            if (receiver != 0 && share.Receiver != receiver)
                throw new ArgumentException($"Shares of receivers {receiver} and {share.Receiver} do not add.", nameof(shares));
            receiver = share.Receiver;
            FieldVectors.AddTo(sum, share.Elements);
        }
        return receiver != 0 ? new ShareSum(receiver, sum) : throw new ArgumentException("There are no shares to add.", nameof(shares));
    }

    /// <summary>The canonical bytes: the receiver in one byte, then the elements, 31 bits each, little-endian; 7,937 bytes.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[SizeInBytes];
        bytes[0] = (byte)Receiver;
        FieldElements.Write(Elements, bytes.AsSpan(1));
        return bytes;
    }

    /// <summary>Reads canonical bytes; <see langword="false"/> for a wrong length, receiver 0, or an element that is p.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ShareSum? shareSum)
    {
        shareSum = null;
        if (bytes.Length != SizeInBytes || bytes[0] == 0)
            return false;
        uint[] elements = new uint[KaheParameters.Ring.Degree];
        if (!FieldElements.TryRead(bytes[1..], elements))
            return false;
        shareSum = new ShareSum(bytes[0], elements);
        return true;
    }
}
