using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using QuantumFed.Learning;
using QuantumFed.Randomness;

namespace QuantumFed.Tables.Tests;

public sealed class RefusalTests
{
    [Fact]
    public void A_table_that_cannot_be_used_is_refused_with_the_reason()
    {
        using TableFile file = new(TableFile.Patients());
        Assert.StartsWith("there is no column 'age2' for the label; the first line names: age, sex, ward", file.Refusal(o => o with { LabelColumn = "age2" }), StringComparison.Ordinal);
        Assert.StartsWith("there is no column 'x' to drop", file.Refusal(o => o with { DroppedColumns = ["x"] }), StringComparison.Ordinal);
        Assert.Equal("the label column 'age' has more than 32 different values; it looks like a measurement; make a column of two classes of it, or name one value by --positive.",
            file.Refusal(o => o with { LabelColumn = "age" }));
        Assert.Equal("no row has 'maybe' in the label column 'outcome'; it holds 'no', 'yes'.", file.Refusal(o => o with { PositiveValue = "maybe" }));
        Assert.Equal("2 sites have at least 20 usable rows; a federation needs 3.", file.Refusal(o => o with { SiteColumn = "sex" }));
        Assert.Equal("a table is dealt to 3 to 16 members, not to 2.", file.Refusal(o => o with { Members = 2 }));
        Assert.Equal("240 usable rows are too few for 16 hospitals; each needs 20.", file.Refusal(o => o with { Members = 16 }));
        Assert.Equal("the column 'outcome' cannot be both the label and left out.", file.Refusal(o => o with { DroppedColumns = ["sex", "outcome"] }));
        Assert.Equal("the column 'outcome' cannot be both the label and the site.", file.Refusal(o => o with { SiteColumn = "outcome" }));
    }

