using System.Text.Json.Nodes;

namespace QuantumFed.Protocol.Tests;

public sealed class AgreementFileTests
{
    public static TheoryData<string, string, string> BrokenRules => new()
    {
        { "/version", "4", "version is 4" },
        { "/members/1/name", "\"hospital-001\"", "not in ascending order" },
        { "/members/1/name", "\"a\"", "not in ascending order" },
        { "/members/1/name", "\"Hospital\"", "is not a member's name" },
        { "/members/3/name", "\"../escape\"", "is not a member's name" },
        { "/members/1/account", "\"0x0000000000000000000000000000000000000001\"", "share a ledger account" },
        { "/members/1/account", "\"0x00000000000000000000000000000000000000c8\"", "share a ledger account" },
        { "/members/1/account", "\"elsewhere\"", "is not an address" },
        { "/members/1/verificationKey", "\"AAAA\"", "is not an ML-DSA-65 key" },
        { "/coordinator/name", "\"hospital-002\"", "bears a member's name" },
        { "/coordinator/payloadKey", "\"AAAA\"", "payload key" },
        { "/threshold", "2", "2t > M + f" },
        { "/threshold", "5", "t <= M" },
        { "/threshold", "-2147483648", "2t > M + f" },
        { "/minParticipants", "2", "at least 3" },
        { "/minParticipants", "5", "at most 4" },
        { "/toleratedColluders", "-1", "negative" },
        { "/toleratedColluders", "2", "at least 5" },
        { "/toleratedColluders", "2147483647", "colluders" },
        { "/federation", "\"ours\"", "is not a digest" },
        { "/ledger/rounds", "\"0x1\"", "is not an address" },
        { "/ledger/registry", "null", "cannot be read" },
        { "/task/features", "[]", "1 to 1024 features" },
        { "/task/features", "[\"age\", \"age\"]", "twice" },
        { "/task/features", "[null]", "features" },
        { "/task/features", "[\"\"]", "features" },
        { "/task/method", "\"Newton\"", "'Newton' is none of newton" },
        { "/task/standardise", "\"never\"", "'never' is none of centre, federated" },
        { "/task/l2", "-0.5", "negative or no number" },
        { "/task/features", "7", "cannot be read" },
        { "/task/rounds", "0", "1 to 100000 rounds" },
        { "/task/rounds", "100001", "1 to 100000 rounds" },
        { "/task/magnitudes", "[1]", "one magnitude for each feature" },
        { "/task/magnitudes", "[1, 2, 3]", "one magnitude for each feature" },
        { "/task/magnitudes", "[1, 61]", "from -60 to 60" },
        { "/task/magnitudes", "[-61, 1]", "from -60 to 60" },
        { "/task/magnitudes", "[1, 0.5]", "cannot be read" },
        { "/task/magnitudes", "null", "cannot be read" },
        { "/task/model", "null", "cannot be read" },
        { "/task/model/kind", "\"forest\"", "'forest' is none of logistic, softmax, mlp, opaque" },
        { "/task/model/kind", "\"softmax\"", "newton trains logistic regression, not softmax" },
        { "/task/model/classes", "3", "logistic regression tells 2 classes apart, not 3" },
        { "/task/model/classes", "1", "2 to 32 classes" },
        { "/task/model/hidden", "[4]", "one or two hidden layers, other models none" },
        { "/task/model/hidden", "null", "cannot be read" },
        { "/task/model/opaqueParameters", "5", "an opaque model states its parameters" },
        { "/task/model/colour", "\"blue\"", "colour" },
        { "/task/averaging", "{}", "cannot be read" },
        { "/task/colour", "\"blue\"", "colour" },
        { "/commitSeconds", "0", "1 second to 7 days" },
        { "/stepSeconds", "604801", "1 second to 7 days" },
        { "/members", "[null, null, null]", "cannot be read" },
        { "/members", "[]", "3 to 255 members" },
        { "/members", "null", "cannot be read" },
        { "/ledger/chainId", "-1", "cannot be read" },
        { "/ledger/voting/quorumPercent", "0", "voting rules" },
        { "/ledger/voting/thresholdPercent", "100", "voting rules" },
        { "/ledger/voting/periodSeconds", "3599", "voting rules" },
        { "/ledger/voting", "null", "cannot be read" },
        { "/members/0/colour", "\"blue\"", "colour" },
        { "/colour", "\"blue\"", "colour" },
    };

