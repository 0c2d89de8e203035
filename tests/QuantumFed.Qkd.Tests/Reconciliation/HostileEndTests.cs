using QuantumFed.Randomness;

namespace QuantumFed.Qkd.Tests;

public sealed class HostileEndTests
{
    private const int Length = 4_000;

    private static readonly CascadePlan s_plan = CascadePlan.Create(Length, 0.05, "hostile"u8);

    [Fact]
    public void An_answer_of_another_length_is_refused()
    {
        foreach (int change in (int[])[-1, 1, 1000])
            Assert.Equal(CascadeStatus.RefusedMalformed, RunAgainst((answer, _) => Resized(answer, answer.Length + change)));
        Assert.Equal(CascadeStatus.RefusedMalformed, RunAgainst((_, _) => []));
    }

    [Fact]
    public void Bits_beyond_the_answers_end_are_refused() =>
        Assert.Equal(CascadeStatus.RefusedMalformed, RunAgainst((answer, questions) =>
        {
            if ((questions & 7) != 0)
                answer[^1] |= 0x80;
            return answer;
        }));

    [Fact]
    public void Random_answers_end_in_a_refusal_within_the_keys_length_of_questions()
    {
        using RandomStream random = RandomStream.FromSeed("liar"u8, "random answers");
        for (int run = 0; run < 200; run++)
        {
            CascadeStatus status = RunAgainst((answer, questions) => RandomAnswer(random, answer.Length, questions));
            Assert.True(status is CascadeStatus.RefusedContradiction or CascadeStatus.RefusedLeakage, status.ToString());
        }
    }

    [Fact]
    public void Constant_answers_end()
    {
        foreach (byte value in (byte[])[0x00, 0xFF, 0x55])
            RunAgainst((answer, questions) => Trimmed(Enumerable.Repeat(value, answer.Length).ToArray(), questions));
    }

    [Fact]
    public void One_lie_ends_in_a_refusal_or_in_keys_that_verification_tells_apart()
    {
        using RandomStream random = RandomStream.FromSeed("one lie"u8, "one lie");
        int refused = 0;
        for (int run = 0; run < 200; run++)
        {
            int lieAt = random.NextInt32(30), message = 0;
            CascadeStatus status = RunAgainst((answer, _) =>
            {
                if (message++ == lieAt)
                    answer[0] ^= 1;
                return answer;
            });
            refused += status == CascadeStatus.Reconciled ? 0 : 1;
        }

        Assert.True(refused > 0);
    }

    [Fact]
    public void A_question_that_is_malformed_or_out_of_order_is_refused_and_gives_nothing_away()
    {
        using RandomStream random = RandomStream.FromSeed("asker"u8, "asker");
        using var answering = new CascadeResponder();
        answering.Start(s_plan, NoisyKey.Draw(Length, 0, random).Reference);
        byte[][] questions =
        [
            [], [0], [3, 0], [1], [1, 1], [1, 255], [1, 0, 0], [2], [2, 1, 0, 0], [2, 1, 0, 0, 0], [2, 1, 0, 0, 0, 0],
        ];
        foreach (byte[] question in questions)
            Assert.False(answering.TryAnswer(question, out _), Convert.ToHexString(question));
        Assert.Equal(0, answering.LeakedBits);

        Assert.True(answering.TryAnswer([1, 0], out _));
        int leaked = answering.LeakedBits;
        Assert.Equal(s_plan.TopBlocks(0), leaked);
        byte[][] badSplits = [[1, 0], [2, 0, 0, 0, 0], [2, 0xA0, 0x0F, 0, 0], [2, 1, 0, 0, 1], [2, 1, 0, 0, 255]];
        foreach (byte[] question in badSplits)
            Assert.False(answering.TryAnswer(question, out _), Convert.ToHexString(question));
        Assert.Equal(leaked, answering.LeakedBits);
    }

    [Fact]
    public void An_asking_end_cannot_draw_more_parities_than_the_key_has_bits()
    {
        using RandomStream random = RandomStream.FromSeed("greedy"u8, "greedy");
        using var answering = new CascadeResponder();
        answering.Start(s_plan, NoisyKey.Draw(Length, 0, random).Reference);
        Assert.True(answering.TryAnswer([1, 0], out _));
        byte[] question = new byte[1 + 4 * 100];
        question[0] = CascadeMessage.Splits;
        for (int i = 0; i < 100; i++)
            CascadeMessage.WriteSplit(question.AsSpan(1 + 4 * i), 0, i + 1);
        int answered = 0;
        while (answering.TryAnswer(question, out _))
            answered++;
        Assert.InRange(answering.LeakedBits, Length - 100, Length);
        Assert.InRange(answered, 1, Length / 100);
    }

    /// <summary>Runs the asking end against an honest end whose answers are changed on the way, and requires the bound.</summary>
    private static CascadeStatus RunAgainst(Func<byte[], int, byte[]> change)
    {
        using RandomStream random = RandomStream.FromSeed("keys"u8, "hostile");
        NoisyKey keys = NoisyKey.Draw(Length, Length / 20, random);
        using var asking = new CascadeReconciler();
        using var honest = new CascadeResponder();
        honest.Start(s_plan, keys.Reference);
        ReadOnlySpan<byte> question = asking.Start(s_plan, keys.Noisy);
        while (asking.Status == CascadeStatus.Asking)
        {
            int questions = question[0] == CascadeMessage.Splits ? (question.Length - 1) / 4 : s_plan.TopBlocks(question[1]);
            Assert.True(honest.TryAnswer(question, out ReadOnlySpan<byte> answer));
            asking.Handle(change(answer.ToArray(), questions), out question);
        }

        Assert.InRange(asking.LeakedBits, 1, Length);
        Assert.InRange(asking.Messages, 1, Length);
        Assert.InRange(asking.CorrectedBits, 0, Length);
        return asking.Status;
    }

    private static byte[] Resized(byte[] bytes, int length)
    {
        Array.Resize(ref bytes, Math.Max(0, length));
        return bytes;
    }

    private static byte[] RandomAnswer(RandomStream random, int size, int questions)
    {
        byte[] answer = new byte[size];
        random.Fill(answer);
        return Trimmed(answer, questions);
    }

    private static byte[] Trimmed(byte[] answer, int questions)
    {
        if ((questions & 7) != 0)
            answer[^1] &= (byte)((1 << (questions & 7)) - 1);
        return answer;
    }
}
