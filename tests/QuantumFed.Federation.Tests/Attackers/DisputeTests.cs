using QuantumFed.Lattice;
using QuantumFed.Protocol;

namespace QuantumFed.Federation.Tests;

/// <summary>Dealers that frame checkers and checkers that frame dealers: who is in the set, and who is proved malicious. Members by their points.</summary>
public sealed class DisputeTests : IDisposable
{
    private readonly List<IDisposable> _open = [];

    public void Dispose() => _open.ForEach(item => item.Dispose());

    [Fact]
    public void A_false_check_value_names_the_checker_or_the_dealer_and_the_dealer_sits_out()
    {
        // M = 6, f = 1, t = 4: M = t + 2f.
        Findings round = Of(6);
        round.Lie(checker: 3, dealer: 5);
        Assert.Equal(["5-3"], round.Disputes);
        Assert.Empty(round.Malicious);
        Assert.Equal([5], round.Excluded);
    }

    [Fact]
    public void A_dealer_cannot_get_an_honest_checker_accused()
    {
        Findings round = Of(6);
        round.DealBadShare(dealer: 5, checker: 3);
        // To whoever reads the reports, this is the case above.
        Assert.Equal(["5-3"], round.Disputes);
        Assert.Empty(round.Malicious);
        Assert.Equal([5], round.Excluded);
    }

    [Fact]
    public void F_dealers_together_cannot_get_an_honest_checker_accused()
    {
        // M = 7, f = 2: both seal garbage to the checker, which says so.
        Findings round = Of(7);
        round.Say(checker: 3, dealer: 4, ShareVerdict.DoesNotOpen);
        round.Say(checker: 3, dealer: 5, ShareVerdict.DoesNotOpen);
        Assert.Equal(["4-3", "5-3"], round.Disputes);
        Assert.Empty(round.Malicious);
        Assert.Equal([4, 5], round.Excluded);
    }

    [Fact]
    public void A_dealer_that_deals_bad_shares_to_more_than_f_checkers_is_proved_malicious()
    {
        Findings round = Of(6);
        round.DealBadShare(dealer: 5, checker: 3);
        round.DealBadShare(dealer: 5, checker: 4);
        Assert.Equal([5], round.Malicious);
        Assert.Equal([5], round.Excluded);
    }

    [Fact]
    public void A_checker_that_lies_about_more_than_f_dealers_is_proved_malicious_and_keeps_nobody_out()
    {
        Findings round = Of(6);
        round.Lie(checker: 3, dealer: 5);
        round.Lie(checker: 3, dealer: 6);
        Assert.Equal(["5-3", "6-3"], round.Disputes);
        Assert.Equal([3], round.Malicious);
        Assert.Empty(round.Excluded);
    }

    [Fact]
    public void Who_is_off_its_own_polynomials_is_malicious_either_way()
    {
        Findings round = Of(6);
        round.DealBadShare(dealer: 5, checker: 5);
        Assert.Equal([5], round.Malicious);
        Assert.Equal([5], round.Excluded);
    }

    [Fact]
    public void With_one_liar_known_fewer_disputes_prove_the_next()
    {
        // M = 7, f = 2.
        Findings round = Of(7);
        foreach (int dealer in (int[])[4, 5])
            round.Say(checker: 1, dealer, ShareVerdict.DoesNotOpen);
        Assert.Empty(round.Malicious);
        foreach (int dealer in (int[])[5, 6, 7])
            round.Say(checker: 3, dealer, ShareVerdict.DoesNotOpen);
        Assert.Equal([1, 3], round.Malicious);
        Assert.Empty(round.Excluded);
    }

    [Fact]
    public void Below_t_plus_2f_check_values_name_nobody()
    {
        Findings round = Of(7);
        foreach (int dealer in (int[])[4, 5, 6])
            round.Lie(checker: 3, dealer);
        Assert.Empty(round.Disputes);
        Assert.Empty(round.Malicious);
        Assert.Equal([4, 5, 6], round.Excluded);
    }

    [Fact]
    public void A_checker_that_says_more_than_f_shares_do_not_open_is_proved_malicious_whatever_M_is()
    {
        Findings round = Of(7);
        foreach (int dealer in (int[])[4, 5, 6])
            round.Say(checker: 3, dealer, ShareVerdict.DoesNotOpen);
        Assert.Equal(["4-3", "5-3", "6-3"], round.Disputes);
        Assert.Equal([3], round.Malicious);
        Assert.Empty(round.Excluded);
        // Not heard on others, it is on itself.
        round.Say(checker: 3, dealer: 3, ShareVerdict.DoesNotOpen);
        Assert.Equal([3], round.Excluded);
    }

