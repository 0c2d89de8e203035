using System.Diagnostics.CodeAnalysis;
using QuantumFed.Learning;
using QuantumFed.Protocol;
using QuantumFed.Tables;

namespace QuantumFed.Models;

/// <summary>
/// A trained model with all that is needed to use it: parameters, standardisation, the names of features and classes, the recipe of the table where
/// there was one; and where it comes from. Its JSON form is in docs/model-file.md. Immutable.
/// </summary>
public sealed class ModelFile
{
    /// <summary>The version that this program reads and writes.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The largest file that is read. The largest possible model, written out, is smaller.</summary>
    public const long MaxSizeInBytes = 1L << 29;

    /// <summary>The longest title in characters.</summary>
    public const int MaxTitleLength = 1000;

    /// <summary>The most settings.</summary>
    public const int MaxSettings = 64;

    /// <summary>The longest text of a setting, and of the method's name, in characters.</summary>
    public const int MaxSettingLength = 100;

    private ModelFile(ModelOrigin origin, ModelState state, IReadOnlyList<string> features, IReadOnlyList<string> classNames, OwnStandardisation? own, TableRecipe? recipe)
    {
        Origin = origin;
        State = state;
        Features = features;
        ClassNames = classNames;
        Own = own;
        Recipe = recipe;
    }

    /// <summary>Where the model comes from.</summary>
    public ModelOrigin Origin { get; }

    /// <summary>The model, as the ledger knows it.</summary>
    public ModelState State { get; }

    /// <summary>SHA-256 of the model's canonical bytes: what the ledger records of the round.</summary>
    public Digest Digest => Digest.Of(State.ToCanonicalBytes());

    /// <summary>The features' names, in order.</summary>
    public IReadOnlyList<string> Features { get; }

    /// <summary>The classes' names; the place of a name is its class.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The standardisation of one member, where the consortium has none.</summary>
    public OwnStandardisation? Own { get; }

    /// <summary>How raw features are standardised; <see langword="null"/> only for an opaque model.</summary>
    public Standardisation? Standardisation => State.Standardisation ?? Own?.Standardisation;

    /// <summary>How a table's columns become features; <see langword="null"/> where the features are columns.</summary>
    public TableRecipe? Recipe { get; }

    /// <summary>Puts a file together.</summary>
    /// <returns><see langword="null"/> where the parts do not belong together; <paramref name="failure"/> says why in a sentence.</returns>
    public static ModelFile? TryCreate(
        ModelOrigin origin, ModelState state, IReadOnlyList<string> features, IReadOnlyList<string> classNames, OwnStandardisation? own, TableRecipe? recipe,
        out string failure)
    {
        ArgumentNullException.ThrowIfNull(origin);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(classNames);
        failure = "";
        if (origin.Title.Length > MaxTitleLength || origin.Method.Length > MaxSettingLength || origin.Settings.Count > MaxSettings
            || origin.Settings.Any(setting => setting.Name.Length > MaxSettingLength || setting.Value.Length > MaxSettingLength))
            failure = "its title, method or settings are too long.";
        else if (features.Count != state.Shape.FeatureCount || !AreNames(features))
            failure = "its features are not as many names as the model has features, all usable and no two alike.";
        else if (classNames.Count != state.Shape.ClassCount || !AreNames(classNames))
            failure = "its classes are not as many names as the model has classes, all usable and no two alike.";
        else if (state.Standardisation is not null && own is not null)
            failure = "the model has a joint standardisation; a member's own has no place beside it.";
        else if (own is not null && own.Standardisation.FeatureCount != state.Shape.FeatureCount)
            failure = "its standardisation is not for as many features as the model has.";
        else if (state.Standardisation is null && own is null && state.Shape.Kind != ModelKind.Opaque)
            failure = "it has no standardisation, so the model cannot be used.";
        else if (recipe is not null && !recipe.FeatureNames.SequenceEqual(features, StringComparer.Ordinal))
            failure = "the recipe's features are not the model's.";
        else if (recipe is not null && !recipe.ClassNames.SequenceEqual(classNames, StringComparer.Ordinal))
            failure = "the recipe's classes are not the model's.";
        return failure.Length == 0 ? new ModelFile(origin, state, [.. features], [.. classNames], own, recipe) : null;
    }

    /// <summary>Writes the file as UTF-8 JSON; the same file always gives the same bytes.</summary>
    /// <exception cref="IOException">The stream's own.</exception>
    public void WriteTo(Stream stream) => ModelFileWriter.Write(this, stream);

    /// <summary>The same as an array.</summary>
    public byte[] ToJson()
    {
        using MemoryStream stream = new();
        WriteTo(stream);
        return stream.ToArray();
    }

    /// <summary>
    /// Reads what <see cref="WriteTo"/> wrote, and rebuilds the model's canonical bytes: a file whose digest is not theirs is refused, and so is
    /// another version, an unknown, missing or repeated property, another order of properties, a value out of range.
    /// </summary>
    /// <param name="json">UTF-8 JSON.</param>
    /// <param name="file">The file.</param>
    /// <param name="failure">Why it is none, in one sentence.</param>
    public static bool TryParse(ReadOnlySpan<byte> json, [NotNullWhen(true)] out ModelFile? file, out string failure)
        => ModelFileReader.TryRead(json, out file, out failure);

    /// <summary>Reads a file.</summary>
    /// <exception cref="ModelFileException">It cannot be read, or is no model file.</exception>
    public static ModelFile Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] json;
        try
        {
            if (Directory.Exists(path)) throw new ModelFileException(path, "it is a folder; name a file.");
            using FileStream stream = File.OpenRead(path);
            if (stream.Length > MaxSizeInBytes)
                throw new ModelFileException(path, FormattableString.Invariant($"it has {stream.Length} bytes; a model file has at most {MaxSizeInBytes}."));
            json = new byte[stream.Length];
            stream.ReadExactly(json);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ModelFileException(path, "it cannot be read; check that it exists, is a regular file, and that this account may read it.");
        }

        return TryParse(json, out ModelFile? file, out string failure) ? file : throw new ModelFileException(path, failure);
    }

    private static bool AreNames(IReadOnlyList<string> names)
        => names.All(Dataset.IsFeatureName) && names.Distinct(StringComparer.Ordinal).Count() == names.Count;
}
