namespace QuantumFed.Protocol.Tests;

public sealed class CanonicalBytesTests
{
    private static readonly Digest Some = Digest.Of("some"u8);

    [Fact]
    public void What_is_written_is_read_back_and_nothing_is_left()
    {
        byte[] data = new CanonicalWriter().Byte(7).UInt16(0xfffe).UInt32(0xfffffffd).UInt64(ulong.MaxValue - 3).Digest(Some)
            .Bytes([1, 2, 3]).Bytes([]).Text("Łódź €").Text("").Member(MemberId.Parse("north")).ToArray();
        var reader = new CanonicalReader(data);
        Assert.Equal(7, reader.Byte());
        Assert.Equal(0xfffe, reader.UInt16());
        Assert.Equal(0xfffffffd, reader.UInt32());
        Assert.Equal(ulong.MaxValue - 3, reader.UInt64());
        Assert.Equal(Some, reader.Digest());
        Assert.Equal([1, 2, 3], reader.Bytes());
        Assert.Empty(reader.Bytes());
        Assert.Equal("Łódź €", reader.Text());
        Assert.Equal("", reader.Text());
        Assert.Equal("north", reader.Member().Name);
        Assert.True(reader.Complete);
        Assert.False(reader.Failed);
    }

    [Fact]
    public void Integers_are_big_endian_and_lengths_take_four_bytes() =>
        Assert.Equal(
            "01" + "0203" + "04050607" + "08090a0b0c0d0e0f" + "00000002" + "aabb" + "00000001" + "61",
            Convert.ToHexStringLower(new CanonicalWriter()
                .Byte(1).UInt16(0x0203).UInt32(0x04050607).UInt64(0x08090a0b0c0d0e0f).Bytes([0xaa, 0xbb]).Text("a").ToArray()));

    [Fact]
    public void A_list_is_its_count_and_its_items() =>
        Assert.Equal(
            "00000002" + "0007" + "0008",
            Convert.ToHexStringLower(new CanonicalWriter().List([7, 8], (w, item) => w.UInt16((ushort)item)).ToArray()));

    [Fact]
    public void Trailing_bytes_are_not_complete()
    {
        var reader = new CanonicalReader([1, 2]);
        Assert.Equal(1, reader.Byte());
        Assert.False(reader.Complete);
    }

    [Fact]
    public void After_the_first_failure_everything_is_empty()
    {
        var reader = new CanonicalReader([0, 0, 0, 9, 1, 2, 3, 4, 5, 6, 7, 8]);
        Assert.Empty(reader.Bytes());
        Assert.True(reader.Failed);
        Assert.Equal(0, reader.Byte());
        Assert.Equal(0, reader.UInt16());
        Assert.Equal(0u, reader.UInt32());
        Assert.Equal(0ul, reader.UInt64());
        Assert.True(reader.Digest().IsZero);
        Assert.Equal("", reader.Text());
        Assert.Equal(0, reader.Count(1));
        Assert.False(reader.Complete);
    }

    [Theory]
    [InlineData("ff", "a lone continuation")]
    [InlineData("c080", "an overlong zero")]
    [InlineData("eda080", "a surrogate")]
    [InlineData("f4908080", "above U+10FFFF")]
    [InlineData("e282", "cut short")]
    public void Text_that_is_not_utf8_is_refused(string hex, string what)
    {
        var reader = new CanonicalReader(new CanonicalWriter().Bytes(Convert.FromHexString(hex)).ToArray());
        Assert.True(reader.Text() == "" && reader.Failed, what);
    }

    [Fact]
    public void A_text_without_an_encoding_is_not_written() =>
        Assert.ThrowsAny<ArgumentException>(() => new CanonicalWriter().Text("lone \ud800 surrogate"));

    [Fact]
    public void A_name_that_is_none_is_refused()
    {
        var reader = new CanonicalReader(new CanonicalWriter().Text("North").ToArray());
        _ = reader.Member();
        Assert.True(reader.Failed);
    }

    [Theory]
    [InlineData(2u, 4, 2)]
    [InlineData(3u, 4, 0)]
    [InlineData(8u, 1, 8)]
    [InlineData(9u, 1, 0)]
    [InlineData(9u, 0, 0)]
    [InlineData(uint.MaxValue, 36, 0)]
    public void A_count_beyond_what_the_input_can_hold_is_refused(uint count, int itemSize, int expected)
    {
        var reader = new CanonicalReader([.. new CanonicalWriter().UInt32(count).ToArray(), 1, 2, 3, 4, 5, 6, 7, 8]);
        Assert.Equal(expected, reader.Count(itemSize));
        Assert.Equal(expected == 0, reader.Failed);
    }

    [Fact]
    public void A_length_of_four_gigabytes_allocates_nothing()
    {
        byte[] data = new CanonicalWriter().UInt32(uint.MaxValue).ToArray();
        // What is left of the thread's buffer when somebody else's collection comes between is counted too: such a run is measured again.
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 20 && least > 100; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            var reader = new CanonicalReader(data);
            _ = reader.Bytes();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.True(reader.Failed);
        }
        Assert.InRange(least, 0, 100);
    }

    [Fact]
    public void Reading_anything_from_anything_never_throws()
    {
        var random = new Random(20241);
        for (int run = 0; run < 20_000; run++)
        {
            byte[] data = new byte[random.Next(0, 80)];
            random.NextBytes(data);
            if (data.Length > 3 && random.Next(2) == 0)
                data.AsSpan(0, 3).Clear();
            var reader = new CanonicalReader(data);
            for (int step = 0; step < 8; step++)
            {
                switch (random.Next(9))
                {
                    case 0: reader.Byte(); break;
                    case 1: reader.UInt16(); break;
                    case 2: reader.UInt32(); break;
                    case 3: reader.UInt64(); break;
                    case 4: reader.Digest(); break;
                    case 5: Assert.InRange(reader.Bytes().Length, 0, data.Length); break;
                    case 6: Assert.InRange(reader.Text().Length, 0, data.Length); break;
                    case 7: reader.Member(); break;
                    default: Assert.InRange(reader.Count(1), 0, data.Length); break;
                }
            }
            Assert.False(reader.Failed && reader.Complete);
        }
    }
}
