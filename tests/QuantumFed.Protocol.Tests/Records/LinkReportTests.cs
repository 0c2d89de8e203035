using System.Text;

namespace QuantumFed.Protocol.Tests;

public sealed class LinkReportTests
{
    private const int PresenceOffset = Digest.SizeInBytes + 2;

    public static TheoryData<string> Unprintable =>
        ["a\nb", "a\0", "\u001b[2J", "\u007f", "\u0085", "right to left \u202e", "zero width \u200b", "line \u2028", "paragraph \u2029", "\ufeff"];

    [Theory]
    [InlineData(LinkOutcome.Withheld, LinkFailure.NoneAvailable, null, "")]
    [InlineData(LinkOutcome.Withheld, LinkFailure.Unreachable, 0u, "connection refused")]
    [InlineData(LinkOutcome.Downgraded, LinkFailure.UnknownKey, uint.MaxValue, "one or more keys specified are not found on KME")]
    [InlineData(LinkOutcome.Downgraded, LinkFailure.NotGranted, 1u, "\u00e9t\u00e9 \U0001f511")]
    [InlineData(LinkOutcome.Downgraded, LinkFailure.Refused, null, "~ <b>&amp;</b>")]
    public void Its_fields_come_back(LinkOutcome outcome, LinkFailure failure, uint? stored, string detail)
    {
        var report = new LinkReport(Sample.Of("plan"), outcome, failure, stored, detail);
        Assert.Equal(report, Read(Sample.Bytes(report)));
    }

    [Fact]
    public void No_stored_keys_and_a_count_of_none_are_different_reports() =>
        Assert.NotEqual(Sample.Bytes(Sample.LinkReport with { StoredKeys = null }), Sample.Bytes(Sample.LinkReport with { StoredKeys = 0 }));

    [Fact]
    public void A_presence_byte_is_zero_or_one()
    {
        byte[] bytes = Sample.Bytes(Sample.LinkReport);
        Assert.Equal(1, bytes[PresenceOffset]);
        for (int value = 2; value < 256; value++)
        {
            bytes[PresenceOffset] = (byte)value;
            Assert.Null(Read(bytes));
            // Read as absent, the rest would have to begin here.
            Assert.Null(Read([.. bytes[..(PresenceOffset + 1)], .. bytes[(PresenceOffset + 5)..]]));
        }
    }

    [Fact]
    public void A_detail_has_at_most_200_bytes_however_few_characters_they_are()
    {
        Assert.NotNull(Read(Sample.Bytes(Sample.LinkReport with { Detail = new string('a', 200) })));
        Assert.Null(Read(Sample.Bytes(Sample.LinkReport with { Detail = new string('a', 201) })));
        Assert.NotNull(Read(Sample.Bytes(Sample.LinkReport with { Detail = new string('\u00e9', 100) })));
        Assert.Null(Read(Sample.Bytes(Sample.LinkReport with { Detail = new string('\u00e9', 101) })));
    }

    [Theory, MemberData(nameof(Unprintable))]
    public void A_detail_that_is_not_printable_is_refused_and_made_printable_by_its_writer(string detail)
    {
        Assert.Null(Read(Sample.Bytes(Sample.LinkReport with { Detail = detail })));
        LinkReport report = Sample.LinkReport with { Detail = LinkReport.PrintableDetail(detail) };
        Assert.Equal(report, Read(Sample.Bytes(report)));
        Assert.Contains('?', report.Detail);
    }

    [Fact]
    public void Whatever_a_key_manager_says_makes_a_detail_that_can_be_read()
    {
        var random = new Random(13);
        for (int run = 0; run < 2000; run++)
        {
            char[] said = new char[random.Next(300)];
            for (int i = 0; i < said.Length; i++)
                said[i] = (char)random.Next(random.Next(2) == 0 ? 0x100 : 0x10000);
            LinkReport report = Sample.LinkReport with { Detail = LinkReport.PrintableDetail(new string(said)) };
            Assert.Equal(report, Read(Sample.Bytes(report)));
        }
    }

    [Fact]
    public void A_text_too_long_is_cut_between_characters()
    {
        Assert.Equal(new string('a', 200), LinkReport.PrintableDetail(new string('a', 500)));
        string cut = LinkReport.PrintableDetail("a" + string.Concat(Enumerable.Repeat("\U0001f511", 100)));
        Assert.Equal(1 + (49 * 4), Encoding.UTF8.GetByteCount(cut));
        Assert.Equal("unchanged", LinkReport.PrintableDetail("unchanged"));
    }

    private static LinkReport? Read(byte[] bytes) =>
        Sample.Unsigned(RecordKind.LinkReport, bytes).TryReadUnverified(out LinkReport? report) ? report : null;
}
