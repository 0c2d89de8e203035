using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

/// <summary>The kernels that see secrets, at every width this machine has.</summary>
internal static class KernelSubjects
{
    private const int Degree = 2048;
    private const ulong Q = Modulus.LargestBelow2To49;

    internal static IReadOnlyDictionary<string, Func<TimingSubject>> All { get; } = AtEveryWidth();

    private static Dictionary<string, Func<TimingSubject>> AtEveryWidth()
    {
        var all = new Dictionary<string, Func<TimingSubject>>();
        foreach (KernelPath path in Paths.Supported)
        {
            all[$"CentredBinomial.Count {path}"] = () => Count(path);
            all[$"MessageMask.Apply {path}"] = () => Mask(path);
            all[$"MessagePacking.Pack 2 lanes {path}"] = () => PackMessage(path, KaheParameters.Create(10, 16));
            all[$"MessagePacking.Pack 3 lanes {path}"] = () => PackMessage(path, KaheParameters.Create(16, 8));
            all[$"FixedPointKernel.Quantise {path}"] = () => Quantise(path);
            all[$"WideMessageMask.Apply {path}"] = () => WideMask(path);
            all[$"CoefficientPacking.Pack {path}"] = () => PackCoefficients(path);
            all[$"AddMod {path}"] = () => Residues<AddMod>(path);
            all[$"SubtractMod {path}"] = () => Residues<SubtractMod>(path);
            all[$"TransformedElement.Of {path}"] = () => Transform(path);
            all[$"NegacyclicRing.MultiplyInverse {path}"] = () => Multiply(path);
        }
        return all;
    }

    private static TimingSubject Count(KernelPath path)
    {
        byte[][] bytes = TimingSubject.PerSlot(() => new byte[Degree * CentredBinomial.BytesPerSample]);
        int[] samples = new int[Degree];
        return new TimingSubject((slot, isFixed, random) => TimingInputs.Draw(random, bytes[slot], isFixed), slot => CentredBinomial.Count(path, bytes[slot], samples));
    }

    private static TimingSubject Mask(KernelPath path)
    {
        const int PlaintextBits = 40;
        ulong[][] products = TimingSubject.PerSlot(() => new ulong[Degree]), messages = TimingSubject.PerSlot(() => new ulong[Degree]);
        int[][] errors = TimingSubject.PerSlot(() => new int[Degree]);
        byte[] scratch = new byte[Degree * CentredBinomial.BytesPerSample];
        return new TimingSubject(
            (slot, isFixed, random) =>
            {
                TimingInputs.DrawBelow(random, products[slot], Q, isFixed);
                TimingInputs.DrawBelow(random, messages[slot], 1UL << PlaintextBits, isFixed);
                TimingInputs.DrawSecret(random, scratch, errors[slot], isFixed);
            },
            slot => MessageMask.Apply(path, products[slot], errors[slot], messages[slot], PlaintextBits, Q));
    }

    private static TimingSubject PackMessage(KernelPath path, KaheParameters parameters)
    {
        uint[][] values = TimingSubject.PerSlot(() => new uint[parameters.ValuesPerBlock]);
        ulong[] message = new ulong[Degree];
        return new TimingSubject(
            (slot, isFixed, random) =>
            {
                TimingInputs.Draw(random, values[slot], isFixed);
                for (int i = 0; i < values[slot].Length; i++)
                    values[slot][i] &= (uint)parameters.MaxValue;
            },
            slot => MessagePacking.Pack(path, parameters, values[slot], message));
    }

    private static TimingSubject Quantise(KernelPath path)
    {
        Assert.True(FixedPointEncoding.Create(16, 1).TryScale(1, 0.7, out FixedPointScale? scale));
        float[][] numbers = TimingSubject.PerSlot(() => new float[Degree]);
        byte[] dither = new byte[Degree * FixedPointKernel.DitherSizeInBytes];
        uint[] values = new uint[Degree];
        return new TimingSubject(
            (slot, isFixed, random) =>
            {
                // Both signs and magnitudes beyond the bound, against one number.
                for (int i = 0; i < Degree; i++)
                {
                    float number = (float)(4 * random.NextDouble() - 2);
                    numbers[slot][i] = isFixed ? 0.25f : number;
                }
            },
            slot => FixedPointKernel.Quantise(path, scale, numbers[slot], dither, values));
    }

