namespace QuantumFed.Lattice.Tests;

/// <summary>Committees of all sizes with liars of all kinds: within the radius exactly they are found, beyond it nothing wrong is opened.</summary>
public sealed class KeySumSearchTests
{
    private const uint P = SharingParameters.FieldPrime;
    private static readonly KaheParameters s_parameters = KaheParameters.Create(4, 16);

    /// <summary>How liars agree on what to say.</summary>
    private enum Lie
    {
        /// <summary>Each something of its own.</summary>
        Garbage,

        /// <summary>Each one element, plus one.</summary>
        OneElement,

        /// <summary>All the same error.</summary>
        SameError,

        /// <summary>All on other polynomials of the right degree.</summary>
        OtherPolynomial,
    }

    [Fact]
    public void Within_the_radius_exactly_the_wrong_sums_are_left_out_and_the_key_sum_is_right()
    {
        int seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage($"Seed {seed}.");
        var random = new Random(seed);
        for (int run = 0; run < 60; run++)
        {
            SharingParameters sharing = Sharing(random, 24);
            using Dealing dealing = Dealing.Of(s_parameters, sharing, random.Next(1, 5));
            Dictionary<int, ShareSum> sums = Answers(random, dealing, sharing);
            int[] liars = Alter(random, sharing, sums, random.Next(0, sharing.TolerableErrors(sums.Count) + 1), Enum.GetValues<Lie>()[run % 4]);
            IReadOnlyList<int> first = KeySumSearch.Over(sharing, sums).Candidates().First();
            Assert.True(sums.Keys.Except(liars).Order().SequenceEqual(first), $"Seed {seed}, run {run}.");
            Assert.True(KeySumCombiner.TryCombine(s_parameters, sharing, dealing.Keys.Count, Subset(sharing, sums, first), out KeySum? keySum));
            Assert.Equal(dealing.SecretSum(), keySum.Coefficients.ToArray());
        }
    }

    [Fact]
    public void Wrong_sums_that_are_independent_of_each_other_are_left_out_at_once_if_a_spare_one_is_right()
    {
        int seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage($"Seed {seed}.");
        var random = new Random(seed);
        for (int run = 0; run < 40; run++)
        {
            SharingParameters sharing = Sharing(random, 50);
            using Dealing dealing = Dealing.Of(s_parameters, sharing, 1);
            Dictionary<int, ShareSum> sums = Answers(random, dealing, sharing);
            int[] liars = Alter(random, sharing, sums, random.Next(0, Math.Max(1, sums.Count - sharing.Threshold)), Lie.Garbage);
            Assert.True(
                sums.Keys.Except(liars).Order().SequenceEqual(KeySumSearch.Over(sharing, sums).Candidates().First()),
                $"Seed {seed}, run {run}: {liars.Length} liars of {sums.Count}.");
        }
    }

    [Fact]
    public void All_that_the_largest_committee_tolerates_are_left_out_at_once_unless_they_collude()
    {
        SharingParameters sharing = SharingParameters.ForCommittee(255);
        using Dealing dealing = Dealing.Of(s_parameters, sharing, 1);
        ShareSum[] honest = dealing.Sums();
        Dictionary<int, ShareSum> sums = Enumerable.Range(1, 255).ToDictionary(j => j, j => honest[j - 1]);
        int[] liars = Alter(new Random(84), sharing, sums, sharing.ToleratedMalicious, Lie.Garbage);
        Assert.Equal(sums.Keys.Except(liars).Order(), KeySumSearch.Over(sharing, sums).Candidates().First());
    }

    [Fact]
    public void Beyond_the_radius_the_right_sum_is_found_and_none_that_opens_the_ciphertexts_is_wrong()
    {
        int seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage($"Seed {seed}.");
        var random = new Random(seed);
        for (int run = 0; run < 60; run++)
        {
            SharingParameters sharing = Sharing(random, 10);
            using Dealing dealing = Dealing.Of(s_parameters, sharing, random.Next(1, 5));
            Dictionary<int, ShareSum> sums = Answers(random, dealing, sharing);
            int spare = sums.Count - sharing.Threshold;
            int[] liars = Alter(random, sharing, sums, random.Next(sharing.TolerableErrors(sums.Count), spare + 1), Enum.GetValues<Lie>()[run % 4]);
            KeySumSearch search = KeySumSearch.Over(sharing, sums);
            Assert.True(search.IsExhaustive);
            Func<KeySum, bool> opens = Opener(dealing);
            bool found = false;
            foreach (IReadOnlyList<int> candidate in search.Candidates())
            {
                if (!KeySumCombiner.TryCombine(s_parameters, sharing, dealing.Keys.Count, Subset(sharing, sums, candidate), out KeySum? keySum) || !opens(keySum))
                    continue;
                Assert.True(dealing.SecretSum().AsSpan().SequenceEqual(keySum.Coefficients), $"Seed {seed}, run {run}.");
                found = true;
            }
            Assert.True(found, $"Seed {seed}, run {run}: {liars.Length} liars of {sums.Count}.");
        }
    }

