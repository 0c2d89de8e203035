namespace QuantumFed.Protocol.Tests;

public sealed class IdTests
{
    [Fact]
    public void A_digest_is_sha256_of_its_bytes() =>
        // FIPS 180-4, the example of one block.
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Digest.Of("abc"u8).ToString());

    [Fact]
    public void Digests_parse_what_they_print_with_and_without_0x()
    {
        Digest digest = Digest.Of("abc"u8);
        Assert.Equal(digest, Digest.Parse(digest.ToString()));
        Assert.Equal(digest, Digest.Parse("0x" + digest));
        Assert.Equal(digest, Digest.Parse(digest.ToString().ToUpperInvariant()));
        Assert.Equal(digest, new Digest(digest.ToArray()));
        Assert.Equal(digest, FederationId.Parse(digest.ToString()).Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015adf")]
    [InlineData("ga7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData(" a7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("0x0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("０a7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    public void What_is_no_digest_is_refused(string? text)
    {
        Assert.False(Digest.TryParse(text, out _));
        Assert.False(FederationId.TryParse(text, out _));
        if (text is not null)
        {
            Assert.Throws<FormatException>(() => Digest.Parse(text));
            Assert.Throws<FormatException>(() => FederationId.Parse(text));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void A_digest_has_32_bytes(int length)
    {
        Assert.Throws<ArgumentException>(() => new Digest(new byte[length]));
        if (length < 32)
            Assert.Throws<ArgumentException>(() => default(Digest).CopyTo(new byte[length]));
    }

    [Fact]
    public void Digests_and_addresses_order_as_byte_strings()
    {
        var random = new Random(7);
        for (int run = 0; run < 2000; run++)
        {
            byte[] a = new byte[32], b = new byte[32];
            random.NextBytes(a);
            a.CopyTo(b, 0);
            b[random.Next(32)] = (byte)random.Next(256);
            int expected = Math.Sign(a.AsSpan().SequenceCompareTo(b));
            (Digest x, Digest y) = (new Digest(a), new Digest(b));
            Assert.Equal(expected, Math.Sign(x.CompareTo(y)));
            Assert.Equal([expected < 0, expected > 0, expected <= 0, expected >= 0], new[] { x < y, x > y, x <= y, x >= y });
            Assert.Equal(expected == 0, x == y);
            expected = Math.Sign(a.AsSpan(0, 20).SequenceCompareTo(b.AsSpan(0, 20)));
            (EthereumAddress p, EthereumAddress q) = (new EthereumAddress(a.AsSpan(0, 20)), new EthereumAddress(b.AsSpan(0, 20)));
            Assert.Equal(expected, Math.Sign(p.CompareTo(q)));
            Assert.Equal([expected < 0, expected > 0, expected <= 0, expected >= 0], new[] { p < q, p > q, p <= q, p >= q });
        }
    }

    [Fact]
    public void Only_all_zero_is_zero()
    {
        Assert.True(default(Digest).IsZero);
        Assert.True(default(EthereumAddress).IsZero);
        for (int i = 0; i < 32; i++)
        {
            byte[] bytes = new byte[32];
            bytes[i] = 1;
            Assert.False(new Digest(bytes).IsZero);
            if (i < 20)
                Assert.False(new EthereumAddress(bytes.AsSpan(0, 20)).IsZero);
        }
    }

    [Fact]
    public void Addresses_parse_what_they_print_in_any_case()
    {
        const string Checksummed = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
        EthereumAddress address = EthereumAddress.Parse(Checksummed);
        Assert.Equal(Checksummed.ToLowerInvariant(), address.ToString());
        Assert.Equal(address, new EthereumAddress(address.ToArray()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("5aaeb6053f3e94c9b9a09f33669435e7ef1beaed")]
    [InlineData("0X5aaeb6053f3e94c9b9a09f33669435e7ef1beaed")]
    [InlineData("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae")]
    [InlineData("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaeda")]
    [InlineData("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaeg")]
    public void What_is_no_address_is_refused(string? text)
    {
        Assert.False(EthereumAddress.TryParse(text, out _));
        if (text is not null)
            Assert.Throws<FormatException>(() => EthereumAddress.Parse(text));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("0")]
    [InlineData("north")]
    [InlineData("st-mary-2")]
    [InlineData("abcdefghijklmnopqrstuvwxyz012345")]
    public void Names_are_read_as_they_are(string text) => Assert.Equal(text, MemberId.Parse(text).ToString());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("-")]
    [InlineData("North")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("a.b")]
    [InlineData("a\0")]
    [InlineData("é")]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123456")]
    public void Nothing_but_a_name_that_a_folder_may_bear_is_let_in(string? text)
    {
        Assert.False(MemberId.TryParse(text, out _));
        if (text is not null)
            Assert.Throws<FormatException>(() => MemberId.Parse(text));
    }

    [Fact]
    public void Names_order_by_their_bytes()
    {
        MemberId[] ordered = [.. new[] { "a", "a-a", "a0", "aa", "b", "0", "9" }.Select(MemberId.Parse).Order()];
        Assert.Equal(["0", "9", "a", "a-a", "a0", "aa", "b"], ordered.Select(id => id.Name));
        Assert.True(ordered[0] < ordered[1] && ordered[1] > ordered[0] && ordered[1] >= ordered[0] && ordered[0] <= ordered[1]);
    }

    [Fact]
    public void An_uninitialised_name_cannot_be_used() => Assert.Throws<InvalidOperationException>(() => default(MemberId).Name);

    [Fact]
    public void Rounds_count_without_gaps_and_never_wrap()
    {
        Assert.Equal(new RoundId(8), new RoundId(7).Next);
        Assert.True(new RoundId(7) < new RoundId(8) && new RoundId(8) > new RoundId(7));
        Assert.True(new RoundId(7) <= new RoundId(7) && new RoundId(7) >= new RoundId(7));
        Assert.Throws<OverflowException>(() => new RoundId(ulong.MaxValue).Next);
        Assert.Equal("18446744073709551615", new RoundId(ulong.MaxValue).ToString());
    }
}
