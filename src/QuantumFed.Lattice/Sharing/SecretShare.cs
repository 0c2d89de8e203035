using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Lattice;

/// <summary>What one dealer gives one committee member: the value of n secret and 3 masking polynomials at the receiver's point.
/// Secret; erased on dispose.</summary>
public sealed class SecretShare : IDisposable
{
    private readonly uint[] _elements;
    private ShareChallenge? _challenge;
    private bool _disposed;

    private SecretShare(KaheParameterSet set, int receiver)
    {
        (Set, Receiver) = (set, receiver);
        _elements = GC.AllocateArray<uint>(SecretSharing.ElementsPerShare(set), pinned: true);
    }

    /// <summary>The set whose secret is shared.</summary>
    public KaheParameterSet Set { get; }

    /// <summary>The committee member's number, from 1: the point at which the polynomials were evaluated.</summary>
    public int Receiver { get; }

    internal ReadOnlySpan<uint> Elements
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _elements;
        }
    }

    /// <summary>The length of the canonical bytes: the receiver, then n + 3 elements of 31 bits.</summary>
    public static int SizeInBytes(KaheParameterSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return 1 + FieldElements.SizeInBytes(SecretSharing.ElementsPerShare(set));
    }

    internal static SecretShare Evaluate(KaheParameterSet set, int receiver, ReadOnlySpan<uint[]> polynomials)
    {
        var share = new SecretShare(set, receiver);
        SecretSharing.Evaluate((uint)receiver, polynomials, share._elements);
        return share;
    }

    /// <summary>The canonical bytes, secret: the receiver in one byte, then the elements, 31 bits each, little-endian, the last bits zero.</summary>
    /// <exception cref="ObjectDisposedException">The share was disposed.</exception>
    public byte[] ToBytes()
    {
        ReadOnlySpan<uint> elements = Elements;
        byte[] bytes = GC.AllocateArray<byte>(SizeInBytes(Set), pinned: true);
        bytes[0] = (byte)Receiver;
        FieldElements.Write(elements, bytes.AsSpan(1));
        return bytes;
    }

    /// <summary>Reads canonical bytes; <see langword="false"/> for a wrong length, receiver 0, an element that is p, or a padding bit set.</summary>
    public static bool TryParse(KaheParameterSet set, ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SecretShare? share)
    {
        share = null;
        if (bytes.Length != SizeInBytes(set) || bytes[0] == 0)
            return false;
        var parsed = new SecretShare(set, bytes[0]);
        if (!FieldElements.TryRead(bytes[1..], parsed._elements))
        {
            parsed.Dispose();
            return false;
        }
        share = parsed;
        return true;
    }

    /// <summary>Three random combinations of the share's elements, each hidden by a masking element of its own: published for the degree check.</summary>
    /// <remarks>If the dealer's polynomials have degree below t, so do the combinations; otherwise one random combination has too high a degree
    /// except with probability 1/p, all three with about 2^-93. The dealer learns the challenge only after its shares are committed.
    /// One combination a share only: the masks hide one.</remarks>
    /// <exception cref="ArgumentException">The challenge is for another set.</exception>
    /// <exception cref="InvalidOperationException">The share has answered another challenge.</exception>
    /// <exception cref="ObjectDisposedException">The share was disposed.</exception>
    public ShareCheckValue MaskedCombination(ShareChallenge challenge)
    {
        ArgumentNullException.ThrowIfNull(challenge);
        if (challenge.Set != Set)
            throw new ArgumentException($"The challenge is for {challenge.Set}, not {Set}.", nameof(challenge));
        ReadOnlySpan<uint> elements = Elements;
        _challenge ??= challenge;
        if (!challenge.Equals(_challenge))
            throw new InvalidOperationException("This share has answered another challenge; a second answer would show what the first one hides.");
        int n = elements.Length - SecretSharing.MaskingElements;
        Span<uint> combinations = stackalloc uint[SecretSharing.MaskingElements];
        for (int k = 0; k < combinations.Length; k++)
            combinations[k] = MersenneField.Add(elements[n + k], FieldVectors.DotProduct(challenge.Row(k), elements[..n]));
        return new ShareCheckValue(combinations[0], combinations[1], combinations[2]);
    }

    /// <summary>Erases the share.</summary>
    public void Dispose()
    {
        _disposed = true;
        FieldElements.Erase(_elements);
    }
}
