using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace QuantumFed.Qkd;

/// <summary>What both parties wrote down of every pulse that was detected, in the order of detection, one bit plane per quantity.</summary>
/// <remarks>Bit i of word w of a plane belongs to detection 64 w + i; bits beyond the last detection are 0. The sender's and the receiver's planes stand side by side
/// because both are simulated in one place. They are erased on disposal.</remarks>
public sealed class DetectionRecord : IDisposable
{
    private const int WordBits = 64;

    private readonly ulong[][] _planes = [.. Enumerable.Range(0, DetectionCode.Planes).Select(_ => new ulong[64])];
    private readonly byte[] _pending = new byte[WordBits];
    private int _pendingCount;
    private int _words;

    internal DetectionRecord() { }

    /// <summary>The number of detections.</summary>
    public long Count => (long)_words * WordBits + _pendingCount - (WordBits - LastWordBits);

    /// <summary>Words of a plane.</summary>
    internal int Words => _words;

    /// <summary>A plane, once <see cref="Complete"/> was called.</summary>
    internal ReadOnlySpan<ulong> Plane(int plane) => _planes[plane].AsSpan(0, _words);

    /// <summary>How many detections the last word of a complete record holds.</summary>
    internal int LastWordBits { get; private set; } = WordBits;

    internal void Append(byte code)
    {
        _pending[_pendingCount++] = code;
        if (_pendingCount == WordBits)
            Flush();
    }

    /// <summary>Ends the record: the last word is filled up with nothing.</summary>
    internal void Complete()
    {
        if (_pendingCount == 0)
            return;
        LastWordBits = _pendingCount;
        _pending.AsSpan(_pendingCount).Clear();
        Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ulong[] plane in _planes)
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(plane.AsSpan()));
        CryptographicOperations.ZeroMemory(_pending);
    }

    // 64 codes are 64 bytes: plane k's word is bit k of each, moved to the top of its byte.
    private void Flush()
    {
        if (_words == _planes[0].Length)
            Grow();
        Vector512<byte> codes = Vector512.LoadUnsafe(ref _pending[0]);
        for (int k = 0; k < _planes.Length; k++)
            _planes[k][_words] = Vector512.ExtractMostSignificantBits(Vector512.ShiftLeft(codes, 7 - k));
        _words++;
        _pendingCount = 0;
    }

    private void Grow()
    {
        for (int k = 0; k < _planes.Length; k++)
        {
            ulong[] small = _planes[k];
            _planes[k] = new ulong[2 * small.Length];
            small.CopyTo(_planes[k], 0);
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(small.AsSpan()));
        }
    }
}
