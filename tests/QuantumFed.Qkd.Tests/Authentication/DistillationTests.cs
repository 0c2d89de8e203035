using System.Runtime.InteropServices;
using QuantumFed.Randomness;

namespace QuantumFed.Qkd.Tests;

/// <summary>All steps in their order, between two ends that share nothing but messages and a first secret.</summary>
public sealed class DistillationTests
{
    private const int Length = 20_000;

    [Fact]
    public void Distilled_blocks_give_both_ends_the_same_key_and_pay_for_their_tags()
    {
        using RandomStream random = RandomStream.FromSeed("distil"u8, "distil");
        byte[] secret = new byte[256];
        random.Fill(secret);
        using KeyLedger reference = KeyLedger.Open(secret), corrected = KeyLedger.Open(secret);
        for (int run = 0; run < 20; run++)
        {
            (byte[]? one, byte[]? other) = Distil(reference, corrected, run, tamper: null, random);
            Assert.NotNull(one);
            Assert.Equal(one, other);
        }

        Assert.Equal(20UL, reference.AcceptedBlocks);
        Assert.True(reference.IsBalanced && corrected.IsBalanced);
        Assert.Equal(reference.DeliveredBits, reference.ProducedBits - reference.ConsumedBits);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(20)]
    public void A_message_changed_on_the_way_delivers_nothing(int message)
    {
        using RandomStream random = RandomStream.FromSeed("tamper"u8, "distil");
        byte[] secret = new byte[256];
        random.Fill(secret);
        using KeyLedger reference = KeyLedger.Open(secret), corrected = KeyLedger.Open(secret);
        (byte[]? one, byte[]? other) = Distil(reference, corrected, 0, message, random);
        Assert.Null(one);
        Assert.Null(other);
        Assert.Equal(0, reference.DeliveredBits + corrected.DeliveredBits);
    }

    private static (byte[]? Reference, byte[]? Corrected) Distil(KeyLedger reference, KeyLedger corrected, int run, int? tamper, RandomStream random)
    {
        NoisyKey keys = NoisyKey.Draw(Length, Length / 40, random);
        CascadePlan plan = CascadePlan.Create(Length, 0.025, NoisyKey.Seed(run));
        Assert.True(reference.TryBegin(out BlockAuthentication? here));
        Assert.True(corrected.TryBegin(out BlockAuthentication? there));
        using var asking = new CascadeReconciler();
        using var answering = new CascadeResponder();
        answering.Start(plan, keys.Reference);
        ReadOnlySpan<byte> question = asking.Start(plan, keys.Noisy);
        for (int sent = 0; asking.Status == CascadeStatus.Asking; sent++)
        {
            there!.FromCorrected.Record(question);
            here!.FromCorrected.Record(question);
            if (!answering.TryAnswer(question, out ReadOnlySpan<byte> answer))
                break;
            here.FromReference.Record(answer);
            byte[] received = answer.ToArray();
            if (sent == tamper)
                received[0] ^= 1;
            there.FromReference.Record(received);
            asking.Handle(received, out question);
        }

        byte[] verification = KeyVerification.CreateMessage(keys.Reference, random);
        here!.FromReference.Record(verification);
        there!.FromReference.Record(verification);
        // 3/4 of the key stands for the estimate of what is secret, which is not this suite's matter.
        int output = Length * 3 / 4 - answering.LeakedBits - KeyVerification.LeakedBits - 100;
        ulong[] seed = new ulong[PackedBits.WordsFor(PrivacyAmplifier.SeedBits(Length, output))];
        random.Fill(MemoryMarshal.AsBytes(seed.AsSpan()));
        here.FromReference.Record(MemoryMarshal.AsBytes(seed));
        there.FromReference.Record(MemoryMarshal.AsBytes(seed));

        byte[] tagHere = here.FromReference.CreateTag(), tagThere = there.FromCorrected.CreateTag();
        bool accepted = there.FromReference.Confirms(tagHere) & here.FromCorrected.Confirms(tagThere);
        if (!accepted || asking.Status != CascadeStatus.Reconciled || !KeyVerification.Confirms(asking.Key, verification))
        {
            reference.Abandon(here);
            corrected.Abandon(there);
            return (null, null);
        }

        return (Settle(reference, here, seed, keys.Reference, output), Settle(corrected, there, seed, asking.Key.ToArray(), output));
    }

    private static byte[] Settle(KeyLedger ledger, BlockAuthentication block, ulong[] seed, ulong[] key, int output)
    {
        using PrivacyAmplifier amplifier = PrivacyAmplifier.Create(Length, output, seed);
        ulong[] amplified = new ulong[PackedBits.WordsFor(output)];
        amplifier.Amplify(key, amplified);
        byte[] delivered = new byte[output / 8];
        BlockSettlement settlement = ledger.Settle(block, amplified, output, delivered);
        Assert.True(settlement.Accepted);
        return delivered[..(settlement.Delivered / 8)];
    }
}
