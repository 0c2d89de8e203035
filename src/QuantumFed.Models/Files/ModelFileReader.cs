using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using QuantumFed.Learning;
using QuantumFed.Protocol;
using QuantumFed.Tables;

namespace QuantumFed.Models;

/// <summary>Reads what <see cref="ModelFileWriter"/> wrote, and nothing else.</summary>
internal static class ModelFileReader
{
    public static bool TryRead(ReadOnlySpan<byte> json, [NotNullWhen(true)] out ModelFile? file, out string failure)
    {
        file = null;
        if (json.Length > ModelFile.MaxSizeInBytes)
        {
            failure = FormattableString.Invariant($"it has {json.Length} bytes; a model file has at most {ModelFile.MaxSizeInBytes}.");
            return false;
        }

        try
        {
            file = Read(new StrictJson(json), out failure);
            return file is not null;
        }
        catch (FormatException error)
        {
            failure = $"this is not a model file that qf model export wrote: {error.Message}";
            return false;
        }
        catch (JsonException error)
        {
            failure = FormattableString.Invariant($"this is not a model file: line {(error.LineNumber ?? 0) + 1} is not JSON.");
            return false;
        }
    }

    private static ModelFile? Read(StrictJson json, out string failure)
    {
        json.BeginObject();
        json.Name("format");
        json.Text(ModelFileWriter.Format);
        json.Name("version");
        ulong version = json.Whole(ulong.MaxValue);
        if (version != ModelFile.CurrentVersion)
        {
            failure = FormattableString.Invariant($"the model file has version {version}; this program reads version {ModelFile.CurrentVersion}.");
            return null;
        }

        ModelOrigin origin = ReadOrigin(ref json, out Digest digest);
        json.Name("kind");
        ModelKind kind = Value<ModelKind>(ref json);
        json.Name("numbers");
        NumberFormat format = Value<NumberFormat>(ref json);
        string[] features = Texts(ref json, "features", Dataset.MaxFeatureCount), classes = Texts(ref json, "classes", Dataset.MaxClassCount);
        Standardisation? standardisation = ReadStandardisation(ref json, features.Length, out MemberId? member);
        ModelShape shape = ReadShape(ref json, kind, features.Length, classes.Length);
        double[] parameters = ReadParameters(ref json, shape);
        double[][] memory = ReadMemory(ref json, shape);
        json.Name("recipe");
        TableRecipe? recipe = null;
        if (!json.IsNull() && !TableRecipe.TryParse(json.Raw(), out recipe, out string odd))
        {
            failure = $"its recipe cannot be used: {odd}";
            return null;
        }

        json.EndObject();
        json.End();
        if (!AreOf(format, parameters) || !memory.All(vector => AreOf(format, vector))
            || !ModelState.TryCreate(shape, format, member is null ? standardisation : null, parameters, memory, out ModelState? state))
        {
            failure = "its numbers are not single precision, as it says.";
            return null;
        }

        Digest computed = Digest.Of(state.ToCanonicalBytes());
        if (computed != digest)
        {
            failure = $"its numbers have the digest {computed}, not {digest} as it says: it was altered.";
            return null;
        }

        OwnStandardisation? own = member is { } name ? new OwnStandardisation(name, standardisation!) : null;
        return ModelFile.TryCreate(origin, state, features, classes, own, recipe, out failure);
    }

    private static ModelOrigin ReadOrigin(ref StrictJson json, out Digest digest)
    {
        json.Name("title");
        string title = json.Text(ModelFile.MaxTitleLength);
        Digest federation = ReadDigest(ref json, "federation"), agreement = ReadDigest(ref json, "agreement");
        json.Name("round");
        ulong round = json.Whole(ulong.MaxValue);
        digest = ReadDigest(ref json, "modelDigest");
        json.Name("audited");
        bool audited = json.Boolean();
        json.Name("training");
        json.BeginObject();
        json.Name("method");
        string method = json.Text(ModelFile.MaxSettingLength);
        json.Name("settings");
        List<ModelSetting> settings = [];
        json.BeginArray();
        while (json.NextItem())
        {
            if (settings.Count == ModelFile.MaxSettings) throw new FormatException("it has too many settings.");
            json.BeginObject();
            json.Name("name");
            string name = json.Text(ModelFile.MaxSettingLength);
            json.Name("value");
            settings.Add(new ModelSetting(name, json.Text(ModelFile.MaxSettingLength)));
            json.EndObject();
        }

        json.EndObject();
        return new ModelOrigin(title, new FederationId(federation), agreement, new RoundId(round), audited, method, settings);
    }