    private static TimingSubject WideMask(KernelPath path)
    {
        const int PlaintextBits = 88, LowBits = 44;
        Modulus prime = KaheParameterSet.Kahe4096.Rings[0].Modulus;
        var mask = new WideMessageMask(prime, PlaintextBits, LowBits);
        ulong[][] products = TimingSubject.PerSlot(() => new ulong[Degree]), low = TimingSubject.PerSlot(() => new ulong[Degree]), high = TimingSubject.PerSlot(() => new ulong[Degree]);
        int[][] errors = TimingSubject.PerSlot(() => new int[Degree]);
        byte[] scratch = new byte[Degree * CentredBinomial.BytesPerSample];
        return new TimingSubject(
            (slot, isFixed, random) =>
            {
                TimingInputs.DrawBelow(random, products[slot], prime.Value, isFixed);
                TimingInputs.DrawBelow(random, low[slot], 1UL << LowBits, isFixed);
                TimingInputs.DrawBelow(random, high[slot], 1UL << (PlaintextBits - LowBits), isFixed);
                TimingInputs.DrawSecret(random, scratch, errors[slot], isFixed);
            },
            slot => mask.Apply(path, products[slot], errors[slot], low[slot], high[slot]));
    }

    private static TimingSubject PackCoefficients(KernelPath path)
    {
        ulong[][] residues = TimingSubject.PerSlot(() => new ulong[Degree]);
        byte[] packed = new byte[KaheParameterSet.Kahe2048.BlockSizeInBytes];
        return new TimingSubject(
            (slot, isFixed, random) => TimingInputs.DrawBelow(random, residues[slot], Q, isFixed), slot => CoefficientPacking.Pack(path, residues[slot], packed));
    }

    private static TimingSubject Residues<TOperator>(KernelPath path)
        where TOperator : struct, IResidueOperator
    {
        ulong[][] x = TimingSubject.PerSlot(() => new ulong[Degree]), y = TimingSubject.PerSlot(() => new ulong[Degree]);
        ulong[] to = new ulong[Degree];
        return new TimingSubject(
            (slot, isFixed, random) =>
            {
                TimingInputs.DrawBelow(random, x[slot], Q, isFixed);
                TimingInputs.DrawBelow(random, y[slot], Q, isFixed);
            },
            slot => ResidueDriver.Apply<TOperator>(path, x[slot], y[slot], to, Q));
    }

    private static TimingSubject Transform(KernelPath path)
    {
        NegacyclicRing ring = NegacyclicRing.Create(Modulus.Create(Q), Degree, path);
        int[] fixedSecret = OneSecret();
        int[][] secrets = TimingSubject.PerSlot(() => new int[Degree]);
        int[] secret = new int[Degree];
        byte[] scratch = new byte[Degree * CentredBinomial.BytesPerSample];
        return new TimingSubject(
            (slot, isFixed, random) =>
            {
                TimingInputs.DrawSecret(random, scratch, secret, false);
                (isFixed ? fixedSecret : secret).CopyTo(secrets[slot], 0);
            },
            slot => TransformedElement.Of(ring, secrets[slot]).Dispose());
    }

    // The fixed secret where all zeros would be no secret: a processor works a little faster on operands that are zero, and a transform
    // of zeros has no other.
    private static int[] OneSecret()
    {
        using RandomStream random = RandomStream.FromSeed([3], "timing");
        int[] secret = new int[Degree];
        TimingInputs.DrawSecret(random, new byte[Degree * CentredBinomial.BytesPerSample], secret, false);
        return secret;
    }

    private static TimingSubject Multiply(KernelPath path)
    {
        int[] fixedSecret = OneSecret();
        NegacyclicRing ring = NegacyclicRing.Create(Modulus.Create(Q), Degree, path);
        KaheParameters parameters = KaheParameters.Create(10, 16);
        PublicElements elements = PublicElements.Expand(parameters, new byte[PublicElements.SeedSizeInBytes], 1);
        // The transform of the secret is made outside; its memory stays a slot's own.
        TransformedElement[] secrets = TimingSubject.PerSlot(() => TransformedElement.Of(ring, new int[Degree]));
        int[] secret = new int[Degree];
        byte[] scratch = new byte[Degree * CentredBinomial.BytesPerSample];
        double[] product = new double[Degree];
        ulong[] coefficients = new ulong[Degree];
        double[] element = elements.Values(0);
        return new TimingSubject(
            (slot, isFixed, random) =>
            {
                TimingInputs.DrawSecret(random, scratch, secret, false);
                using TransformedElement transformed = TransformedElement.Of(ring, isFixed ? fixedSecret : secret);
                transformed.Values.CopyTo(secrets[slot].Values, 0);
                transformed.OverQ.CopyTo(secrets[slot].OverQ, 0);
            },
            slot => ring.MultiplyInverse(element, secrets[slot], product, coefficients));
    }
}
