using System.Text.Json;

namespace QuantumFed.Trainers;

/// <summary>What a member asks of its trainer in one step of a round.</summary>
public sealed record TrainerRequest
{
    /// <summary>The largest seed, 2^53 - 1: the largest that every JSON reader keeps exactly.</summary>
    public const long MaxSeed = (1L << 53) - 1;

    /// <summary>The consortium's round.</summary>
    public required long Round { get; init; }

    /// <summary>The step of training, from 0.</summary>
    public required int Step { get; init; }

    /// <summary>For whatever the trainer draws at random, 0 to <see cref="MaxSeed"/>: the same request trains the same way.</summary>
    public required long Seed { get; init; }

    /// <summary>The model's shape.</summary>
    public required TrainerModel Model { get; init; }

    /// <summary>The global model's parameters, finite, as many as the shape says. Not to be changed before the request is done.</summary>
    public required ReadOnlyMemory<float> Parameters { get; init; }

    /// <summary>The absolute path of the member's data, a CSV file with the features and the column <c>label</c>.</summary>
    public required string TrainingData { get; init; }

    /// <summary>The mean of each feature, where the consortium standardises together; null where the trainer standardises its own rows.</summary>
    public IReadOnlyList<double>? Means { get; init; }

    /// <summary>The divisor of each feature, above 0; null where <see cref="Means"/> is.</summary>
    public IReadOnlyList<double>? Scales { get; init; }

    /// <summary>Numbers by name, such as <c>epochs</c>, <c>batchSize</c>, <c>learningRate</c>.</summary>
    public IReadOnlyDictionary<string, double> Settings { get; init; } = new Dictionary<string, double>();

    /// <summary>Throws where a property is not as described.</summary>
    internal void Check()
    {
        ArgumentNullException.ThrowIfNull(Model);
        ArgumentNullException.ThrowIfNull(Settings);
        Require(Round >= 0 && Step >= 0, "Round and step are at least 0.");
        Require(Seed is >= 0 and <= MaxSeed, $"A seed is 0 to {MaxSeed}.");
        Require(Parameters.Length == Model.ParameterCount, $"The model has {Model.ParameterCount} parameters, not {Parameters.Length}.");
        Require(!Parameters.Span.ContainsAnyExceptInRange(float.MinValue, float.MaxValue), "Every parameter is finite.");
        Require(Path.IsPathRooted(TrainingData), "The path of the training data is absolute.");
        Require((Means is null) == (Scales is null), "Means and scales come together.");
        Require(Means is null || (Means.Count == Model.Features.Count && Means.All(double.IsFinite)), "There is a finite mean for each feature.");
        Require(
            Scales is null || (Scales.Count == Model.Features.Count && Scales.All(scale => double.IsFinite(scale) && scale > 0)),
            "There is a scale above 0 for each feature.");
        Require(Settings.Values.All(double.IsFinite), "Every setting is a finite number.");
    }

    /// <summary>The header of the request's frame.</summary>
    internal byte[] ToHeader(long number)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("protocol", TrainerFrame.Protocol);
            json.WriteString("type", "train");
            json.WriteNumber("request", number);
            json.WriteNumber("round", Round);
            json.WriteNumber("step", Step);
            json.WriteNumber("seed", Seed);
            WriteModel(json);
            WriteStandardisation(json);
            json.WriteString("trainingData", TrainingData);
            json.WriteStartObject("settings");
            foreach ((string name, double value) in Settings.OrderBy(setting => setting.Key, StringComparer.Ordinal))
                json.WriteNumber(name, value);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return bytes.Length <= TrainerFrame.MaxHeaderSizeInBytes
            ? bytes.ToArray()
            : throw new ArgumentException($"The request's header would be larger than {TrainerFrame.MaxHeaderSizeInBytes} bytes.");
    }

    private void WriteModel(Utf8JsonWriter json)
    {
        json.WriteStartObject("model");
        json.WriteString("kind", Model.Kind switch
        {
            TrainerModelKind.Logistic => "logistic",
            TrainerModelKind.Softmax => "softmax",
            TrainerModelKind.Mlp => "mlp",
            _ => "opaque",
        });
        json.WriteStartArray("features");
        foreach (string feature in Model.Features)
            json.WriteStringValue(feature);
        json.WriteEndArray();
        json.WriteNumber("classes", Model.Classes);
        json.WriteStartArray("hidden");
        foreach (int width in Model.Hidden)
            json.WriteNumberValue(width);
        json.WriteEndArray();
        json.WriteNumber("parameters", Model.ParameterCount);
        json.WriteEndObject();
    }

    private void WriteStandardisation(Utf8JsonWriter json)
    {
        if (Means is null || Scales is null)
        {
            json.WriteNull("standardisation");
            return;
        }
        json.WriteStartObject("standardisation");
        WriteNumbers(json, "means", Means);
        WriteNumbers(json, "scales", Scales);
        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IReadOnlyList<double> values)
    {
        json.WriteStartArray(name);
        foreach (double value in values)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    private static void Require(bool holds, string law)
    {
        if (!holds)
            throw new ArgumentException(law);
    }
}