    private static Standardisation? ReadStandardisation(ref StrictJson json, int features, out MemberId? member)
    {
        member = null;
        json.Name("standardisation");
        if (json.IsNull()) return null;
        json.BeginObject();
        json.Name("by");
        string by = json.Text(ModelFile.MaxSettingLength);
        if (by == "member")
        {
            json.Name("member");
            member = MemberId.TryParse(json.Text(ModelFile.MaxSettingLength), out MemberId named) ? named : throw new FormatException("its standardisation names no member.");
        }
        else if (by != "federation")
        {
            throw new FormatException("its standardisation is by neither the federation nor a member.");
        }

        double[] means = new double[features], scales = new double[features];
        json.Name("means");
        json.Numbers(means);
        json.Name("scales");
        json.Numbers(scales);
        json.EndObject();
        return Standardisation.TryCreate(means, scales, out Standardisation? standardisation)
            ? standardisation
            : throw new FormatException("a scale of its standardisation is not above 0.");
    }

    private static ModelShape ReadShape(ref StrictJson json, ModelKind kind, int features, int classes)
    {
        json.Name("hidden");
        List<int> hidden = [];
        json.BeginArray();
        while (json.NextItem())
        {
            if (hidden.Count == ModelShape.MaxHiddenLayers) throw new FormatException("it has too many hidden layers.");
            hidden.Add((int)json.Whole(ModelShape.MaxHiddenWidth));
        }

        int opaque = 0;
        if (kind == ModelKind.Opaque)
        {
            json.Name("parameterCount");
            opaque = (int)json.Whole(ModelShape.MaxParameterCount);
        }

        return ModelShape.TryCreate(kind, features, classes, hidden, opaque, out string failure)
            ?? throw new FormatException($"in its shape, {failure}.");
    }

    private static double[] ReadParameters(ref StrictJson json, ModelShape shape)
    {
        double[] parameters = new double[shape.ParameterCount];
        if (shape.Kind == ModelKind.Opaque)
        {
            json.Name("parameters");
            json.Numbers(parameters);
            return parameters;
        }

        json.Name("layers");
        json.BeginArray();
        foreach (ModelLayer layer in ModelLayer.Of(shape))
        {
            json.BeginObject();
            json.Name("name");
            json.Text(layer.Name);
            json.Name("activation");
            json.Text(layer.Activation);
            json.Name("inputs");
            Require((int)json.Whole(int.MaxValue) == layer.Inputs, layer, "inputs");
            json.Name("outputs");
            Require((int)json.Whole(int.MaxValue) == layer.Outputs, layer, "outputs");
            json.Name("weights");
            json.BeginArray();
            for (int row = 0; row < layer.Outputs; row++) json.Numbers(parameters.AsSpan(layer.Offset + row * layer.Inputs, layer.Inputs));
            json.EndArray();
            json.Name("biases");
            json.Numbers(parameters.AsSpan(layer.BiasOffset, layer.Outputs));
            json.EndObject();
        }

        json.EndArray();
        return parameters;
    }

    private static double[][] ReadMemory(ref StrictJson json, ModelShape shape)
    {
        List<double[]> memory = [];
        json.Name("optimiser");
        json.BeginArray();
        while (json.NextItem())
        {
            if (memory.Count == ModelState.MaxMemory) throw new FormatException("its optimiser remembers too many vectors.");
            double[] vector = new double[shape.ParameterCount];
            json.Numbers(vector);
            memory.Add(vector);
        }

        return [.. memory];
    }

    private static string[] Texts(ref StrictJson json, string name, int most)
    {
        List<string> texts = [];
        json.Name(name);
        json.BeginArray();
        while (json.NextItem())
        {
            if (texts.Count == most) throw new FormatException(FormattableString.Invariant($"it has more than {most} {name}."));
            texts.Add(json.Text(Dataset.MaxFeatureNameLength));
        }

        return [.. texts];
    }

    private static Digest ReadDigest(ref StrictJson json, string name)
    {
        json.Name(name);
        string text = json.Text(2 * Digest.SizeInBytes);
        return text.Length == 2 * Digest.SizeInBytes && Digest.TryParse(text, out Digest digest) && digest.ToString() == text
            ? digest
            : throw new FormatException($"\"{name}\" is not a digest of 64 lower-case hexadecimal digits.");
    }

    private static T Value<T>(ref StrictJson json)
        where T : struct, Enum
    {
        string text = json.Text(ModelFile.MaxSettingLength);
        foreach (T value in Enum.GetValues<T>())
            if (ModelFileWriter.NameOf(value) == text) return value;
        throw new FormatException($"\"{text}\" is none of {string.Join(", ", Enum.GetValues<T>().Select(ModelFileWriter.NameOf))}.");
    }

    private static void Require(bool holds, ModelLayer layer, string what)
    {
        if (!holds) throw new FormatException($"the {what} of the layer \"{layer.Name}\" do not fit the model's shape.");
    }

    // A number that is rounded on the way in would be another one for a program that does not round.
    private static bool AreOf(NumberFormat format, double[] numbers)
        => format == NumberFormat.Binary64 || Array.TrueForAll(numbers, number => (float)number == number);
}
