using System.Text.Json.Nodes;

namespace QuantumFed.Protocol.Tests;

/// <summary>Agreements whose members average updates: models of every kind, and each rule of their terms broken once.</summary>
public sealed class AveragingAgreementTests
{
    public static TheoryData<string, string, string> BrokenRules => new()
    {
        { "/threshold", "-1073741825", "a threshold of -1073741825 does not fit" },
        { "/task/method", "\"newton\"", "newton trains logistic regression, not mlp" },
        { "/task/method", "\"fedsgd\"", "'fedsgd' is none of newton, fedavg, fedprox, fedadam, fedyogi, scaffold" },
        { "/task/averaging", "null", "terms of averaging unless its method is newton" },
        { "/task/averaging/epochs", "0", "1 to 1000 epochs" },
        { "/task/averaging/epochs", "1001", "1 to 1000 epochs" },
        { "/task/averaging/batchSize", "0", "1 to 65536 rows" },
        { "/task/averaging/batchSize", "65537", "1 to 65536 rows" },
        { "/task/averaging/learningRate", "0", "the learning rate is above 0" },
        { "/task/averaging/learningRate", "-0.1", "the learning rate is above 0" },
        { "/task/averaging/learningRate", "1000001", "the learning rate is above 0 and at most 1e6" },
        { "/task/averaging/learningRate", "1e400", "cannot be read" },
        { "/task/averaging/learningRate", "\"NaN\"", "cannot be read" },
        { "/task/averaging/optimizer", "\"adagrad\"", "'adagrad' is none of sgd, adam" },
        { "/task/averaging/optimizer", "\"adam\"", "scaffold's members descend by sgd" },
        { "/task/averaging/weightDecay", "-1", "the weight decay is 0 to 1e6" },
        { "/task/averaging/weightDecay", "1000001", "the weight decay is 0 to 1e6" },
        { "/task/averaging/proximal", "-1", "the proximal term is 0 to 1e6" },
        { "/task/averaging/proximal", "1000001", "the proximal term is 0 to 1e6" },
        { "/task/averaging/proximal", "0.5", "only fedprox has a proximal term" },
        { "/task/averaging/clipNorm", "0", "the clip norm is 1e-9 to 1e6" },
        { "/task/averaging/clipNorm", "1e-304", "the clip norm is 1e-9 to 1e6" },
        { "/task/averaging/clipNorm", "1000001", "the clip norm is 1e-9 to 1e6" },
        { "/task/averaging/controlClipNorm", "1e-304", "the clip norm of control variates is 1e-9 to 1e6" },
        { "/task/averaging/weightCap", "0", "the weight cap is 1 to 2147483647 rows" },
        { "/task/averaging/weightCap", "2147483648", "the weight cap is 1 to 2147483647 rows" },
        { "/task/averaging/weightCap", "9223372036854775808", "cannot be read" },
        { "/task/averaging/serverLearningRate", "0", "the coordinator's learning rate is above 0" },
        { "/task/averaging/beta1", "1", "beta1 and beta2 are at least 0 and below 1" },
        { "/task/averaging/beta1", "-0.1", "beta1 and beta2 are at least 0 and below 1" },
        { "/task/averaging/beta2", "1", "beta1 and beta2 are at least 0 and below 1" },
        { "/task/averaging/adaptivity", "0", "the adaptivity is above 0" },
        { "/task/averaging/noise", "1", "noise" },
        { "/task/model/hidden", "[]", "one or two hidden layers" },
        { "/task/model/hidden", "[4, 4, 4]", "one or two hidden layers" },
        { "/task/model/hidden", "[0]", "a hidden layer has 1 to 4096 units" },
        { "/task/model/hidden", "[4097]", "a hidden layer has 1 to 4096 units" },
        { "/task/model/hidden", "[4096, 4096]", "more than 4194304 parameters" },
        { "/task/model/classes", "33", "2 to 32 classes" },
        { "/task/model/kind", "\"opaque\"", "other models none" },
        { "/task/model/opaqueParameters", "1", "an opaque model states its parameters" },
    };

    private static LearningTask Scaffold => Founding.Newton with
    {
        Method = TrainingMethod.Scaffold,
        Model = new AgreedModel(AgreedModelKind.Mlp, 3, [16, 8], 0, -7),
        Averaging = new AveragingTerms
        {
            Epochs = 2,
            BatchSize = 32,
            LearningRate = 0.05,
            Optimizer = AgreedOptimizer.Sgd,
            WeightDecay = 0.001,
            Proximal = 0,
            ClipNorm = 8,
            ControlClipNorm = 32,
            WeightCap = 5000,
            ServerLearningRate = 1,
            Beta1 = 0.9,
            Beta2 = 0.99,
            Adaptivity = 0.001,
        },
    };

