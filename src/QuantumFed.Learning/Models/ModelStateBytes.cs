using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Learning;

/// <summary>The canonical bytes of a <see cref="ModelState"/>, version 1: one state has one encoding.</summary>
/// <remarks>
/// Little endian: ASCII <c>QFMS</c>; version, u16 = 1; kind, u8; flags, u8: bit 0 a standardisation follows, bit 1 numbers are binary32;
/// features, u32; classes, u16; hidden layers, u8; remembered vectors, u8; each hidden width, u32; P, u32; with bit 0 d means and d scales,
/// binary64; P parameters; each remembered vector, P numbers; nothing after.
/// </remarks>
internal static class ModelStateBytes
{
    private const int HeaderSizeInBytes = 16;
    private const ushort Version = 1;
    private const byte StandardisationFlag = 1;
    private const byte SingleFlag = 2;

    private static ReadOnlySpan<byte> Magic => "QFMS"u8;

    public static byte[] Write(ModelState state)
    {
        ModelShape shape = state.Shape;
        byte[] bytes = new byte[SizeOf(shape, state.Format, state.Standardisation is not null, state.MemoryCount)];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(4), Version);
        bytes[6] = (byte)shape.Kind;
        bytes[7] = (byte)((state.Standardisation is null ? 0 : StandardisationFlag) | (state.Format == NumberFormat.Binary32 ? SingleFlag : 0));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), (uint)shape.FeatureCount);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(12), (ushort)shape.ClassCount);
        bytes[14] = (byte)shape.Hidden.Count;
        bytes[15] = (byte)state.MemoryCount;
        Span<byte> rest = bytes.AsSpan(HeaderSizeInBytes);
        foreach (int width in shape.Hidden.Append(shape.ParameterCount))
        {
            BinaryPrimitives.WriteUInt32LittleEndian(rest, (uint)width);
            rest = rest[sizeof(uint)..];
        }

        if (state.Standardisation is { } standardisation)
            rest = WriteNumbers(WriteNumbers(rest, standardisation.Means, NumberFormat.Binary64), standardisation.Scales, NumberFormat.Binary64);
        rest = WriteNumbers(rest, state.Parameters, state.Format);
        for (int i = 0; i < state.MemoryCount; i++) rest = WriteNumbers(rest, state.Memory(i), state.Format);
        return bytes;
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ModelState? state)
    {
        state = null;
        if (!TryReadHeader(bytes, out ModelShape? shape, out NumberFormat format, out bool standardised, out int memoryCount)) return false;
        ReadOnlySpan<byte> rest = bytes[(HeaderSizeInBytes + sizeof(uint) * (shape.Hidden.Count + 1))..];
        Standardisation? standardisation = null;
        if (standardised)
        {
            double[] means = ReadNumbers(ref rest, shape.FeatureCount, NumberFormat.Binary64), scales = ReadNumbers(ref rest, shape.FeatureCount, NumberFormat.Binary64);
            if (!Standardisation.TryCreate(means, scales, out standardisation)) return false;
        }

        double[] parameters = ReadNumbers(ref rest, shape.ParameterCount, format);
        double[][] memory = new double[memoryCount][];
        for (int i = 0; i < memoryCount; i++) memory[i] = ReadNumbers(ref rest, shape.ParameterCount, format);
        return ModelState.TryCreate(shape, format, standardisation, parameters, memory, out state);
    }

    // Checks the length before anything is allocated, so a header that promises much costs nothing.
    private static bool TryReadHeader(
        ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ModelShape? shape, out NumberFormat format, out bool standardised, out int memoryCount)
    {
        (shape, format, standardised, memoryCount) = (null, NumberFormat.Binary64, false, 0);
        if (bytes.Length < HeaderSizeInBytes || !bytes.StartsWith(Magic) || BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]) != Version) return false;
        var kind = (ModelKind)bytes[6];
        uint features = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        int hiddenCount = bytes[14];
        memoryCount = bytes[15];
        if (!Enum.IsDefined(kind) || bytes[7] > (StandardisationFlag | SingleFlag) || features > Dataset.MaxFeatureCount
            || hiddenCount > ModelShape.MaxHiddenLayers || memoryCount > ModelState.MaxMemory
            || bytes.Length < HeaderSizeInBytes + sizeof(uint) * (hiddenCount + 1))
            return false;
        uint[] sizes = new uint[hiddenCount + 1];
        for (int i = 0; i < sizes.Length; i++)
        {
            sizes[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(HeaderSizeInBytes + i * sizeof(uint))..]);
            if (sizes[i] > ModelShape.MaxParameterCount) return false;
        }

        int[] hidden = [.. sizes.AsSpan(0, hiddenCount).ToArray().Select(width => (int)width)];
        shape = ModelShape.TryCreate(
            kind, (int)features, BinaryPrimitives.ReadUInt16LittleEndian(bytes[12..]), hidden, kind == ModelKind.Opaque ? (int)sizes[^1] : 0, out _);
        standardised = (bytes[7] & StandardisationFlag) != 0;
        format = (bytes[7] & SingleFlag) != 0 ? NumberFormat.Binary32 : NumberFormat.Binary64;
        return shape is not null && shape.ParameterCount == sizes[^1] && bytes.Length == SizeOf(shape, format, standardised, memoryCount);
    }

    private static long SizeOf(ModelShape shape, NumberFormat format, bool standardised, int memoryCount) =>
        HeaderSizeInBytes + sizeof(uint) * (shape.Hidden.Count + 1L) + (standardised ? 2L * sizeof(double) * shape.FeatureCount : 0)
        + (long)WidthOf(format) * shape.ParameterCount * (1 + memoryCount);

    private static int WidthOf(NumberFormat format) => format == NumberFormat.Binary32 ? sizeof(float) : sizeof(double);

    private static Span<byte> WriteNumbers(Span<byte> destination, scoped ReadOnlySpan<double> numbers, NumberFormat format)
    {
        foreach (double number in numbers)
        {
            if (format == NumberFormat.Binary32) BinaryPrimitives.WriteSingleLittleEndian(destination, (float)number);
            else BinaryPrimitives.WriteDoubleLittleEndian(destination, number);
            destination = destination[WidthOf(format)..];
        }

        return destination;
    }

    private static double[] ReadNumbers(ref ReadOnlySpan<byte> source, int count, NumberFormat format)
    {
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++)
        {
            numbers[i] = format == NumberFormat.Binary32 ? BinaryPrimitives.ReadSingleLittleEndian(source) : BinaryPrimitives.ReadDoubleLittleEndian(source);
            source = source[WidthOf(format)..];
        }

        return numbers;
    }
}