    [Fact]
    public void What_the_coordinator_may_have_done_proves_nothing()
    {
        Findings round = Of(6);
        foreach (int dealer in (int[])[4, 5, 6])
            round.Say(checker: 3, dealer, ShareVerdict.NotTheCommitted);
        round.Omit(checker: 3, dealer: 1);
        Assert.Empty(round.Disputes);
        Assert.Empty(round.Malicious);
        Assert.Equal([1, 4, 5, 6], round.Excluded);
    }

    [Fact]
    public void More_proofs_than_tolerated_members_prove_nothing()
    {
        Findings round = Of(6);
        foreach (int checker in (int[])[2, 3])
        {
            foreach (int dealer in (int[])[4, 5])
                round.Say(checker, dealer, ShareVerdict.DoesNotOpen);
        }
        Assert.Empty(round.Malicious);
        Assert.Equal([4, 5], round.Excluded);
    }

    [Fact]
    public void A_committee_that_tolerates_nobody_concludes_nothing()
    {
        Findings round = Of(3);
        round.Say(checker: 3, dealer: 1, ShareVerdict.DoesNotOpen);
        round.Lie(checker: 3, dealer: 2);
        Assert.Empty(round.Malicious);
        Assert.Equal([1, 2], round.Excluded);
    }

    [Fact]
    public void A_liar_whose_report_is_not_heard_cannot_bring_in_a_dealer_that_nobody_else_has()
    {
        Findings round = Of(6);
        foreach (int dealer in (int[])[4, 5])
            round.Say(checker: 3, dealer, ShareVerdict.DoesNotOpen);
        foreach (int checker in (int[])[1, 2, 4, 5, 6])
            round.Omit(checker, dealer: 6);
        Assert.Equal([3], round.Malicious);
        Assert.Equal([6], round.Excluded);
    }

    [Theory]
    [InlineData(6, 4)]
    [InlineData(7, 5)]
    [InlineData(10, 7)]
    [InlineData(13, 9)]
    public void Nobody_honest_is_ever_proved_malicious_and_no_dealer_is_kept_with_an_honest_victim(int members, int threshold)
    {
        int seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage($"Seed {seed}.");
        var random = new Random(seed);
        for (int run = 0; run < 25; run++)
        {
            Findings round = Of(members, threshold);
            int[] all = [.. Enumerable.Range(1, members)];
            random.Shuffle(all);
            int[] malicious = all[..random.Next(0, round.Tolerated + 1)];
            var victims = new HashSet<(int Dealer, int Checker)>();
            foreach (int member in malicious)
            {
                int harm = random.Next(0, members + 1);
                for (int i = 0; i < harm; i++)
                {
                    int other = random.Next(1, members + 1);
                    switch (random.Next(3))
                    {
                        case 0:
                            round.DealBadShare(dealer: member, checker: other);
                            victims.Add((member, other));
                            break;
                        case 1:
                            round.Lie(checker: member, dealer: other);
                            break;
                        default:
                            round.Say(checker: member, dealer: other, ShareVerdict.DoesNotOpen);
                            break;
                    }
                }
            }
            string name = $"Seed {seed}, run {run}: {string.Join(' ', malicious)}; {string.Join(' ', round.Disputes)}.";
            Assert.True(round.Malicious.All(malicious.Contains), name);
            // An honest dealer is out only where somebody not proved malicious is against it.
            Assert.True(malicious.Length > 0 || round.Excluded.Length == 0, name);
            Assert.True(round.Malicious.Length < malicious.Length || round.Excluded.All(malicious.Contains), name);
            Assert.All(victims.Where(pair => !malicious.Contains(pair.Checker)), pair => Assert.True(round.Excluded.Contains(pair.Dealer), name));
        }
    }

    private Findings Of(int members, int? threshold = null)
    {
        var hospitals = new Hospitals(members, threshold: threshold);
        var play = new RoundPlay(hospitals, new RoundId(0), hospitals.InitialModel);
        _open.AddRange([play, hospitals]);
        return new Findings(play);
    }
}
