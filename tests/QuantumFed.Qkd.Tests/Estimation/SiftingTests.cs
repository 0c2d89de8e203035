using System.Numerics;
using QuantumFed.Randomness;

namespace QuantumFed.Qkd.Tests;

public sealed class SiftingTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(10_000)]
    [InlineData(1_000_000)]
    [InlineData(1_000_003)]
    public void Words_are_sifted_as_bits_are(long pulses)
    {
        OpticalChannel channel = OpticalChannel.Create(0, 0.2, 0.1, 1e-3, 0.1, 0);
        using LinkRandomness randomness = LinkRandomness.FromSeed((ulong)pulses);
        using LinkRun run = BlockSimulator.Run(
            new SimulatedLink(channel, DecoyProtocol.Create(0.8, 0.2, 0, 0.4, 0.3, 0.6), new NoEavesdropper()), pulses, randomness, TestContext.Current.CancellationToken);
        double[,] detections = new double[2, 3], errors = new double[2, 3];
        long[] noted = new long[3];
        List<bool> sent = [], measured = [];
        for (long i = 0; i < run.Detections.Count; i++)
        {
            int code = RecordCells.CodeAt(run, i), basis = code >> DetectionCode.SentBasis & 1, intensity = code >> DetectionCode.IntensityLow;
            bool sentBit = (code >> DetectionCode.SentBit & 1) != 0, measuredBit = (code >> DetectionCode.MeasuredBit & 1) != 0;
            noted[intensity]++;
            if (basis != (code >> DetectionCode.MeasuredBasis & 1))
                continue;
            detections[basis, intensity]++;
            errors[basis, intensity] += sentBit != measuredBit ? 1 : 0;
            if (basis == (int)Basis.X)
            {
                sent.Add(sentBit);
                measured.Add(measuredBit);
            }
        }
        SiftedCounts counts = Sifting.Count(run);
        foreach (Intensity k in Enum.GetValues<Intensity>())
        {
            Assert.Equal(noted[(int)k], Sifting.Detections(run, k));
            Assert.Equal(detections[0, (int)k], counts.KeyBasis.Detections(k));
            Assert.Equal(detections[1, (int)k], counts.TestBasis.Detections(k));
            Assert.Equal(errors[0, (int)k], counts.KeyBasis.Errors(k));
            Assert.Equal(errors[1, (int)k], counts.TestBasis.Errors(k));
        }
        using SiftedKey key = Sifting.Key(run);
        Assert.Equal(sent.Count, key.LengthInBits);
        Assert.False(key.IsSecret);
        for (int i = 0; i < sent.Count; i++)
        {
            Assert.Equal(sent[i], (key.SentBits[i >> 6] >> (i & 63) & 1) != 0);
            Assert.Equal(measured[i], (key.MeasuredBits[i >> 6] >> (i & 63) & 1) != 0);
        }
        // Nothing beyond the end.
        Assert.Equal(sent.Count(bit => bit), Ones(key.SentBits));

        static int Ones(ReadOnlySpan<ulong> words)
        {
            int ones = 0;
            foreach (ulong word in words)
                ones += BitOperations.PopCount(word);
            return ones;
        }
    }

    [Fact]
    public void Bits_are_gathered_alike_with_and_without_the_instruction()
    {
        using RandomStream random = RandomStream.FromSeed([1], "gather");
        Assert.Equal(0b101UL, Sifting.GatherOneByOne(0b1001, 0b1011 & ~0b10UL | 0b100));
        for (int i = 0; i < 10_000; i++)
        {
            ulong bits = random.NextUInt64(), mask = i switch { 0 => 0, 1 => ulong.MaxValue, _ => random.NextUInt64() & random.NextUInt64() };
            Assert.Equal(Sifting.GatherOneByOne(bits, mask), Sifting.Gather(bits, mask));
        }
    }

    [Fact]
    public void A_key_of_secret_choices_says_so()
    {
        using LinkRandomness randomness = LinkRandomness.FromOperatingSystem();
        using LinkRun run = BlockSimulator.Run(
            new SimulatedLink(OpticalChannel.Gys(0), DecoyProtocol.Gys, new NoEavesdropper()), 100_000, randomness, TestContext.Current.CancellationToken);
        using SiftedKey key = Sifting.Key(run);
        Assert.True(key.IsSecret);
    }
}
