using System.Numerics;
using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

[Trait("Runs", "OnEveryPath")]
public sealed class CoefficientPackingTests
{
    private const ulong Q = Modulus.LargestBelow2To49;

    [Fact]
    public void Packed_bytes_are_the_little_endian_number_with_49_bit_digits()
    {
        using RandomStream random = RandomStream.FromSeed([4], "test");
        for (int count = 0; count <= 128; count += 8)
        {
            ulong[] residues = new ulong[count], read = new ulong[count];
            BigInteger number = 0;
            for (int i = 0; i < count; i++)
            {
                residues[i] = random.NextInt32(4) == 0 ? Q - 1 : random.NextUInt64() % Q;
                number |= (BigInteger)residues[i] << (49 * i);
            }
            byte[] packed = new byte[count / 8 * 49], expected = new byte[packed.Length];
            number.TryWriteBytes(expected, out _, isUnsigned: true);
            foreach (KernelPath path in Paths.Supported)
            {
                Array.Clear(packed);
                Array.Clear(read);
                CoefficientPacking.Pack(path, residues, packed);
                Assert.Equal(expected, packed);
                Assert.True(CoefficientPacking.TryUnpack(path, packed, read, Q));
                Assert.Equal(residues, read);
                Assert.True(CoefficientPacking.AllBelow(path, packed, Q));
                for (int i = 0; i < count; i++)
                    Assert.Equal(residues[i], CoefficientPacking.Residue(packed, i));
            }
        }
    }

    [Fact]
    public void A_residue_that_is_not_reduced_is_refused_at_every_place()
    {
        for (int place = 0; place < 32; place++)
        {
            foreach (ulong wrong in (ulong[])[Q, Q + 1, (1UL << 49) - 1])
            {
                foreach (KernelPath path in Paths.Supported)
                {
                    ulong[] residues = new ulong[32];
                    residues[place] = wrong;
                    byte[] packed = new byte[196];
                    CoefficientPacking.Pack(path, residues, packed);
                    Assert.False(CoefficientPacking.TryUnpack(path, packed, residues, Q));
                    Assert.False(CoefficientPacking.AllBelow(path, packed, Q));
                }
            }
        }
    }
}