    [Fact]
    public void More_liars_than_spare_answers_are_noticed()
    {
        var sharing = SharingParameters.Create(6, 4);
        using Dealing dealing = Dealing.Of(s_parameters, sharing, 3);
        Dictionary<int, ShareSum> sums = Enumerable.Range(1, 6).ToDictionary(j => j, j => dealing.Sums()[j - 1]);
        Func<KeySum, bool> opens = Opener(dealing);
        // All six on other polynomials: nothing contradicts, and the ciphertexts do not open.
        Alter(new Random(6), sharing, sums, 6, Lie.OtherPolynomial);
        IReadOnlyList<int> all = Assert.Single(KeySumSearch.Over(sharing, sums).Candidates());
        Assert.Equal(6, all.Count);
        Assert.False(KeySumCombiner.TryCombine(s_parameters, sharing, 3, Subset(sharing, sums, all), out KeySum? keySum) && opens(keySum));
        Alter(new Random(7), sharing, sums, 3, Lie.Garbage);
        foreach (IReadOnlyList<int> candidate in KeySumSearch.Over(sharing, sums).Candidates())
            Assert.False(KeySumCombiner.TryCombine(s_parameters, sharing, 3, Subset(sharing, sums, candidate), out keySum) && opens(keySum));
    }

    [Fact]
    public void Hostile_sums_of_a_large_committee_cost_a_bounded_search()
    {
        SharingParameters sharing = SharingParameters.ForCommittee(100);
        var random = new Random(100);
        byte[] bytes = new byte[ShareSum.SizeInBytes(KaheParameterSet.Kahe2048)];
        Dictionary<int, ShareSum> sums = Enumerable.Range(1, 100).ToDictionary(j => j, j => Sum(j, Elements(random)));
        KeySumSearch search = KeySumSearch.Over(sharing, sums);
        Assert.False(search.IsExhaustive);
        Assert.Equal(KeySumSearch.WorkLimit / 10_000, search.StepLimit);
        Assert.Empty(search.Candidates());
        Assert.True(KeySumSearch.Over(SharingParameters.ForCommittee(20), sums.Where(sum => sum.Key <= 20).ToDictionary()).IsExhaustive);
    }

    [Fact]
    public void A_large_committee_is_decoded_at_its_radius()
    {
        SharingParameters sharing = SharingParameters.ForCommittee(255);
        using Dealing dealing = Dealing.Of(s_parameters, sharing, 1);
        ShareSum[] honest = dealing.Sums();
        Dictionary<int, ShareSum> sums = Enumerable.Range(1, 255).ToDictionary(j => j, j => honest[j - 1]);
        int[] liars = Alter(new Random(255), sharing, sums, 42, Lie.OtherPolynomial);
        Assert.Equal(sums.Keys.Except(liars).Order(), KeySumSearch.Over(sharing, sums).Candidates().First());
    }

    [Fact]
    public void The_same_sums_are_searched_in_the_same_order()
    {
        SharingParameters sharing = SharingParameters.ForCommittee(10);
        using Dealing dealing = Dealing.Of(s_parameters, sharing, 2);
        ShareSum[] honest = dealing.Sums();
        Dictionary<int, ShareSum> sums = Enumerable.Range(1, 10).ToDictionary(j => j, j => honest[j - 1]);
        Alter(new Random(10), sharing, sums, 3, Lie.SameError);
        Dictionary<int, ShareSum> reversed = sums.Reverse().ToDictionary();
        Assert.Equal(KeySumSearch.Over(sharing, sums).Candidates(), KeySumSearch.Over(sharing, reversed).Candidates());
    }

    [Fact]
    public void Too_few_sums_and_sums_of_others_are_the_callers_mistake()
    {
        SharingParameters sharing = SharingParameters.Create(4, 3);
        using Dealing dealing = Dealing.Of(s_parameters, sharing, 1);
        ShareSum[] sums = dealing.Sums();
        Assert.Throws<ArgumentException>(() => KeySumSearch.Over(sharing, new Dictionary<int, ShareSum> { [1] = sums[0], [2] = sums[1] }));
        Assert.Throws<ArgumentException>(() => KeySumSearch.Over(sharing, new Dictionary<int, ShareSum> { [1] = sums[0], [2] = sums[1], [3] = sums[3] }));
        Assert.Throws<ArgumentException>(() => KeySumSearch.Over(sharing, new Dictionary<int, ShareSum> { [1] = sums[0], [2] = sums[1], [5] = sums[2] }));
    }

