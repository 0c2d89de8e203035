using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

[Trait("Runs", "OnEveryPath")]
public sealed class MessagePackingTests
{
    [Theory]
    [InlineData(10, 20)]
    [InlineData(10, 16)]
    [InlineData(16, 8)]
    [InlineData(1000, 8)]
    public void Every_width_packs_values_into_the_same_lanes_and_reads_them_back(int parties, int bits)
    {
        KaheParameters parameters = KaheParameters.Create(parties, bits);
        using RandomStream random = RandomStream.FromSeed([41], "test");
        foreach (int count in (int[])[1, 2, 15, 16, 17, 33, 100, parameters.ValuesPerBlock - 1, parameters.ValuesPerBlock])
        {
            uint[] values = new uint[count];
            for (int i = 0; i < count; i++)
                values[i] = i % 3 == 0 ? (uint)parameters.MaxValue : (uint)random.NextUInt64() & (uint)parameters.MaxValue;
            ulong[] expected = new ulong[parameters.RingDegree];
            expected[parameters.CountCoefficient] = 1;
            for (int i = 0; i < count; i++)
                expected[parameters.FirstValueCoefficient + i / parameters.Lanes] += (ulong)values[i] << (i % parameters.Lanes * parameters.LaneWidth);
            foreach (KernelPath path in Paths.Supported)
            {
                ulong[] coefficients = new ulong[parameters.RingDegree], read = new ulong[count];
                MessagePacking.Pack(path, parameters, values, coefficients);
                Assert.Equal(expected, coefficients);
                Assert.Equal(values.Max(), (uint)MessagePacking.Unpack(path, parameters, coefficients, read));
                Assert.Equal(values.Select(value => (ulong)value), read);
            }
        }
    }
}
