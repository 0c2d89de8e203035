using QuantumFed.Randomness;

namespace QuantumFed.Qkd.Tests;

public sealed class KeyVerificationTests
{
    [Fact]
    public void Equal_keys_are_confirmed_and_any_flipped_bit_is_noticed()
    {
        using RandomStream random = RandomStream.FromSeed("verify"u8, "verify");
        NoisyKey keys = NoisyKey.Draw(1000, 0, random);
        byte[] message = KeyVerification.CreateMessage(keys.Reference, random);
        Assert.True(KeyVerification.Confirms(keys.Noisy, message));
        for (int bit = 0; bit < 1000; bit++)
        {
            keys.Noisy[bit >>> 6] ^= 1UL << bit;
            Assert.False(KeyVerification.Confirms(keys.Noisy, message));
            keys.Noisy[bit >>> 6] ^= 1UL << bit;
        }
    }

    [Fact]
    public void A_changed_or_cut_message_confirms_nothing()
    {
        using RandomStream random = RandomStream.FromSeed("message"u8, "verify");
        ulong[] key = NoisyKey.Draw(500, 0, random).Reference;
        byte[] message = KeyVerification.CreateMessage(key, random);
        for (int at = 0; at < message.Length; at++)
        {
            byte[] changed = [.. message];
            changed[at] ^= 0x10;
            Assert.False(KeyVerification.Confirms(key, changed));
            Assert.False(KeyVerification.Confirms(key, message.AsSpan(0, at)));
        }
    }

    [Fact]
    public void Delivered_keys_are_equal_though_reconciliation_was_told_too_small_an_error_rate()
    {
        using RandomStream random = RandomStream.FromSeed("delivered"u8, "verify");
        for (int run = 0; run < 100; run++)
        {
            NoisyKey keys = NoisyKey.Draw(2000, 100, random);
            using var asking = new CascadeReconciler();
            using var answering = new CascadeResponder();
            CascadeStatus status = CascadeExchange.Run(CascadePlan.Create(2000, 0.01, NoisyKey.Seed(run)), asking, keys.Noisy, answering, keys.Reference);
            byte[] message = KeyVerification.CreateMessage(keys.Reference, random);
            bool delivered = status == CascadeStatus.Reconciled && KeyVerification.Confirms(asking.Key, message);
            Assert.Equal(asking.Key.SequenceEqual(keys.Reference), delivered);
        }
    }

    [Fact]
    public void Error_bound_is_blocks_of_128_bits_times_2_to_the_minus_128()
    {
        Assert.Equal(Math.Pow(2, -115), KeyVerification.ErrorBound(1 << 20));
        Assert.Equal(2 * Math.Pow(2, -128), KeyVerification.ErrorBound(129));
    }
}
