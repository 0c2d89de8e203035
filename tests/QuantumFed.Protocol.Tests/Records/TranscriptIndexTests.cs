namespace QuantumFed.Protocol.Tests;

public sealed class TranscriptIndexTests
{
    [Fact]
    public void Its_bytes_and_root_do_not_change()
    {
        Assert.Equal("014e1a1909a619efeb2ad9687ede17df2c97749ed767b98ad67c044b856a23c0", Digest.Of(Sample.Transcript.ToArray()).ToString());
        Assert.Equal("81acb5620e7825152e0d9c8245dc651aca57a6f052a72e4c1c43a80f70960b70", Sample.Transcript.Root.ToString());
    }

    [Fact]
    public void It_is_read_back_from_its_bytes()
    {
        Assert.True(TranscriptIndex.TryParse(Sample.Transcript.ToArray(), out TranscriptIndex? index));
        Assert.Equal(Sample.Transcript.Entries, index.Entries);
        Assert.True(TranscriptIndex.TryParse(new TranscriptIndex([]).ToArray(), out index));
        Assert.Empty(index.Entries);
    }

    [Fact]
    public void A_label_that_comes_twice_is_refused()
    {
        TranscriptEntry entry = Sample.Transcript.Entries[0];
        Assert.False(TranscriptIndex.TryParse(new TranscriptIndex([entry, entry]).ToArray(), out _));
    }

    [Fact]
    public void The_root_binds_labels_digests_and_order()
    {
        IReadOnlyList<TranscriptEntry> entries = Sample.Transcript.Entries;
        TranscriptIndex[] indices =
        [
            Sample.Transcript, new([.. entries.Reverse()]), new([entries[0]]),
            new([entries[0] with { Label = "outcome" }, entries[1]]), new([entries[0] with { Digest = default }, entries[1]]),
        ];
        Assert.Equal(indices.Length, indices.Select(index => index.Root).Distinct().Count());
    }

    [Fact]
    public void Whatever_bytes_are_read_as_an_index_are_its_only_encoding()
    {
        var random = new Random(99);
        byte[] sample = Sample.Transcript.ToArray();
        for (int length = 0; length < sample.Length; length++)
            Assert.False(TranscriptIndex.TryParse(sample.AsSpan(0, length), out _));
        Assert.False(TranscriptIndex.TryParse([.. sample, 0], out _));
        for (int run = 0; run < 5000; run++)
        {
            byte[] bytes = (byte[])sample.Clone();
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (TranscriptIndex.TryParse(bytes, out TranscriptIndex? index))
                Assert.Equal(bytes, index.ToArray());
        }
    }
}
