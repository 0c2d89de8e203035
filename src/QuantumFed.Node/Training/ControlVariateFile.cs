using System.Buffers.Binary;
using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>
/// A member's SCAFFOLD control variate, kept between rounds and changed only by rounds that counted it. Where the file is lost it begins at zero
/// again, which costs convergence, not correctness. Bytes: the first round it does not include, u64; then P binary64 numbers; little endian.
/// </summary>
internal sealed class ControlVariateFile(string path)
{
    private const int HeaderSizeInBytes = sizeof(ulong);

    /// <summary>The variate; zeros where none was kept.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or of another model.</exception>
    public double[] Read(int parameterCount) => Load(parameterCount).Variate;

    /// <summary>Adds the change of a finished round, once: a round that is included already changes nothing.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or of another model.</exception>
    public void Apply(RoundId round, double[] change)
    {
        (ulong next, double[] variate) = Load(change.Length);
        if (round.Value < next)
            return;
        byte[] bytes = new byte[HeaderSizeInBytes + sizeof(double) * change.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, round.Next.Value);
        for (int j = 0; j < change.Length; j++)
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(HeaderSizeInBytes + j * sizeof(double)), variate[j] + change[j]);
        DurableFile.Write(path, bytes, ownerOnly: true);
    }

    private (ulong Next, double[] Variate) Load(int parameterCount)
    {
        double[] variate = new double[parameterCount];
        if (!File.Exists(path))
            return (0, variate);
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes.Length != HeaderSizeInBytes + sizeof(double) * parameterCount)
            throw Damaged();
        for (int j = 0; j < parameterCount; j++)
            variate[j] = BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(HeaderSizeInBytes + j * sizeof(double)));
        // Training on them would diverge in every round, and blame the learning rate.
        if (!variate.All(double.IsFinite))
            throw Damaged();
        return (BinaryPrimitives.ReadUInt64LittleEndian(bytes), variate);
    }

    private InvalidDataException Damaged() => new($"{path} is damaged; without it this member's control variate begins at zero again.");
}
