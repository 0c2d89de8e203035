namespace QuantumFed.Lattice;

/// <summary>How a block's values lie in coefficients of two words: reserved zeros, the count, then L lanes of w bits, the first <see cref="KaheParameters.LowLanes"/> of them
/// in the low word; and how such a coefficient comes back from its residues modulo two primes.</summary>
internal sealed class WideMessage
{
    private readonly KaheParameters _parameters;
    private readonly int _lowBits;
    private readonly UInt128 _q;
    private readonly Modulus _second;
    // The inverse of the first prime modulo the second.
    private readonly ulong _inverse;

    internal WideMessage(KaheParameters parameters)
    {
        _parameters = parameters;
        _lowBits = parameters.LowLanes * parameters.LaneWidth;
        _q = parameters.Set.Q;
        _second = parameters.Set.Rings[1].Modulus;
        _inverse = _second.Invert(parameters.Set.Primes[0] % _second.Value);
    }

    /// <summary>The bits of the low word.</summary>
    internal int LowBits => _lowBits;

    /// <summary>Writes one block's message over words that are zero. Loops and shifts depend on lengths only.</summary>
    internal void Pack(ReadOnlySpan<uint> values, Span<ulong> low, Span<ulong> high)
    {
        low[_parameters.CountCoefficient] = 1;
        int coefficient = _parameters.FirstValueCoefficient, lane = 0, lowLanes = _parameters.LowLanes, width = _parameters.LaneWidth;
        foreach (uint value in values)
        {
            if (lane < lowLanes)
                low[coefficient] |= (ulong)value << (lane * width);
            else
                high[coefficient] |= (ulong)value << ((lane - lowLanes) * width);
            if (++lane == _parameters.Lanes)
                (lane, coefficient) = (0, coefficient + 1);
        }
    }

    /// <summary>Takes the centred T E + M apart that has the residues <paramref name="first"/> and <paramref name="second"/>, and writes M as two words over
    /// them. Returns the largest |E|. For public residues only: time depends on them.</summary>
    /// <remarks>Garner's form of the Chinese remainder theorem: v = r1 + p1 ((r2 - r1) / p1 mod p2), in [0, q).</remarks>
    internal UInt128 Remove(Span<ulong> first, Span<ulong> second)
    {
        ulong p1 = _parameters.Set.Primes[0], p2 = _second.Value;
        double w = _second.Centre(_inverse), wOverP = w / p2;
        UInt128 half = _q / 2, mask = (UInt128.One << _parameters.PlaintextBits) - 1;
        ulong lowMask = _lowBits == 64 ? ulong.MaxValue : (1UL << _lowBits) - 1;
        UInt128 largest = 0;
        for (int i = 0; i < first.Length; i++)
        {
            // |r2 - r1| < 2^49: within the bounds of the multiplication.
            long quotient = (long)ScalarLane.MultiplyMod((long)second[i] - (long)first[i], w, wOverP, p2);
            quotient += (quotient >> 63) & (long)p2;
            ulong upper = Math.BigMul(p1, (ulong)quotient, out ulong lower);
            UInt128 v = new UInt128(upper, lower) + first[i];
            // Two's complement from here on.
            UInt128 centred = v > half ? v - _q : v;
            Int128 error = (Int128)centred >> _parameters.PlaintextBits;
            largest = UInt128.Max(largest, (UInt128)(error < 0 ? -error : error));
            UInt128 message = centred & mask;
            first[i] = (ulong)message & lowMask;
            second[i] = (ulong)(message >> _lowBits);
        }
        return largest;
    }

    /// <summary>Reads the lanes of one block's summed message into <paramref name="sums"/>, as many as it is long. Returns the largest.</summary>
    internal ulong Unpack(ReadOnlySpan<ulong> low, ReadOnlySpan<ulong> high, Span<ulong> sums)
    {
        int lanes = _parameters.Lanes, lowLanes = _parameters.LowLanes, width = _parameters.LaneWidth;
        ulong mask = (1UL << width) - 1, largest = 0;
        for (int coefficient = _parameters.FirstValueCoefficient; !sums.IsEmpty; coefficient++)
        {
            int here = Math.Min(lanes, sums.Length);
            ulong word = low[coefficient];
            for (int lane = 0; lane < here; lane++)
            {
                if (lane == lowLanes)
                    word = high[coefficient];
                sums[lane] = word & mask;
                largest = Math.Max(largest, sums[lane]);
                word >>= width;
            }
            sums = sums[here..];
        }
        return largest;
    }

    /// <summary>One lane of a summed message's coefficient.</summary>
    internal ulong Lane(ReadOnlySpan<ulong> low, ReadOnlySpan<ulong> high, int coefficient, int lane)
    {
        ulong word = lane < _parameters.LowLanes ? low[coefficient] : high[coefficient];
        int place = lane < _parameters.LowLanes ? lane : lane - _parameters.LowLanes;
        return (word >> (place * _parameters.LaneWidth)) & ((1UL << _parameters.LaneWidth) - 1);
    }
}
