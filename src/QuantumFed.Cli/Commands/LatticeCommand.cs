using System.CommandLine;
using System.Globalization;
using QuantumFed.Lattice;

namespace QuantumFed.Cli;

/// <summary><c>qf lattice</c>.</summary>
internal static class LatticeCommand
{
    internal const int DefaultMembers = 10;
    internal const int DefaultBits = 16;
    internal const int DefaultSize = 1 << 20;
    // Far below what the blocks of a ciphertext can count, at every number of lanes.
    internal const int MostValues = 100_000_000;

    public static Command Create()
    {
        Option<int> members = NumberOption.Whole("--members", "Members whose values may be summed.", DefaultMembers, KaheParameters.MinParties, KaheParameters.MaxParties);
        Option<int> bits = NumberOption.Whole("--bits", "Bits of a value.", DefaultBits, 1, KaheParameters.MaxBitsPerValue);
        Option<int> size = NumberOption.Whole("--size", "Values of a member, such as a model's parameters.", DefaultSize, 1, MostValues);
        var parameters = new Command("params", "Print the lattice parameters that follow from a consortium's size, with their bounds and what a ciphertext weighs.")
        {
            members, bits, size,
        };
        parameters.SetAction((parsed, cancellation) => CommandRunner.RunAsync(
            _ => Task.FromResult(Print(parsed.GetValue(members), parsed.GetValue(bits), parsed.GetValue(size))), cancellation));
        return new Command("lattice", "The encryption's parameters.") { parameters };
    }

    /// <summary>The parameters for so many members; more than a committee may have share it among the first.</summary>
    /// <exception cref="UsageException">No lane fits.</exception>
    internal static (KaheParameters Kahe, SharingParameters Sharing) ParametersOf(int members, int bits, int size)
    {
        try
        {
            return (KaheParameters.For(members, bits, size), SharingParameters.ForCommittee(Math.Min(members, SharingParameters.MaxCommitteeSize)));
        }
        catch (ArgumentOutOfRangeException refusal)
        {
            // The first line: the second names the argument, for programmers.
            throw new UsageException(refusal.Message.Split('\n')[0]);
        }
    }

    private static ExitCode Print(int members, int bits, int size)
    {
        KaheParameters parameters = ParametersOf(members, bits, size).Kahe;
        int blocks = parameters.BlocksFor(size);
        foreach ((string name, string value) in ((string, string)[])
        [
            ("set", parameters.Set.Name),
            ("ring", $"Z_q[X]/(X^{parameters.RingDegree} + 1)"),
            ("q", string.Create(CultureInfo.InvariantCulture, $"{string.Join(" * ", parameters.Set.Primes)}, {parameters.ModulusBits} bits, {(parameters.Set.Primes.Count == 1 ? "prime" : "the product of primes")}")),
            ("secrets and errors", string.Create(CultureInfo.InvariantCulture, $"CBD({parameters.SecretBound}), in [-{parameters.SecretBound}, {parameters.SecretBound}], fresh for every round and member")),
            ("security", string.Create(CultureInfo.InvariantCulture, $"128 bits, classical and quantum: the HomomorphicEncryption.org standard (2018, tables 1 and 2) allows q {parameters.Set.MostBitsClassical} and {parameters.Set.MostBitsQuantum} bits at n = {parameters.RingDegree}")),
            ("members N", parameters.Parties.ToString(CultureInfo.InvariantCulture)),
            ("bits a value b", parameters.BitsPerValue.ToString(CultureInfo.InvariantCulture)),
            ("lanes L", string.Create(CultureInfo.InvariantCulture, $"{parameters.Lanes} of w = {parameters.LaneWidth} bits to a coefficient")),
            ("plaintext modulus T", string.Create(CultureInfo.InvariantCulture, $"2^{parameters.PlaintextBits}")),
            ("noise bound B", string.Create(CultureInfo.InvariantCulture, $"{parameters.NoiseBound}; T (B + 1) is at most q/2")),
            ("failure probability", string.Create(CultureInfo.InvariantCulture, $"at most 2^{parameters.Log2FailureProbability:F2} a coefficient, and detected")),
            ("blocks", string.Create(CultureInfo.InvariantCulture, $"{blocks} for {size} values, {parameters.ValuesPerBlock} in each")),
            ("ciphertext", string.Create(CultureInfo.InvariantCulture, $"{parameters.CiphertextSizeInBytes(blocks)} bytes, {(double)parameters.CiphertextSizeInBytes(blocks) / size:F3} a value (float32: 4)")),
        ])
            Console.Out.WriteLine($"{name,-20} {value}");
        return ExitCode.Success;
    }
}
