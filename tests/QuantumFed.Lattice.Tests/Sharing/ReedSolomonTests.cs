namespace QuantumFed.Lattice.Tests;

public sealed class ReedSolomonTests
{
    private const uint P = SharingParameters.FieldPrime;

    [Fact]
    public void Every_word_within_the_radius_is_decoded_to_its_polynomial()
    {
        int seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage($"Seed {seed}.");
        var random = new Random(seed);
        for (int run = 0; run < 400; run++)
        {
            int n = random.Next(1, 30), t = random.Next(1, n + 1), errors = random.Next(0, (n - t) / 2 + 1);
            uint[] points = Points(random, n), polynomial = Elements(random, t);
            if (random.Next(4) == 0)
                Array.Clear(polynomial, t / 2, t - t / 2);
            uint[] word = Array.ConvertAll(points, point => ReedSolomon.Evaluate(polynomial, point));
            Alter(random, word, errors);
            Assert.True(ReedSolomon.TryDecode(points, word, t, (n - t) / 2, out uint[]? decoded), $"Seed {seed}, run {run}.");
            Assert.Equal(polynomial, decoded);
            Assert.Equal(errors == 0, ReedSolomon.TryDecode(points, word, t, 0, out _));
        }
    }

    [Fact]
    public void What_is_decoded_is_what_trying_every_polynomial_finds()
    {
        int seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage($"Seed {seed}.");
        var random = new Random(seed);
        for (int run = 0; run < 300; run++)
        {
            // A word of two values only meets many polynomials in many places.
            int n = random.Next(1, 9), t = random.Next(1, n + 1), errors = random.Next(0, (n - t) / 2 + 1);
            uint[] points = Points(random, n), word = [.. Enumerable.Range(0, n).Select(_ => (uint)random.Next(2))];
            List<uint[]> close = [];
            for (int set = 0; set < 1 << n; set++)
            {
                if (System.Numerics.BitOperations.PopCount((uint)set) != t)
                    continue;
                int[] places = [.. Enumerable.Range(0, n).Where(i => (set >> i & 1) != 0)];
                LagrangeBasis basis = LagrangeBasis.Over(Array.ConvertAll(places, i => points[i]));
                uint[] values = Array.ConvertAll(places, i => word[i]);
                uint[] everywhere = Array.ConvertAll(points, point => FieldVectors.DotProduct(basis.At(point), values));
                if (everywhere.Zip(word).Count(pair => pair.First != pair.Second) <= errors && !close.Any(other => other.SequenceEqual(everywhere)))
                    close.Add(everywhere);
            }
            Assert.InRange(close.Count, 0, 1);
            bool found = ReedSolomon.TryDecode(points, word, t, errors, out uint[]? decoded);
            Assert.Equal(close.Count == 1, found);
            if (found)
                Assert.Equal(close[0], Array.ConvertAll(points, point => ReedSolomon.Evaluate(decoded, point)));
        }
    }

    [Fact]
    public void The_largest_committee_is_decoded()
    {
        var random = new Random(255);
        uint[] points = Points(random, 255), polynomial = Elements(random, 170);
        uint[] word = Array.ConvertAll(points, point => ReedSolomon.Evaluate(polynomial, point));
        Alter(random, word, 42);
        Assert.True(ReedSolomon.TryDecode(points, word, 170, 42, out uint[]? decoded));
        Assert.Equal(polynomial, decoded);
        Assert.False(ReedSolomon.TryDecode(points, word, 170, 41, out _));
        Alter(random, word, 200);
        Assert.False(ReedSolomon.TryDecode(points, word, 170, 42, out _));
    }

    private static uint[] Points(Random random, int count)
    {
        uint[] points = [.. Enumerable.Range(1, 255).Select(point => (uint)point)];
        random.Shuffle(points);
        return points[..count];
    }

    private static uint[] Elements(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (uint)random.Next((int)P))];

    private static void Alter(Random random, uint[] word, int count)
    {
        int[] places = [.. Enumerable.Range(0, word.Length)];
        random.Shuffle(places);
        foreach (int place in places[..count])
            word[place] = (uint)((word[place] + 1L + random.Next((int)P - 1)) % P);
    }
}
