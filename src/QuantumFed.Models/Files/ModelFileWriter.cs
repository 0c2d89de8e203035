using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using QuantumFed.Learning;

namespace QuantumFed.Models;

/// <summary>Writes a <see cref="ModelFile"/>: one property or one row of weights a line, doubles in their shortest exact form.</summary>
internal static class ModelFileWriter
{
    /// <summary>What tells a model file from other JSON.</summary>
    public const string Format = "quantumfed-model";

    // The file stands alone and in no page, so letters of other alphabets stay readable.
    private static readonly JsonSerializerOptions s_texts = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(ModelFile file, Stream stream)
    {
        using StreamWriter text = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        ModelOrigin origin = file.Origin;
        ModelShape shape = file.State.Shape;
        text.Write("{\n");
        Property(text, "format", Quote(Format));
        Property(text, "version", Number(ModelFile.CurrentVersion));
        Property(text, "title", Quote(origin.Title));
        Property(text, "federation", Quote(origin.Federation.ToString()));
        Property(text, "agreement", Quote(origin.Agreement.ToString()));
        Property(text, "round", origin.Round.ToString());
        Property(text, "modelDigest", Quote(file.Digest.ToString()));
        Property(text, "audited", origin.Audited ? "true" : "false");
        text.Write("  \"training\": {\n    \"method\": ");
        text.Write(Quote(origin.Method));
        text.Write(",\n    \"settings\": [");
        Items(text, origin.Settings.Count, i => text.Write($"\n      {{ \"name\": {Quote(origin.Settings[i].Name)}, \"value\": {Quote(origin.Settings[i].Value)} }}"));
        text.Write("\n    ]\n  },\n");
        Property(text, "kind", Quote(NameOf(shape.Kind)));
        Property(text, "numbers", Quote(NameOf(file.State.Format)));
        text.Write("  \"features\": [");
        Items(text, file.Features.Count, i => text.Write("\n    " + Quote(file.Features[i])));
        text.Write("\n  ],\n  \"classes\": [");
        Items(text, file.ClassNames.Count, i => text.Write((i == 0 ? "" : " ") + Quote(file.ClassNames[i])));
        text.Write("],\n");
        WriteStandardisation(text, file);
        text.Write("  \"hidden\": [");
        Items(text, shape.Hidden.Count, i => text.Write((i == 0 ? "" : " ") + Number(shape.Hidden[i])));
        text.Write("],\n");
        WriteParameters(text, file.State);
        text.Write("  \"optimiser\": [");
        Items(text, file.State.MemoryCount, i => Numbers(text, "\n    ", file.State.Memory(i)));
        text.Write("],\n  \"recipe\": ");
        text.Write(file.Recipe is null ? "null" : Encoding.UTF8.GetString(file.Recipe.ToJson()).Replace("\n", "\n  ", StringComparison.Ordinal));
        text.Write("\n}\n");
    }

    /// <summary>A kind's name in the file.</summary>
    public static string NameOf<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static void WriteStandardisation(StreamWriter text, ModelFile file)
    {
        if (file.Standardisation is not { } standardisation)
        {
            Property(text, "standardisation", "null");
            return;
        }

        text.Write("  \"standardisation\": {\n    \"by\": ");
        text.Write(file.Own is null ? "\"federation\"" : $"\"member\",\n    \"member\": {Quote(file.Own.Member.Name)}");
        text.Write(",\n    \"means\": ");
        Numbers(text, "", standardisation.Means);
        text.Write(",\n    \"scales\": ");
        Numbers(text, "", standardisation.Scales);
        text.Write("\n  },\n");
    }

    private static void WriteParameters(StreamWriter text, ModelState state)
    {
        if (state.Shape.Kind == ModelKind.Opaque)
        {
            Property(text, "parameterCount", Number(state.Shape.ParameterCount));
            text.Write("  \"parameters\": ");
            Numbers(text, "", state.Parameters);
            text.Write(",\n");
            return;
        }

        IReadOnlyList<ModelLayer> layers = ModelLayer.Of(state.Shape);
        text.Write("  \"layers\": [");
        for (int i = 0; i < layers.Count; i++)
        {
            ModelLayer layer = layers[i];
            text.Write(i == 0 ? "\n    {\n" : ",\n    {\n");
            text.Write($"      \"name\": {Quote(layer.Name)},\n      \"activation\": {Quote(layer.Activation)},\n");
            text.Write(string.Create(CultureInfo.InvariantCulture, $"      \"inputs\": {layer.Inputs},\n      \"outputs\": {layer.Outputs},\n"));
            text.Write("      \"weights\": [");
            for (int row = 0; row < layer.Outputs; row++)
            {
                if (row > 0) text.Write(',');
                Numbers(text, "\n        ", state.Parameters.Slice(layer.Offset + row * layer.Inputs, layer.Inputs));
            }

            text.Write("\n      ],\n      \"biases\": ");
            Numbers(text, "", state.Parameters.Slice(layer.BiasOffset, layer.Outputs));
            text.Write("\n    }");
        }

        text.Write("\n  ],\n");
    }

    private static void Property(StreamWriter text, string name, string value) => text.Write($"  \"{name}\": {value},\n");

    private static void Items(StreamWriter text, int count, Action<int> write)
    {
        for (int i = 0; i < count; i++)
        {
            if (i > 0) text.Write(',');
            write(i);
        }
    }

    // Numbers of either format are written as the double they are, so that a reader that knows doubles only has the exact value.
    private static void Numbers(StreamWriter text, string before, ReadOnlySpan<double> numbers)
    {
        Span<char> digits = stackalloc char[32];
        text.Write(before);
        text.Write('[');
        for (int i = 0; i < numbers.Length; i++)
        {
            if (i > 0) text.Write(", ");
            numbers[i].TryFormat(digits, out int written, "R", CultureInfo.InvariantCulture);
            text.Write(digits[..written]);
        }

        text.Write(']');
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Quote(string value) => JsonSerializer.Serialize(value, s_texts);
}
