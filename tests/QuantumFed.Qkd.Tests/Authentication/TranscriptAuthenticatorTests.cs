using QuantumFed.Randomness;

namespace QuantumFed.Qkd.Tests;

public sealed class TranscriptAuthenticatorTests
{
    private static readonly byte[] s_key = Bytes("key", TranscriptAuthenticator.KeySizeInBytes);
    private static readonly byte[][] s_messages = [Bytes("a", 33), [], Bytes("b", 1000), Bytes("c", 16)];

    [Fact]
    public void A_transcript_received_as_sent_is_confirmed() => Assert.True(Accepts(s_messages));

    [Fact]
    public void Tag_is_the_transcripts_hash_under_the_pad()
    {
        byte[] transcript =
        [
            .. "QF-QKD-1"u8, .. BitConverter.GetBytes(7UL), 0, .. s_messages.SelectMany(message => (byte[])[.. BitConverter.GetBytes(message.Length), .. message]),
        ];
        byte[] expected = new byte[16];
        PolynomialHash.Hash(s_key.AsSpan(0, 16), transcript, expected);
        for (int i = 0; i < 16; i++)
            expected[i] ^= s_key[16 + i];
        using TranscriptAuthenticator sender = Recorded(s_messages, 7, LinkDirection.FromReference, s_key);
        Assert.Equal((transcript.Length + 15) / 16 + 1, sender.ForgeryBound * Math.Pow(2, 128));
        Assert.Equal(expected, sender.CreateTag());
    }

    [Fact]
    public void Every_flipped_bit_of_a_message_is_noticed()
    {
        for (int message = 0; message < s_messages.Length; message++)
        {
            for (int bit = 0; bit < 8 * s_messages[message].Length; bit += 7)
            {
                byte[][] changed = [.. s_messages.Select(m => m.ToArray())];
                changed[message][bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.False(Accepts(changed));
            }
        }
    }

    [Fact]
    public void Messages_moved_joined_dropped_or_added_are_noticed()
    {
        byte[][] m = s_messages;
        Assert.False(Accepts(m[1], m[0], m[2], m[3]));
        Assert.False(Accepts([.. m[0], .. m[2]], m[1], m[3]));
        Assert.False(Accepts(m[0], m[2], m[3]));
        Assert.False(Accepts(m[0], m[1], m[2]));
        Assert.False(Accepts(m[0], m[1], m[2], m[3], []));
        Assert.False(Accepts(m[0], m[1], m[2][..^1], [m[2][^1], .. m[3]]));
    }

    [Fact]
    public void A_tag_fits_its_own_block_direction_and_key_only()
    {
        Assert.True(Accepts(7, LinkDirection.FromReference, s_key));
        Assert.False(Accepts(8, LinkDirection.FromReference, s_key));
        Assert.False(Accepts(7, LinkDirection.FromCorrected, s_key));
        for (int at = 0; at < s_key.Length; at++)
        {
            byte[] other = [.. s_key];
            other[at] ^= 1;
            Assert.False(Accepts(7, LinkDirection.FromReference, other));
        }
    }

    [Fact]
    public void A_cut_tag_is_refused_and_a_second_attempt_impossible()
    {
        byte[] tag = Recorded(s_messages, 7, LinkDirection.FromReference, s_key).CreateTag();
        using TranscriptAuthenticator receiver = Recorded(s_messages, 7, LinkDirection.FromReference, s_key);
        Assert.False(receiver.Confirms(tag.AsSpan(0, 15)));
        Assert.Throws<InvalidOperationException>(() => receiver.Confirms(tag));
        Assert.Throws<InvalidOperationException>(() => receiver.Record([1]));
        Assert.Throws<InvalidOperationException>(() => receiver.CreateTag());
    }

    private static bool Accepts(params byte[][] received)
    {
        byte[] tag = Recorded(s_messages, 7, LinkDirection.FromReference, s_key).CreateTag();
        return Recorded(received, 7, LinkDirection.FromReference, s_key).Confirms(tag);
    }

    private static bool Accepts(ulong block, LinkDirection direction, byte[] key)
    {
        byte[] tag = Recorded(s_messages, 7, LinkDirection.FromReference, s_key).CreateTag();
        return Recorded(s_messages, block, direction, key).Confirms(tag);
    }

    private static TranscriptAuthenticator Recorded(byte[][] messages, ulong block, LinkDirection direction, byte[] key)
    {
        var authenticator = new TranscriptAuthenticator(key, block, direction);
        foreach (byte[] message in messages)
            authenticator.Record(message);
        return authenticator;
    }

    private static byte[] Bytes(string domain, int count)
    {
        using RandomStream random = RandomStream.FromSeed("transcript"u8, domain);
        byte[] bytes = new byte[count];
        random.Fill(bytes);
        return bytes;
    }
}
