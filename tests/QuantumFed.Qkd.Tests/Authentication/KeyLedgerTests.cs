using QuantumFed.Randomness;

namespace QuantumFed.Qkd.Tests;

public sealed class KeyLedgerTests
{
    [Fact]
    public void Two_ledgers_of_one_secret_stay_equal_and_balanced_over_any_course_of_blocks()
    {
        using RandomStream random = RandomStream.FromSeed("course"u8, "ledger");
        byte[] secret = Bytes(random, 1000);
        using KeyLedger here = KeyLedger.Open(secret), there = KeyLedger.Open(secret);
        for (int run = 0; run < 2000; run++)
        {
            bool begun = here.TryBegin(out BlockAuthentication? one);
            Assert.Equal(begun, there.TryBegin(out BlockAuthentication? other));
            if (!begun)
                break;
            one!.FromReference.Record([1, 2, 3]);
            other!.FromReference.Record([1, 2, 3]);
            Assert.True(other.FromReference.Confirms(one.FromReference.CreateTag()));
            Assert.True(one.FromCorrected.Confirms(other.FromCorrected.CreateTag()));
            if (random.NextInt32(3) == 0)
            {
                Assert.Equal(here.Abandon(one), there.Abandon(other));
            }
            else
            {
                int bits = 1 + random.NextInt32(3000);
                ulong[] key = NoisyKey.Draw(bits, 0, random).Reference;
                byte[] first = new byte[bits / 8], second = new byte[bits / 8];
                Assert.Equal(here.Settle(one, key, bits, first), there.Settle(other, key, bits, second));
                Assert.Equal(first, second);
            }

            Assert.True(here.IsBalanced);
            Assert.InRange(here.ReserveBits, 0, here.InitialBits);
        }

        Assert.True(here.AcceptedBlocks > 100);
    }

    [Theory]
    [InlineData(511, false)]
    [InlineData(512, true)]
    [InlineData(519, true)]
    [InlineData(0, false)]
    public void A_block_that_gains_less_than_nothing_is_refused(int bits, bool accepted)
    {
        using RandomStream random = RandomStream.FromSeed("gain"u8, "ledger");
        using KeyLedger ledger = KeyLedger.Open(Bytes(random, 128));
        Assert.True(ledger.TryBegin(out BlockAuthentication? block));
        ulong[] key = bits == 0 ? [] : NoisyKey.Draw(bits, 0, random).Reference;
        byte[] delivered = new byte[bits / 8];
        BlockSettlement settlement = ledger.Settle(block!, key, bits, delivered);
        Assert.Equal(accepted, settlement.Accepted);
        Assert.Equal(accepted, settlement.NetGain >= 0);
        Assert.Equal(accepted, KeyLedger.NetGain(bits) >= 0);
        Assert.Equal(0, settlement.Delivered);
        Assert.All(delivered, value => Assert.Equal(0, value));
        Assert.Equal(accepted ? 1024 : 512, ledger.ReserveBits);
        Assert.True(ledger.IsBalanced);
    }

    [Fact]
    public void What_is_delivered_is_the_key_after_the_part_that_fills_the_reserve()
    {
        using RandomStream random = RandomStream.FromSeed("delivered"u8, "ledger");
        using KeyLedger ledger = KeyLedger.Open(Bytes(random, 64));
        Assert.True(ledger.TryBegin(out BlockAuthentication? block));
        ulong[] key = NoisyKey.Draw(1600, 0, random).Reference;
        byte[] delivered = new byte[200], bytes = [.. key.SelectMany(BitConverter.GetBytes)];
        BlockSettlement settlement = ledger.Settle(block!, key, 1600, delivered);
        Assert.Equal(new BlockSettlement(true, 512, 1600, 512, 1088), settlement);
        Assert.Equal(bytes[64..200], delivered[..136]);
    }

    [Fact]
    public void An_exhausted_reserve_begins_no_block()
    {
        using KeyLedger ledger = KeyLedger.Open(new byte[130]);
        for (int i = 0; i < 2; i++)
        {
            Assert.True(ledger.TryBegin(out BlockAuthentication? block));
            Assert.Equal(-512, ledger.Abandon(block!).NetGain);
        }

        Assert.False(ledger.TryBegin(out _));
        Assert.Equal(16, ledger.ReserveBits);
        Assert.Equal(1024, ledger.ConsumedBits);
    }

    [Fact]
    public void Key_bytes_are_used_once()
    {
        using RandomStream random = RandomStream.FromSeed("once"u8, "ledger");
        using KeyLedger ledger = KeyLedger.Open(Bytes(random, 640));
        HashSet<string> tags = [];
        while (ledger.TryBegin(out BlockAuthentication? block))
        {
            tags.Add(Convert.ToHexString(block!.FromReference.CreateTag()));
            tags.Add(Convert.ToHexString(block.FromCorrected.CreateTag()));
            ledger.Abandon(block);
        }

        Assert.Equal(20, tags.Count);
    }

    [Fact]
    public void Blocks_are_ended_once_and_in_order()
    {
        using KeyLedger ledger = KeyLedger.Open(new byte[200]);
        Assert.True(ledger.TryBegin(out BlockAuthentication? block));
        Assert.Throws<InvalidOperationException>(() => ledger.TryBegin(out _));
        ledger.Abandon(block!);
        Assert.Throws<InvalidOperationException>(() => ledger.Abandon(block!));
        Assert.Throws<InvalidOperationException>(() => block!.FromReference.Record([1]));
        Assert.Throws<ArgumentException>(() => KeyLedger.Open(new byte[63]));
    }

    private static byte[] Bytes(RandomStream random, int count)
    {
        byte[] bytes = new byte[count];
        random.Fill(bytes);
        return bytes;
    }
}
