using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace QuantumFed.Lattice;

/// <summary>Working memory outside the collected heap: the collector never copies it, its registers never straddle cache lines, and it is zeroed before it is freed.</summary>
internal sealed unsafe class ScratchBuffer<T> : IDisposable
    where T : unmanaged
{
    private const nuint CacheLineSizeInBytes = 64;

    private readonly int _length;
    private T* _memory;

    /// <summary>Takes memory for <paramref name="length"/> elements, at least 1, all zero.</summary>
    /// <exception cref="OutOfMemoryException">There is none.</exception>
    internal ScratchBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        _length = length;
        _memory = (T*)NativeMemory.AlignedAlloc((nuint)length * (nuint)sizeof(T), CacheLineSizeInBytes);
        Span.Clear();
    }

    ~ScratchBuffer() => Free();

    /// <summary>The elements.</summary>
    /// <exception cref="ObjectDisposedException">The memory was freed.</exception>
    internal Span<T> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(_memory is null, this);
            return new Span<T>(_memory, _length);
        }
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_memory is null)
            return;
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(Span));
        NativeMemory.AlignedFree(_memory);
        _memory = null;
    }
}
