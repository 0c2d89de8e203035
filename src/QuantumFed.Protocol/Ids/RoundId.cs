using System.Globalization;

namespace QuantumFed.Protocol;

/// <summary>The number of a round in its federation, counted from 0 without gaps; abandoned rounds keep their number.</summary>
public readonly record struct RoundId(ulong Value) : IComparable<RoundId>
{
    /// <summary>The round after this one.</summary>
    public RoundId Next => new(checked(Value + 1));

    /// <summary>Compares numbers.</summary>
    public int CompareTo(RoundId other) => Value.CompareTo(other.Value);

    /// <summary>Earlier.</summary>
    public static bool operator <(RoundId left, RoundId right) => left.Value < right.Value;

    /// <summary>Later.</summary>
    public static bool operator >(RoundId left, RoundId right) => left.Value > right.Value;

    /// <summary>Earlier or equal.</summary>
    public static bool operator <=(RoundId left, RoundId right) => left.Value <= right.Value;

    /// <summary>Later or equal.</summary>
    public static bool operator >=(RoundId left, RoundId right) => left.Value >= right.Value;

    /// <summary>The number in decimal.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
