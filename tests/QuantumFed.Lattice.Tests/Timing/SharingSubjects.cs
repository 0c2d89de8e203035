using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

/// <summary>The sharing of secrets, its field, and encryption as a whole.</summary>
internal static class SharingSubjects
{
    private const int Degree = 2048;
    private const uint P = MersenneField.P;

    private static uint s_sink;

    internal static IReadOnlyDictionary<string, Func<TimingSubject>> All { get; } = new Dictionary<string, Func<TimingSubject>>
    {
        ["MersenneField.Add"] = () => Field(AddAll),
        ["MersenneField.Subtract"] = () => Field(SubtractAll),
        ["MersenneField.Multiply"] = () => Field(MultiplyAll),
        ["MersenneField.FromInt32 and Centre"] = CentreAndBack,
        ["FieldElements.Write"] = Write,
        ["SecretSharing.Evaluate"] = Evaluate,
        ["SecretSharing.Deal"] = Deal,
        ["SecretShare.MaskedCombination"] = Combine,
        ["ShareSum.Of"] = SumShares,
        ["Kahe.Encrypt"] = Encrypt,
    };

    private static TimingSubject Field(Action<uint[], uint[]> all)
    {
        uint[][] x = TimingSubject.PerSlot(() => new uint[Degree]), y = TimingSubject.PerSlot(() => new uint[Degree]);
        return new TimingSubject(
            (slot, isFixed, random) =>
            {
                TimingInputs.DrawBelow(random, x[slot], P, isFixed);
                TimingInputs.DrawBelow(random, y[slot], P, isFixed);
            },
            slot => all(x[slot], y[slot]));
    }

    // Loops written out, so that the compiler inlines the operation as it does in the library's loops.
    private static void AddAll(uint[] x, uint[] y)
    {
        uint sum = 0;
        for (int i = 0; i < x.Length; i++)
            sum ^= MersenneField.Add(x[i], y[i]);
        Volatile.Write(ref s_sink, sum);
    }

    private static void SubtractAll(uint[] x, uint[] y)
    {
        uint sum = 0;
        for (int i = 0; i < x.Length; i++)
            sum ^= MersenneField.Subtract(x[i], y[i]);
        Volatile.Write(ref s_sink, sum);
    }

    private static void MultiplyAll(uint[] x, uint[] y)
    {
        uint sum = 0;
        for (int i = 0; i < x.Length; i++)
            sum ^= MersenneField.Multiply(x[i], y[i]);
        Volatile.Write(ref s_sink, sum);
    }

    private static TimingSubject CentreAndBack()
    {
        int[][] secrets = TimingSubject.PerSlot(() => new int[Degree]);
        byte[] scratch = new byte[Degree * CentredBinomial.BytesPerSample];
        return new TimingSubject(
            (slot, isFixed, random) => TimingInputs.DrawSecret(random, scratch, secrets[slot], isFixed),
            slot =>
            {
                int sum = 0;
                foreach (int x in secrets[slot])
                    sum ^= MersenneField.Centre(MersenneField.FromInt32(x));
                Volatile.Write(ref s_sink, (uint)sum);
            });
    }

    private static TimingSubject Write()
    {
        uint[][] elements = TimingSubject.PerSlot(() => new uint[Degree]);
        byte[] bytes = new byte[FieldElements.SizeInBytes(Degree)];
        return new TimingSubject(
            (slot, isFixed, random) => TimingInputs.DrawBelow(random, elements[slot], P, isFixed), slot => FieldElements.Write(elements[slot], bytes));
    }

    private static TimingSubject Evaluate()
    {
        const int Threshold = 5;
        uint[][][] rows = TimingSubject.PerSlot(() => Rows(Threshold));
        uint[] values = new uint[SecretSharing.ElementsPerShare(KaheParameterSet.Kahe2048)];
        return new TimingSubject(
            (slot, isFixed, random) =>
            {
                foreach (uint[] row in rows[slot])
                    TimingInputs.DrawBelow(random, row, P, isFixed);
            },
            slot => SecretSharing.Evaluate(7, rows[slot], values));
    }

    private static TimingSubject Deal()
    {
        SharingParameters sharing = SharingParameters.ForCommittee(4);
        int[][] secrets = TimingSubject.PerSlot(() => new int[Degree]);
        byte[] scratch = new byte[Degree * CentredBinomial.BytesPerSample];
        RandomStream polynomials = RandomStream.FromSeed([1], "timing");
        return new TimingSubject(
            (slot, isFixed, random) => TimingInputs.DrawSecret(random, scratch, secrets[slot], isFixed),
            slot => SecretSharing.Deal(KaheParameterSet.Kahe2048, secrets[slot], sharing, polynomials).Dispose());
    }

    private static TimingSubject Combine()
    {
        ShareChallenge challenge = ShareChallenge.FromDigest(KaheParameterSet.Kahe2048, new byte[32]);
        SecretShare?[] shares = new SecretShare?[TimingSubject.Slots];
        uint[][] row = Rows(1);
        return new TimingSubject(
            (slot, isFixed, random) => Replace(random, row, ref shares[slot], isFixed),
            slot => Volatile.Write(ref s_sink, shares[slot]!.MaskedCombination(challenge).First));
    }

    private static TimingSubject SumShares()
    {
        SecretShare?[] first = new SecretShare?[TimingSubject.Slots], second = new SecretShare?[TimingSubject.Slots];
        uint[][] row = Rows(1);
        return new TimingSubject(
            (slot, isFixed, random) =>
            {
                Replace(random, row, ref first[slot], isFixed);
                Replace(random, row, ref second[slot], isFixed);
            },
            slot => Volatile.Write(ref s_sink, ShareSum.Of([first[slot]!, second[slot]!]).Elements[0]));
    }

    private static TimingSubject Encrypt()
    {
        KaheParameters parameters = KaheParameters.Create(10, 16);
        PublicElements elements = PublicElements.Expand(parameters, new byte[PublicElements.SeedSizeInBytes], 1);
        KaheSecretKey?[] keys = new KaheSecretKey?[TimingSubject.Slots];
        uint[][] values = TimingSubject.PerSlot(() => new uint[parameters.ValuesPerBlock]);
        RandomStream errors = RandomStream.FromSeed([2], "timing");
        return new TimingSubject(
            (slot, isFixed, random) =>
            {
                // A key encrypts once; it is random in both classes.
                keys[slot]?.Dispose();
                keys[slot] = KaheSecretKey.Generate(KaheParameterSet.Kahe2048, random);
                TimingInputs.Draw(random, values[slot], isFixed);
                for (int i = 0; i < values[slot].Length; i++)
                    values[slot][i] &= (uint)parameters.MaxValue;
            },
            slot => Kahe.Encrypt(parameters, keys[slot]!, elements, values[slot], errors));
    }

    // One row is a polynomial of degree 0: the share is the row.
    private static void Replace(RandomStream random, uint[][] row, ref SecretShare? share, bool isFixed)
    {
        TimingInputs.DrawBelow(random, row[0], P, isFixed);
        share?.Dispose();
        share = SecretShare.Evaluate(KaheParameterSet.Kahe2048, 1, row);
    }

    private static uint[][] Rows(int count)
    {
        uint[][] rows = new uint[count][];
        for (int i = 0; i < count; i++)
            rows[i] = new uint[SecretSharing.ElementsPerShare(KaheParameterSet.Kahe2048)];
        return rows;
    }
}
