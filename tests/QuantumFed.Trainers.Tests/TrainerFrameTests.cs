using System.Text;
using System.Text.RegularExpressions;

namespace QuantumFed.Trainers.Tests;

public sealed class TrainerFrameTests
{
    [Fact]
    public void A_request_has_the_bytes_that_the_documents_show()
    {
        TrainerRequest request = TrainerBench.Request(1, "/data/train.csv") with
        {
            Model = TrainerModel.Logistic(["age"]),
            Parameters = new float[] { 1, -0.5f },
            Means = [54.5],
            Scales = [9.25],
            Settings = new Dictionary<string, double> { ["learningRate"] = 0.1, ["epochs"] = 2 },
        };
        const string Header =
            """{"protocol":"quantumfed-trainer/1","type":"train","request":1,"round":3,"step":0,"seed":7,"model":{"kind":"logistic","features":["age"],"classes":2,"hidden":[],"parameters":2},"standardisation":{"means":[54.5],"scales":[9.25]},"trainingData":"/data/train.csv","settings":{"epochs":2,"learningRate":0.1}}""";
        byte[] frame = TrainerBench.Frame(request.ToHeader(1), request.Parameters);
        Assert.Equal("2f010000", Convert.ToHexStringLower(frame[..4]));
        Assert.Equal(Header, Encoding.UTF8.GetString(frame[4..^16]));
        Assert.Equal("0800000000000000" + "0000803f" + "000000bf", Convert.ToHexStringLower(frame[^16..]));
        Assert.Contains("\n" + Header + "\n", Document(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_answer_that_the_documents_show_is_one()
    {
        MatchCollection lines = Regex.Matches(Document(), "^((?:[0-9a-f]{2} )*[0-9a-f]{2})   ", RegexOptions.Multiline);
        byte[] bytes = Convert.FromHexString(string.Concat(lines.Select(line => line.Groups[1].Value)).Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(TrainerBench.Update([0.5f, -2]), bytes);
        FrameReader reader = new(new MemoryStream(bytes));
        Assert.Equal(5, TrainerReply.Parse(await reader.ReadHeaderAsync(TestContext.Current.CancellationToken), 1).Rows);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100_000)]
    public async Task A_frame_is_read_back_however_it_arrives(int bytesAtATime)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        float[] payload = [.. Enumerable.Range(0, 20_000).Select(i => i * 0.25f)];
        byte[] header = "{\"a\":1}"u8.ToArray();
        byte[] frame = TrainerBench.Frame(header, payload);
        using DrippingStream stream = new([.. frame, .. frame], bytesAtATime);
        FrameReader reader = new(stream);
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(header, await reader.ReadHeaderAsync(cancellation));
            Assert.Equal(80_000UL, await reader.ReadPayloadLengthAsync(cancellation));
            float[] read = new float[payload.Length];
            await reader.ReadPayloadAsync(read, cancellation);
            Assert.Equal(payload, read);
            reader.Watch();
        }
        Assert.True(reader.HasEnded);
    }

    [Fact]
    public async Task Every_truncation_of_a_frame_is_an_end()
    {
        byte[] frame = TrainerBench.Update([1, 2, 3]);
        for (int length = 0; length < frame.Length; length++)
        {
            using MemoryStream stream = new(frame[..length]);
            FrameReader reader = new(stream);
            FrameFaultException fault = await Assert.ThrowsAsync<FrameFaultException>(async () =>
            {
                await reader.ReadHeaderAsync(TestContext.Current.CancellationToken);
                await reader.ReadPayloadLengthAsync(TestContext.Current.CancellationToken);
                await reader.ReadPayloadAsync(new float[3], TestContext.Current.CancellationToken);
            });
            Assert.Equal(FrameFaultKind.Ended, fault.Kind);
        }
    }

    [Theory]
    [InlineData("Epoch 1/10\nloss 0.3\n", "text on its standard output: 'Epoch 1/10'")]
    [InlineData("\n\nWARNING: no GPU\n", "text on its standard output: 'WARNING: no GPU'")]
    [InlineData("ok\n\u00049", "text on its standard output: 'ok'")]
    [InlineData("\u00ff\u00fe\u0000\u0041", "something other than a frame")]
    [InlineData("\u0000\u0000\u0000\u0000", "something other than a frame")]
    public async Task What_is_not_a_frame_is_named(string latin1, string expected)
    {
        using MemoryStream stream = new(Encoding.Latin1.GetBytes(latin1));
        FrameReader reader = new(stream);
        FrameFaultException fault = await Assert.ThrowsAsync<FrameFaultException>(() => reader.ReadHeaderAsync(TestContext.Current.CancellationToken));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Models_have_as_many_parameters_as_their_layout()
    {
        Assert.Equal(4, TrainerModel.Logistic(["a", "b", "c"]).ParameterCount);
        Assert.Equal((3 * 4) + 4, TrainerModel.Softmax(["a", "b", "c"], 4).ParameterCount);
        Assert.Equal((3 * 5) + 5 + (5 * 6) + 6 + (6 * 2) + 2, TrainerModel.Mlp(["a", "b", "c"], [5, 6], 2).ParameterCount);
        Assert.Throws<ArgumentException>(() => TrainerModel.Mlp(["a"], [TrainerModel.MaxParameterCount, TrainerModel.MaxParameterCount], int.MaxValue));
        Assert.Throws<ArgumentException>(() => TrainerModel.Opaque([], 2, 0));
    }

    [Fact]
    public async Task A_request_that_breaks_its_own_rules_is_refused_before_anything_is_started()
    {
        using TrainerBench bench = new();
        await using TrainerProgram program = bench.Program(["/no/such/program"]);
        TrainerRequest good = TrainerBench.Request();
        TrainerRequest[] bad =
        [
            good with { Parameters = new float[2] },
            good with { Parameters = new float[] { 0, float.NaN, 0 } },
            good with { Seed = TrainerRequest.MaxSeed + 1 },
            good with { Round = -1 },
            good with { TrainingData = "relative.csv" },
            good with { Means = [0, 0] },
            good with { Means = [0, 0], Scales = [1, 0] },
            good with { Settings = new Dictionary<string, double> { ["epochs"] = double.PositiveInfinity } },
        ];
        foreach (TrainerRequest request in bad)
            await Assert.ThrowsAsync<ArgumentException>(() => program.TrainAsync(request, TestContext.Current.CancellationToken));
    }

    private static string Document() => File.ReadAllText(Path.Combine(TrainerBench.RepositoryRoot(), "docs/trainers.md"));

    private sealed class DrippingStream(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            base.ReadAsync(buffer, offset, Math.Min(count, most), cancellationToken);
    }
}