    [Theory, MemberData(nameof(BrokenRules))]
    public void A_broken_rule_is_refused_with_its_sentence(string path, string value, string sentence)
    {
        Requires.PostQuantum();
        string? failure = Founding.FailureAfter(json => Set(json, path, value));
        Assert.NotNull(failure);
        Assert.Contains(sentence, failure, StringComparison.Ordinal);
        Assert.StartsWith("The agreement cannot be read: ", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void An_agreement_comes_back_from_its_bytes()
    {
        Requires.PostQuantum();
        ConsortiumAgreement agreement = Founding.Agreement();
        Assert.True(ConsortiumAgreement.TryParse(agreement.ToArray(), out ConsortiumAgreement? again, out _));
        Assert.Equal(agreement.Digest, again.Digest);
        Assert.Equal(Digest.Of(agreement.ToArray()), again.Digest);
        Assert.Equal(["hospital-001", "hospital-002", "hospital-003", "hospital-004"], again.Members.Select(member => member.Id.Name));
        Assert.Equal(agreement.Ledger, again.Ledger);
        Assert.Equal((3, 3, 0), (again.Threshold, again.MinParticipants, again.ToleratedColluders));
        Assert.Equal((TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(30)), (again.CommitTime, again.StepTime));
        Assert.Equal(["age", "weight"], again.Task.Features);
        Assert.Equal([7, -3], again.Task.Magnitudes);
        Assert.Equal((TrainingMethod.Newton, Standardise.Federated, 1.0, 10), (again.Task.Method, again.Task.Standardise, again.Task.L2, again.Task.Rounds));
        Assert.Equal((AgreedModelKind.Logistic, 2, 0, 0L), (again.Task.Model.Kind, again.Task.Model.Classes, again.Task.Model.OpaqueParameters, again.Task.Model.Seed));
        Assert.Empty(again.Task.Model.Hidden);
        Assert.Null(again.Task.Averaging);
    }

    [Fact]
    public void A_file_of_version_1_is_refused_by_its_version_though_other_properties_are_missing()
    {
        Requires.PostQuantum();
        string? failure = Founding.FailureAfter(json =>
        {
            json["version"] = 1;
            json["task"] = JsonNode.Parse("""{ "dataset": "synthetic", "method": "newton", "features": ["age"], "standardise": "centre", "l2": 1, "rounds": 10 }""");
        });
        Assert.Equal("The agreement cannot be read: its version is 1, this program reads version 3", failure);
    }

    [Fact]
    public void Its_bytes_do_not_change()
    {
        Requires.PostQuantum();
        Assert.Equal("97f3838a5d84a54266c9e2ce49d0e142365a2a1ebc69eeff80b793080e0d6511", Founding.Agreement().Digest.ToString());
    }

    [Fact]
    public void The_digest_is_over_the_bytes_as_they_are()
    {
        Requires.PostQuantum();
        byte[] bytes = [.. Founding.Agreement().ToArray(), (byte)'\n'];
        Assert.True(ConsortiumAgreement.TryParse(bytes, out ConsortiumAgreement? agreement, out _));
        Assert.Equal(Digest.Of(bytes), agreement.Digest);
        Assert.NotEqual(Founding.Agreement().Digest, agreement.Digest);
    }

    [Fact]
    public void Parties_are_found_by_name_and_account_and_sit_in_order()
    {
        Requires.PostQuantum();
        ConsortiumAgreement agreement = Founding.Agreement();
        AgreedMember second = agreement.Members[1];
        Assert.Same(second, agreement.Find(second.Id));
        Assert.Same(second, agreement.Find(second.Account));
        Assert.Equal(2, agreement.ReceiverOf(second.Id));
        Assert.Equal(second.Key.Digest, agreement.KeyOf(second.Id)?.Digest);
        Assert.Equal(agreement.Coordinator.Key.Digest, agreement.KeyOf(agreement.Coordinator.Id)?.Digest);
        MemberId stranger = MemberId.Parse("stranger");
        Assert.Null(agreement.Find(stranger));
        Assert.Null(agreement.KeyOf(stranger));
        Assert.Null(agreement.Find(agreement.Coordinator.Id));
        Assert.Throws<ArgumentException>(() => agreement.ReceiverOf(stranger));
    }

    [Fact]
    public void Two_parties_with_one_key_are_refused()
    {
        Requires.PostQuantum();
        string? failure = Founding.FailureAfter(json =>
            json["members"]![0]!["verificationKey"] = json["coordinator"]!["verificationKey"]!.GetValue<string>());
        Assert.Contains("share a verification key", failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("threshold")]
    [InlineData("federation")]
    [InlineData("members")]
    [InlineData("toleratedColluders")]
    [InlineData("task")]
    public void A_missing_property_is_refused_by_name(string name)
    {
        Requires.PostQuantum();
        Assert.Contains(name, Founding.FailureAfter(json => json.AsObject().Remove(name)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_property_that_comes_twice_is_refused()
    {
        Requires.PostQuantum();
        string json = System.Text.Encoding.UTF8.GetString(Founding.Agreement().ToArray());
        string twice = json.Replace("\"threshold\": 3", "\"threshold\": 3, \"threshold\": 4", StringComparison.Ordinal);
        Assert.Contains("uplicate", Founding.FailureOf(twice), StringComparison.Ordinal);
        Assert.NotNull(Founding.FailureOf(json.Replace("\"chainId\"", "\"chainId\": 1, \"chainId\"", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("\"agreement\"")]
    [InlineData("{\"version\": 1")]
    public void What_is_no_agreement_is_refused(string json) => Assert.NotNull(Founding.FailureOf(json));

    [Fact]
    public void Comments_trailing_commas_and_a_second_document_are_refused()
    {
        Requires.PostQuantum();
        string json = System.Text.Encoding.UTF8.GetString(Founding.Agreement().ToArray());
        Assert.NotNull(Founding.FailureOf(json + "{}"));
        Assert.NotNull(Founding.FailureOf(json + "// note"));
        Assert.NotNull(Founding.FailureOf(json.Replace("\"version\": 3", "/* note */ \"version\": 3", StringComparison.Ordinal)));
        Assert.Null(Founding.FailureOf(json + "\n"));
    }

    [Fact]
    public void Damaged_bytes_never_throw()
    {
        Requires.PostQuantum();
        byte[] sample = Founding.Agreement().ToArray();
        var random = new Random(31);
        for (int run = 0; run < 400; run++)
        {
            byte[] bytes = (byte[])sample.Clone();
            for (int change = random.Next(1, 4); change > 0; change--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (ConsortiumAgreement.TryParse(bytes, out ConsortiumAgreement? agreement, out string? failure))
                Assert.Equal(Digest.Of(bytes), agreement.Digest);
            else
                Assert.NotEmpty(failure);
        }
    }

    [Fact]
    public void An_agreement_that_breaks_a_rule_is_not_written()
    {
        Requires.PostQuantum();
        Assert.Throws<ArgumentException>(() => Founding.Agreement(members: 2));
    }

    [Theory]
    [InlineData(4, 3)]
    [InlineData(7, 5)]
    [InlineData(10, 7)]
    public void The_thresholds_of_the_protocol_are_the_least_that_pass(int members, int threshold)
    {
        Requires.PostQuantum();
        ConsortiumAgreement agreement = Founding.Agreement(members);
        Assert.Equal(threshold, agreement.Threshold);
        JsonNode json = JsonNode.Parse(agreement.ToArray())!;
        json["threshold"] = threshold - 1;
        Assert.Contains("2t > M + f", Founding.FailureOf(json.ToJsonString()), StringComparison.Ordinal);
    }

    /// <summary>Replaces a property of the JSON by its path, such as /task/rounds.</summary>
    internal static void Set(JsonNode json, string path, string value)
    {
        string[] steps = path[1..].Split('/');
        JsonNode node = json;
        foreach (string step in steps[..^1])
            node = node is JsonArray array ? array[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]! : node[step]!;
        node[steps[^1]] = JsonNode.Parse(value);
    }
}
