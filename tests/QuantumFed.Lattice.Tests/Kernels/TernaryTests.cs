using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

/// <summary>The seeds are fixed: a false-alarm rate says how likely a correct sampler would have failed under a random one.</summary>
[Trait("Runs", "OnEveryPath")]
public sealed class TernaryTests
{
    [Fact]
    public void Samples_are_the_ternary_digits_of_the_accepted_bytes_at_every_width()
    {
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(i => (byte)(i % 243))];
        for (int length = 0; length <= 1280; length = length < 170 ? length + 1 : length + 37)
        {
            int[] expected = new int[length];
            for (int i = 0; i < length; i++)
            {
                int x = bytes[i / 80 * 16 + i % 16], power = (int)Math.Pow(3, 4 - i % 80 / 16);
                expected[i] = x / power % 3 - 1;
            }
            foreach (KernelPath path in Paths.Supported)
            {
                int[] samples = new int[length];
                Ternary.Convert(path, bytes, samples);
                Assert.Equal(expected, samples);
            }
        }
    }

    [Fact]
    public void Bytes_below_243_and_no_others_are_kept_in_order()
    {
        using RandomStream random = RandomStream.FromSeed([70], "test");
        for (int length = 0; length <= 130; length++)
        {
            byte[] bytes = new byte[length];
            random.Fill(bytes);
            if (length > 8)
                new byte[] { 242, 243, 255, 0, 244 }.CopyTo(bytes, length / 2);
            byte[] expected = [.. bytes.Where(x => x < 243)];
            int accepted = Ternary.Compact(bytes);
            Assert.Equal(expected, bytes[..accepted]);
        }
    }

    [Fact]
    public void Sampling_takes_the_streams_accepted_bytes_in_order()
    {
        foreach (int length in (int[])[0, 1, 79, 80, 81, 2048, 4096])
        {
            using RandomStream random = RandomStream.FromSeed([71], "test"), same = RandomStream.FromSeed([71], "test");
            int[] samples = new int[length], expected = new int[length];
            Ternary.Sample(random, new byte[Ternary.BytesFor(length) + 3], samples);
            byte[] bytes = new byte[2 * Ternary.BytesFor(length)];
            same.Fill(bytes);
            Ternary.Convert(KernelPath.Scalar, bytes.Where(x => x < 243).ToArray(), expected);
            Assert.Equal(expected, samples);
        }
    }

    [Fact]
    public void Five_digits_of_a_byte_have_each_of_243_values_equally_often()
    {
        const int Groups = 1 << 12;
        using RandomStream random = RandomStream.FromSeed([72], "test");
        int[] samples = new int[80 * Groups], joint = new int[243], single = new int[3];
        Ternary.Sample(random, new byte[Ternary.BytesFor(samples.Length)], samples);
        for (int group = 0; group < samples.Length; group += 80)
        {
            for (int i = 0; i < 16; i++)
            {
                int value = 0;
                for (int digit = 0; digit < 5; digit++)
                    value = 3 * value + samples[group + 16 * digit + i] + 1;
                joint[value]++;
            }
        }
        foreach (int x in samples)
            single[x + 1]++;
        // With 242 degrees of freedom chi-square exceeds 362, with 2 it exceeds 27.7, with probability below 10^-6.
        Assert.InRange(ChiSquare(joint), 0, 362);
        Assert.InRange(ChiSquare(single), 0, 27.7);
    }

    [Fact]
    public void Neighbours_are_uncorrelated()
    {
        using RandomStream random = RandomStream.FromSeed([73], "test");
        int[] samples = new int[1 << 18];
        Ternary.Sample(random, new byte[Ternary.BytesFor(samples.Length)], samples);
        double sum = 0;
        for (int i = 1; i < samples.Length; i++)
            sum += samples[i] * samples[i - 1];
        // Five deviations of a mean of products of variance 4/9: false alarm below 10^-6.
        Assert.InRange(sum / samples.Length, -5 * 2.0 / 3 / Math.Sqrt(samples.Length), 5 * 2.0 / 3 / Math.Sqrt(samples.Length));
    }

    private static double ChiSquare(int[] observed)
    {
        double expected = (double)observed.Sum() / observed.Length;
        return observed.Sum(o => (o - expected) * (o - expected) / expected);
    }
}