    [Theory, MemberData(nameof(BrokenRules))]
    public void A_broken_rule_is_refused_with_its_sentence(string path, string value, string sentence)
    {
        Requires.PostQuantum();
        string? failure = Founding.FailureAfter(json => AgreementFileTests.Set(json, path, value), Scaffold);
        Assert.NotNull(failure);
        Assert.Contains(sentence, failure, StringComparison.Ordinal);
        Assert.StartsWith("The agreement cannot be read: ", failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("epochs")]
    [InlineData("weightCap")]
    [InlineData("controlClipNorm")]
    public void A_missing_term_is_refused_by_name(string name)
    {
        Requires.PostQuantum();
        Assert.Contains(name, Founding.FailureAfter(json => json["task"]!["averaging"]!.AsObject().Remove(name), Scaffold), StringComparison.Ordinal);
    }

    [Fact]
    public void Newtons_method_has_no_terms_of_averaging()
    {
        Requires.PostQuantum();
        string? failure = Founding.FailureAfter(json => json["task"]!["method"] = "newton", Scaffold with { Model = Founding.Newton.Model });
        Assert.Contains("terms of averaging unless its method is newton", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_term_comes_back_from_the_bytes()
    {
        Requires.PostQuantum();
        LearningTask again = Read(Founding.Agreement(task: Scaffold).ToArray());
        Assert.Equal(Scaffold.Averaging, again.Averaging);
        Assert.Equal([16, 8], again.Model.Hidden);
        Assert.Equal((AgreedModelKind.Mlp, 3, 0, -7L), (again.Model.Kind, again.Model.Classes, again.Model.OpaqueParameters, again.Model.Seed));
        Assert.Equal((TrainingMethod.Scaffold, 10), (again.Method, again.Rounds));
        Assert.Equal([7, -3], again.Magnitudes);
    }

    [Fact]
    public void Its_bytes_do_not_change()
    {
        Requires.PostQuantum();
        // As Python's json and hashlib have it.
        Assert.Equal("281c004c47cb9459bbd8a73337cb5cce56d9e61b578dd8c1934e65622b7c9369", Founding.Agreement(task: Scaffold).Digest.ToString());
    }

    [Theory]
    [InlineData(TrainingMethod.FedAvg, AgreedModelKind.Logistic)]
    [InlineData(TrainingMethod.FedProx, AgreedModelKind.Softmax)]
    [InlineData(TrainingMethod.FedAdam, AgreedModelKind.Mlp)]
    [InlineData(TrainingMethod.FedYogi, AgreedModelKind.Opaque)]
    [InlineData(TrainingMethod.Scaffold, AgreedModelKind.Opaque)]
    public void Every_method_and_every_kind_of_model_comes_back(TrainingMethod method, AgreedModelKind kind)
    {
        Requires.PostQuantum();
        var model = new AgreedModel(kind, 2, kind == AgreedModelKind.Mlp ? [4] : [], kind == AgreedModelKind.Opaque ? 1 << 22 : 0, long.MaxValue);
        LearningTask again = Read(Founding.Agreement(task: Scaffold with { Method = method, Model = model }).ToArray());
        Assert.Equal((method, kind), (again.Method, again.Model.Kind));
        Assert.Equal((model.OpaqueParameters, long.MaxValue), (again.Model.OpaqueParameters, again.Model.Seed));
    }

    [Fact]
    public void An_opaque_model_states_how_large_it_is()
    {
        Requires.PostQuantum();
        LearningTask opaque = Scaffold with { Model = new AgreedModel(AgreedModelKind.Opaque, 2, [], 10, 0) };
        foreach (string count in (string[])["0", "-1", "4194305"])
        {
            string? failure = Founding.FailureAfter(json => AgreementFileTests.Set(json, "/task/model/opaqueParameters", count), opaque);
            Assert.Contains("an opaque model states its parameters, 1 to 4194304", failure, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Only_fedprox_has_a_proximal_term_and_the_edges_of_the_ranges_are_allowed()
    {
        Requires.PostQuantum();
        LearningTask edges = Scaffold with
        {
            Method = TrainingMethod.FedProx,
            Magnitudes = [-60, 60],
            Averaging = Scaffold.Averaging! with { Proximal = 1e6, WeightCap = int.MaxValue, Beta1 = 0, Beta2 = 0, Epochs = 1000, BatchSize = 65_536, Optimizer = AgreedOptimizer.Adam },
        };
        Assert.Equal(edges.Averaging, Read(Founding.Agreement(task: edges).ToArray()).Averaging);
    }

    [Fact]
    public void Damaged_bytes_never_throw()
    {
        Requires.PostQuantum();
        byte[] sample = Founding.Agreement(task: Scaffold).ToArray();
        int task = System.Text.Encoding.UTF8.GetString(sample).IndexOf("\"task\"", StringComparison.Ordinal);
        var random = new Random(32);
        for (int run = 0; run < 400; run++)
        {
            byte[] bytes = (byte[])sample.Clone();
            for (int change = random.Next(1, 4); change > 0; change--)
                bytes[random.Next(task, bytes.Length)] = (byte)random.Next(32, 127);
            if (!ConsortiumAgreement.TryParse(bytes, out _, out string? failure))
                Assert.NotEmpty(failure);
        }
    }

    private static LearningTask Read(byte[] bytes)
    {
        Assert.True(ConsortiumAgreement.TryParse(bytes, out ConsortiumAgreement? agreement, out string? failure), failure);
        return agreement.Task;
    }
}
