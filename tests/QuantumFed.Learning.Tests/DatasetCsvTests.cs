namespace QuantumFed.Learning.Tests;

public sealed class DatasetCsvTests
{
    [Fact]
    public void Reading_what_was_written_gives_the_same_bits()
    {
        double[] values = [0.1, -0.0, double.Epsilon, double.MaxValue, 1e-300, 1.0 / 3, 12345678.9, -2];
        Dataset dataset = Dataset.Create(["alter in jahren", "größe"], values, [0, 1, 1, 0]);
        StringWriter text = new();
        DatasetCsv.Write(dataset, text);

        Assert.True(DatasetCsv.TryRead(new StringReader(text.ToString()), out Dataset? read, out _));
        Assert.Equal(dataset.FeatureNames, read.FeatureNames);
        Assert.Equal(dataset.Labels.ToArray(), read.Labels.ToArray());
        Assert.Equal(values.Select(BitConverter.DoubleToInt64Bits), read.Values.ToArray().Select(BitConverter.DoubleToInt64Bits));
    }

    [Fact]
    public void The_format_is_golden()
    {
        StringWriter text = new();
        DatasetCsv.Write(Dataset.Create(["age", "dose"], [63, 0.5, -1e-7, 1e20], [1, 0]), text);
        Assert.Equal("age,dose,label\n63,0.5,1\n-1E-07,1E+20,0\n", text.ToString());
    }

    [Theory]
    [InlineData("", 1, "empty")]
    [InlineData("\n", 1, "last column")]
    [InlineData("label\n", 1, "1 to 1024")]
    [InlineData("a,b\n1,0\n", 1, "last column")]
    [InlineData("a,a,label\n", 1, "same name")]
    [InlineData("a,,label\n", 1, "column 2")]
    [InlineData("a,label\n1,0\n1,32\n", 3, "0 or 1")]
    [InlineData("a,label\n1,0\nx,1\n", 3, "'a'")]
    [InlineData("a,label\n1,0\n1e999,1\n", 3, "'a'")]
    [InlineData("a,label\nNaN,1\n", 2, "'a'")]
    [InlineData("a,label\n\"1\",1\n", 2, "'a'")]
    [InlineData("a,b,label\n1,2,0\n\n1,2,0\n", 3, "'a'")]
    [InlineData("a,b,label\n1,2,0\n1,2\n", 3, "2 fields")]
    [InlineData("a,b,label\n1,2,0,4\n", 2, "4 fields")]
    public void Damage_is_named_with_its_line(string text, int line, string reason)
    {
        Assert.False(DatasetCsv.TryRead(new StringReader(text), out Dataset? dataset, out DatasetFault fault));
        Assert.Null(dataset);
        Assert.Equal(line, fault.Line);
        Assert.Contains(reason, fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_mutation_of_a_file_is_read_or_refused_but_never_throws()
    {
        StringWriter text = new();
        DatasetCsv.Write(TestData.Random(5, 3, seed: 2), text);
        Random random = new(3);
        const string alphabet = "0123456789.,-+eE\n\r\"x\0 ?label";
        int refused = 0;
        for (int run = 0; run < 3000; run++)
        {
            char[] mutated = text.ToString().ToCharArray();
            for (int i = random.Next(1, 4); i > 0; i--) mutated[random.Next(mutated.Length)] = alphabet[random.Next(alphabet.Length)];
            int length = random.Next(3) == 0 ? random.Next(mutated.Length) : mutated.Length;
            if (!DatasetCsv.TryRead(new StringReader(new string(mutated, 0, length)), out _, out DatasetFault fault))
            {
                refused++;
                Assert.True(fault.Line >= 1 && fault.Reason.Length > 0);
            }
        }

        Assert.True(refused > 300, $"only {refused} of 3000 were refused");
    }

    [Fact]
    public void Files_round_trip_and_their_faults_name_them()
    {
        string path = Path.Combine(Path.GetTempPath(), $"qf-{Guid.NewGuid():n}.csv");
        try
        {
            Dataset dataset = TestData.Random(4, 2, seed: 5);
            DatasetCsv.WriteFile(path, dataset);
            Assert.Equal(dataset.Values.ToArray(), DatasetCsv.ReadFile(path).Values.ToArray());

            File.WriteAllText(path, "a,label\r\n1,0\r\nbad,1\r\n");
            DatasetFormatException damaged = Assert.Throws<DatasetFormatException>(() => DatasetCsv.ReadFile(path));
            Assert.Equal((path, 3), (damaged.File, damaged.Fault.Line));
            Assert.StartsWith($"{path}, line 3: ", damaged.Message, StringComparison.Ordinal);

            File.WriteAllBytes(path, [.. "a,label\n"u8, 0xFF, 0xFE, .. ",1\n"u8]);
            Assert.Throws<DatasetFormatException>(() => DatasetCsv.ReadFile(path));
        }
        finally
        {
            File.Delete(path);
        }

        DatasetUnavailableException missing = Assert.Throws<DatasetUnavailableException>(() => DatasetCsv.ReadFile(path));
        Assert.Equal(path, missing.File);
    }
}
