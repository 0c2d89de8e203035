namespace QuantumFed.Protocol;

/// <summary>What the opened sum decoded to, and the model that follows.</summary>
/// <param name="Closing">Digest of the closing's body.</param>
/// <param name="CombinedFrom">The committee points whose shares gave the key sum, ascending.</param>
/// <param name="Disagreeing">The points whose shares do not lie on the same polynomials, ascending.</param>
/// <param name="Sums">The decoded sums, one for each encrypted value.</param>
/// <param name="Model">Digest of the next model's bytes.</param>
public sealed record RoundOutcome(
    Digest Closing, IReadOnlyList<ushort> CombinedFrom, IReadOnlyList<ushort> Disagreeing, IReadOnlyList<ulong> Sums, Digest Model)
    : IRecord<RoundOutcome>
{
    /// <inheritdoc/>
    public static RecordKind Kind => RecordKind.RoundOutcome;

    /// <inheritdoc/>
    public void WriteTo(CanonicalWriter writer) => writer
        .Digest(Closing)
        .List(CombinedFrom, (w, point) => w.UInt16(point))
        .List(Disagreeing, (w, point) => w.UInt16(point))
        .List(Sums, (w, sum) => w.UInt64(sum))
        .Digest(Model);

    /// <inheritdoc/>
    public static RoundOutcome? Read(ref CanonicalReader reader)
    {
        Digest closing = reader.Digest();
        ushort[] combined = ReadPoints(ref reader);
        ushort[] disagreeing = ReadPoints(ref reader);
        var sums = new ulong[reader.Count(8)];
        for (int i = 0; i < sums.Length; i++)
            sums[i] = reader.UInt64();
        return new RoundOutcome(closing, combined, disagreeing, sums, reader.Digest());
    }

    private static ushort[] ReadPoints(ref CanonicalReader reader)
    {
        var points = new ushort[reader.Count(2)];
        for (int i = 0; i < points.Length; i++)
        {
            points[i] = reader.UInt16();
            reader.Require(i == 0 || points[i] > points[i - 1]);
        }
        return points;
    }
}