    [Theory]
    [InlineData("hospital", "hospital", "the hospital 'st-a' has ")]
    [InlineData(null, "hospital", "the hospital 'site-")]
    public void Groups_that_leave_a_hospital_without_rows_are_refused(string? site, string group, string start)
    {
        using TableFile file = new(TableFile.Patients());
        string reason = file.Refusal(options => options with { SiteColumn = site, GroupColumn = group });
        Assert.StartsWith(start, reason, StringComparison.Ordinal);
        Assert.EndsWith(" because rows with the same 'hospital' stay together; group by a column with more values.", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hospital_never_gets_another_partys_name()
    {
        string text = TableFile.Patients().Replace("St. A", "Coordinator", StringComparison.Ordinal).Replace("St. B", "ledger", StringComparison.Ordinal);
        using TableFile file = new(text);
        PreparedTable table = TableSource.Prepare(file.Options() with { SiteColumn = "hospital" });
        Assert.Equal(["coordinator-2", "ledger-2", "st-c", "st-d"], table.Cohorts.Select(cohort => cohort.Name));
    }

    [Fact]
    public async Task A_pipe_is_refused_at_once_though_nobody_writes_to_it()
    {
        using TableFile file = new("");
        File.Delete(file.Path);
        using Process made = Process.Start("mkfifo", [file.Path]);
        await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        // On a thread of its own: without the refusal it would wait for ever.
        Task refusal = Task.Run(() => Assert.Throws<DatasetUnavailableException>(() => file.Prepare()), TestContext.Current.CancellationToken);
        await refusal.WaitAsync(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("", "it is empty; the first line must name the columns.")]
    [InlineData("\n\n\n", "it is empty; the first line must name the columns.")]
    [InlineData("outcome\n1\n0\n", "the first line names one column only; columns are separated by a comma, a semicolon, a tab or '|'.")]
    [InlineData("a,outcome\n", "there is no row below the first line.")]
    [InlineData("a,outcome\n1\n2\n", "no row has the 2 fields that the first line names.")]
    [InlineData("a,outcome\n1,\n2,NA\n", "the label column 'outcome' has no value in any row.")]
    [InlineData("a,outcome\n1,x\n2,x\n", "every label in 'outcome' is 'x'; there is nothing to learn.")]
    public void A_text_that_is_no_table_is_refused(string text, string reason)
    {
        using TableFile file = new(text);
        Assert.Equal(reason, file.Refusal());
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused_with_their_line()
    {
        byte[] text = Encoding.UTF8.GetBytes(TableFile.Patients());
        int third = text.AsSpan(text.AsSpan().IndexOf((byte)'\n') + 1).IndexOf((byte)'\n') + text.AsSpan().IndexOf((byte)'\n') + 5;
        foreach ((byte value, string reason) in ((byte, string)[])[(0, "NUL byte"), (0xE9, "not UTF-8")])
        {
            byte[] damaged = [.. text];
            damaged[third] = value;
            using TableFile file = new(damaged);
            TableException e = Assert.Throws<TableException>(() => file.Prepare());
            Assert.Equal(3, e.Line);
            Assert.Contains(reason, e.Reason, StringComparison.Ordinal);
        }

        using TableFile wide = new(Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(TableFile.Patients())).ToArray());
        Assert.Contains("UTF-16", wide.Refusal(), StringComparison.Ordinal);
        using TableFile zip = new([(byte)'P', (byte)'K', 3, 4, 0, 0]);
        Assert.Contains("spreadsheet", zip.Refusal(), StringComparison.Ordinal);
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(text);
        using TableFile compressed = new(packed.ToArray());
        Assert.Contains("gzip", compressed.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Characters_across_block_borders_are_text()
    {
        // "ä" is two bytes: with an odd offset one of them straddles the check's block of 2^20 bytes.
        foreach (int shift in (int[])[0, 1])
            Assert.Null(TextFileCheck.Find(new MemoryStream(Encoding.UTF8.GetBytes(new string('x', shift) + new string('ä', 1_200_000)))));
        Assert.NotNull(TextFileCheck.Find(new MemoryStream([.. Enumerable.Repeat((byte)'x', (1 << 20) - 1), 0xC3])));
        Assert.NotNull(TextFileCheck.Find(new MemoryStream([.. Enumerable.Repeat((byte)0x80, 3 << 20)])));
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_unavailable()
    {
        using TableFile file = new("a,b\n");
        foreach (string path in (string[])[file.Path + ".not", Path.GetDirectoryName(file.Path)!, "/dev/stdin/x"])
            Assert.Throws<DatasetUnavailableException>(() => TableSource.Prepare(file.Options() with { Path = path }));
    }

    [Fact]
    public void Random_and_damaged_bytes_give_a_table_or_a_refusal_and_nothing_else()
    {
        const int seed = 20261121;
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"seed {seed}"));
        using RandomStream random = RandomStream.FromSeed(BitConverter.GetBytes(seed), "hostile tables");
        byte[] valid = Encoding.UTF8.GetBytes(TableFile.Patients(100));
        string alphabet = "\"\"\",;\t\n\r\n01aé?.-";
        for (int i = 0; i < 400; i++)
        {
            byte[] bytes;
            if (i % 4 == 0)
            {
                bytes = new byte[random.NextInt32(400)];
                random.Fill(bytes);
            }
            else if (i % 4 == 1)
            {
                bytes = Encoding.UTF8.GetBytes("a,b,outcome\n" + string.Concat(Enumerable.Range(0, 600).Select(_ => alphabet[random.NextInt32(alphabet.Length)])));
            }
            else
            {
                bytes = [.. valid];
                for (int k = random.NextInt32(30); k >= 0; k--) bytes[random.NextInt32(bytes.Length)] = (byte)alphabet[random.NextInt32(alphabet.Length - 4)];
            }

            using TableFile file = new(bytes);
            try
            {
                PreparedTable table = file.Prepare();
                Assert.NotEmpty(table.Cohorts);
                Assert.True(TableRecipe.TryParse(table.Recipe.ToJson(), out _, out string failure), failure);
            }
            catch (TableException e)
            {
                Assert.NotEmpty(e.Reason);
            }
        }
    }
}