    [Theory]
    [InlineData(3, 2, 0)]
    [InlineData(4, 3, 1)]
    [InlineData(6, 4, 1)]
    [InlineData(7, 5, 2)]
    [InlineData(10, 7, 3)]
    [InlineData(10, 9, 3)]
    [InlineData(9, 4, 2)]
    [InlineData(255, 170, 84)]
    public void What_a_committee_tolerates_and_names_follows_from_its_size_and_threshold(int committee, int threshold, int malicious)
    {
        SharingParameters sharing = SharingParameters.Create(committee, threshold);
        Assert.Equal(malicious, sharing.ToleratedMalicious);
        Assert.Equal(committee >= threshold + 2 * malicious, sharing.NamesLiars(committee));
        Assert.Equal((committee - threshold) / 2, sharing.TolerableErrors(committee));
        Assert.Equal(0, sharing.TolerableErrors(threshold - 1));
    }

    [Fact]
    public void The_default_thresholds_tolerate_a_third_less_one_and_name_liars_for_six_members_only()
    {
        for (int committee = 1; committee <= 255; committee++)
        {
            SharingParameters sharing = SharingParameters.ForCommittee(committee);
            Assert.Equal((committee - 1) / 3, sharing.ToleratedMalicious);
            Assert.Equal(sharing.ToleratedMalicious == 0 || committee == 6, sharing.NamesLiars(committee));
        }
    }

    private static SharingParameters Sharing(Random random, int largest)
    {
        int committee = random.Next(1, largest + 1);
        return SharingParameters.Create(committee, random.Next(1, committee + 1));
    }

    /// <summary>The honest sums of all members, or of some of them, but at least t.</summary>
    private static Dictionary<int, ShareSum> Answers(Random random, Dealing dealing, SharingParameters sharing)
    {
        ShareSum[] all = dealing.Sums();
        random.Shuffle(all);
        return all[..random.Next(sharing.Threshold, all.Length + 1)].ToDictionary(sum => sum.Receiver);
    }

    private static int[] Alter(Random random, SharingParameters sharing, Dictionary<int, ShareSum> sums, int count, Lie lie)
    {
        int[] liars = [.. sums.Keys];
        random.Shuffle(liars);
        liars = liars[..count];
        uint[][] shift = [.. Enumerable.Range(0, sharing.Threshold).Select(_ => Elements(random))];
        foreach (int liar in liars)
        {
            uint[] elements = [.. sums[liar].Elements];
            uint[] error = lie is Lie.SameError ? shift[0] : new uint[2048];
            if (lie is Lie.OtherPolynomial)
                SecretSharing.Evaluate((uint)liar, shift, error);
            else if (lie is Lie.OneElement)
                error[random.Next(2048)] = 1;
            else if (lie is Lie.Garbage)
                error = Elements(random);
            FieldVectors.AddTo(elements, error);
            sums[liar] = Sum(liar, elements);
        }
        return liars;
    }

    private static uint[] Elements(Random random)
    {
        uint[] elements = new uint[2048];
        for (int i = 0; i < elements.Length; i++)
            elements[i] = (uint)random.Next((int)P);
        return elements;
    }

    private static ShareSum Sum(int receiver, uint[] elements)
    {
        byte[] bytes = new byte[ShareSum.SizeInBytes(KaheParameterSet.Kahe2048)];
        bytes[0] = (byte)receiver;
        FieldElements.Write(elements, bytes.AsSpan(1));
        Assert.True(ShareSum.TryParse(KaheParameterSet.Kahe2048, bytes, out ShareSum? sum));
        return sum;
    }

    private static Dictionary<int, ShareSum> Subset(SharingParameters sharing, Dictionary<int, ShareSum> sums, IReadOnlyList<int> candidate) =>
        candidate.Take(sharing.Threshold).ToDictionary(receiver => receiver, receiver => sums[receiver]);

    /// <summary>Whether a key sum opens one block that all dealers encrypted.</summary>
    private static Func<KeySum, bool> Opener(Dealing dealing)
    {
        PublicElements elements = PublicElements.Expand(s_parameters, new byte[32], 1);
        uint[] values = [1, 2, 3];
        KaheAccumulator accumulator = KaheAccumulator.Create(s_parameters, 1);
        accumulator.Add([.. dealing.Keys.Select(key => Kahe.Encrypt(s_parameters, key, elements, values))]);
        KaheCiphertext sum = accumulator.ToSum();
        return keySum => KaheDecryption.TryDecryptSum(s_parameters, elements, sum, keySum, dealing.Keys.Count, values.Length, out _, out _);
    }
}
