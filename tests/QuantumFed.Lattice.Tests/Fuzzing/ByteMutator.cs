using System.Buffers.Binary;
using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

/// <summary>Makes hostile inputs of valid ones: flipped bits, overwritten runs, cuts, extensions, splices of two, integers at the edges.</summary>
internal sealed class ByteMutator
{
    private const int LongestRun = 32;
    private const int LongestExtension = 64;

    // Where readers of lengths, residues modulo q, elements of F_p and coefficients of ML-KEM change their minds.
    private static readonly ulong[] s_edges =
    [
        0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 3328, 3329, MersenneField.P - 1, MersenneField.P, MersenneField.P + 1UL, uint.MaxValue,
        Modulus.LargestBelow2To49 - 1, Modulus.LargestBelow2To49, (1UL << 49) - 1, long.MaxValue, 1UL << 63, ulong.MaxValue,
    ];

    private readonly IReadOnlyList<byte[]> _valid;
    private readonly RandomStream _random;
    private readonly byte[] _buffer;
    private int _length;

    internal ByteMutator(IReadOnlyList<byte[]> valid, RandomStream random)
    {
        _valid = valid;
        _random = random;
        _buffer = new byte[valid.Max(v => v.Length) + 4 * LongestExtension];
    }

    /// <summary>The next input; it lasts until the one after it.</summary>
    internal ReadOnlySpan<byte> Next()
    {
        byte[] original = Any();
        original.CopyTo(_buffer, 0);
        _length = original.Length;
        for (int edits = 1 + _random.NextInt32(4); edits > 0; edits--)
            Edit();
        return _buffer.AsSpan(0, _length);
    }

    private byte[] Any() => _valid[_random.NextInt32(_valid.Count)];

    // Lengths are changed less often than contents: every reader refuses a wrong one first.
    private void Edit()
    {
        int place = _random.NextInt32(_length + 1);
        Span<byte> rest = _buffer.AsSpan(place, _length - place);
        Span<byte> run = rest[..Math.Min(1 + _random.NextInt32(LongestRun), rest.Length)];
        switch (_random.NextInt32(24))
        {
            case 0: run.Fill(0xFF); break;
            case 1: run.Clear(); break;
            case 2 or 3: _random.Fill(run); break;
            case 4 or 5 or 6: Splice(place); break;
            case 7: Cut(); break;
            case 8: Extend(); break;
            case 9 or 10 or 11 or 12: WriteEdge(rest); break;
            case 13: rest.Reverse(); break;
            case 14: rest.Fill((byte)_random.NextInt32(256)); break;
            default: FlipBit(rest); break;
        }
    }

    private void FlipBit(Span<byte> rest)
    {
        if (!rest.IsEmpty)
            rest[0] ^= (byte)(1 << _random.NextInt32(8));
    }

    /// <summary>From here on another valid input, from the same place or another.</summary>
    private void Splice(int place)
    {
        byte[] other = Any();
        int from = _random.NextInt32(2) == 0 ? place : _random.NextInt32(other.Length + 1);
        ReadOnlySpan<byte> tail = other.AsSpan(Math.Min(from, other.Length));
        tail = tail[..Math.Min(tail.Length, _buffer.Length - place)];
        tail.CopyTo(_buffer.AsSpan(place));
        // Half of the splices keep the length, so that they reach what comes after its check.
        if (_random.NextInt32(2) == 0)
            _length = place + tail.Length;
    }

    private void Cut() => _length = _random.NextInt32(4) == 0 ? _random.NextInt32(_length + 1) : Math.Max(0, _length - 1 - _random.NextInt32(4));

    private void Extend()
    {
        int more = Math.Min(1 + _random.NextInt32(LongestExtension), _buffer.Length - _length);
        _random.Fill(_buffer.AsSpan(_length, more));
        _length += more;
    }

    /// <summary>An edge, one of its neighbours, in 1 to 8 bytes of either order, at any bit.</summary>
    private void WriteEdge(Span<byte> rest)
    {
        Span<byte> word = stackalloc byte[sizeof(ulong)];
        ulong edge = s_edges[_random.NextInt32(s_edges.Length)] << _random.NextInt32(8);
        if (_random.NextInt32(4) == 0)
            BinaryPrimitives.WriteUInt64BigEndian(word, edge);
        else
            BinaryPrimitives.WriteUInt64LittleEndian(word, edge);
        int size = 1 + _random.NextInt32(sizeof(ulong));
        word[..Math.Min(size, rest.Length)].CopyTo(rest);
    }
}
