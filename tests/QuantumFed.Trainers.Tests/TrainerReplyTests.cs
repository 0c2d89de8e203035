using System.Text;

namespace QuantumFed.Trainers.Tests;

public sealed class TrainerReplyTests
{
    private const string Start = """{"protocol":"quantumfed-trainer/1","type":"update","request":4,""";

    [Fact]
    public void An_update_has_rows_and_metrics()
    {
        TrainerReply reply = Parse(Start + """ "rows":2147483647,"metrics":{"loss":0.25,"accuracy":1},"more":[] }""");
        Assert.Null(reply.Error);
        Assert.Equal(int.MaxValue, reply.Rows);
        Assert.Equal(0.25, reply.Metrics["loss"]);
        Assert.Equal(1, reply.Metrics["accuracy"]);
    }

    [Theory]
    [InlineData("not json", "not JSON")]
    [InlineData("{}", "protocol (none)")]
    [InlineData("[1]", "not a JSON object")]
    [InlineData("""{"protocol":"quantumfed-trainer/2","type":"update","request":4,"rows":1}""", "protocol 'quantumfed-trainer/2'")]
    [InlineData("""{"protocol":"quantumfed-trainer/1","type":"update","request":5,"rows":1}""", "another request than number 4")]
    [InlineData("""{"protocol":"quantumfed-trainer/1","type":"update","request":"4","rows":1}""", "another request than number 4")]
    [InlineData("""{"protocol":"quantumfed-trainer/1","type":"model","request":4}""", "the type 'model'")]
    [InlineData(Start + "\"rows\":0}", "'0' as row count")]
    [InlineData(Start + "\"rows\":-3}", "'-3' as row count")]
    [InlineData(Start + "\"rows\":2147483648}", "'2147483648' as row count")]
    [InlineData(Start + "\"rows\":1.5}", "'1.5' as row count")]
    [InlineData(Start + "\"rows\":\"9\"}", "as row count")]
    [InlineData(Start + "\"metrics\":{}}", "no row count")]
    [InlineData(Start + "\"rows\":1,\"metrics\":{\"loss\":NaN}}", "NaN and Infinity are not JSON")]
    [InlineData(Start + "\"rows\":1,\"metrics\":{\"loss\":1e999}}", "'loss' a value that is not a finite number")]
    [InlineData(Start + "\"rows\":1,\"metrics\":{\"lo\\nss\":1}}", "a metric a name")]
    [InlineData(Start + "\"rows\":1,\"metrics\":[1]}", "not a JSON object of numbers")]
    public void A_bad_header_is_refused_with_its_reason(string header, string expected)
    {
        FrameFaultException fault = Assert.Throws<FrameFaultException>(() => Parse(header));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(fault.Message, char.IsControl);
    }

    [Fact]
    public void Random_changes_of_a_header_give_a_reply_or_a_fault()
    {
        byte[] header = Encoding.UTF8.GetBytes(Start + """ "rows":5,"metrics":{"loss":0.25,"caf\u00e9":3e2}}""");
        const int Seed = 20261121;
        Random random = new(Seed);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] changed = [.. header];
            for (int changes = random.Next(1, 4); changes > 0; changes--)
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            try
            {
                Assert.NotNull(TrainerReply.Parse(changed, 4));
            }
            catch (FrameFaultException fault)
            {
                Assert.NotEmpty(fault.Message);
            }
        }
    }

    [Fact]
    public void An_error_message_is_one_clean_line()
    {
        TrainerReply reply = Parse("""{"protocol":"quantumfed-trainer/1","type":"error","request":4,"message":"no\r\nGPU \u001b[31mhere\u202e"}""");
        Assert.Equal("no  GPU [31mhere", reply.Error);
    }

    private static TrainerReply Parse(string header) => TrainerReply.Parse(Encoding.UTF8.GetBytes(header), 4);
}
