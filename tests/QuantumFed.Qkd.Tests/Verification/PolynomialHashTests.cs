using System.Buffers.Binary;
using QuantumFed.Randomness;

namespace QuantumFed.Qkd.Tests;

[Trait("Runs", "OnEveryPath")]
public sealed class PolynomialHashTests
{
    [Fact]
    public void Hash_is_its_definition_at_every_length()
    {
        using RandomStream random = RandomStream.FromSeed("hash"u8, "hash");
        byte[] key = new byte[16];
        for (int length = 0; length <= 130; length++)
        {
            random.Fill(key);
            byte[] message = new byte[length], hash = new byte[16];
            random.Fill(message);
            PolynomialHash.Hash(key, message, hash);
            Assert.Equal(Definition(key, message), BinaryPrimitives.ReadUInt128LittleEndian(hash));
        }
    }

    [Fact]
    public void Hash_does_not_depend_on_how_the_message_is_cut()
    {
        using RandomStream random = RandomStream.FromSeed("cuts"u8, "hash");
        byte[] key = new byte[16], message = new byte[500], whole = new byte[16], parts = new byte[16];
        random.Fill(key);
        random.Fill(message);
        PolynomialHash.Hash(key, message, whole);
        for (int run = 0; run < 100; run++)
        {
            using var hash = new PolynomialHash(key);
            for (int at = 0; at < message.Length;)
            {
                int next = Math.Min(message.Length, at + random.NextInt32(40));
                hash.Append(message.AsSpan(at..next));
                at = next;
            }

            hash.Finish(parts);
            Assert.Equal(whole, parts);
        }
    }

    [Fact]
    public void Messages_that_differ_by_zeros_at_the_end_have_different_hashes()
    {
        byte[] key = [.. Enumerable.Range(1, 16).Select(i => (byte)i)], one = new byte[16], other = new byte[16];
        PolynomialHash.Hash(key, new byte[5], one);
        PolynomialHash.Hash(key, new byte[6], other);
        Assert.NotEqual(one, other);
    }

    [Fact]
    public void A_finished_hash_takes_nothing_more()
    {
        using var hash = new PolynomialHash(new byte[16]);
        hash.Finish(new byte[16]);
        Assert.Throws<ObjectDisposedException>(() => hash.Append([1]));
    }

    private static UInt128 Definition(byte[] key, byte[] message)
    {
        UInt128 k = BinaryPrimitives.ReadUInt128LittleEndian(key), power = k, sum = BinaryField128Tests.Slow((UInt128)message.Length, k);
        byte[] padded = new byte[(message.Length + 15) / 16 * 16];
        message.CopyTo(padded, 0);
        for (int at = padded.Length - 16; at >= 0; at -= 16)
        {
            power = BinaryField128Tests.Slow(power, k);
            sum ^= BinaryField128Tests.Slow(BinaryPrimitives.ReadUInt128LittleEndian(padded.AsSpan(at)), power);
        }

        return sum;
    }
}
