using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using QuantumFed.Learning;

namespace QuantumFed.Tables;

/// <summary>The JSON form of a <see cref="TableRecipe"/>.</summary>
internal static class TableRecipeJson
{
    private const string Format = "quantumfed-table-recipe";
    private const int Version = 1;
    private const int MaxSizeInBytes = 1 << 24;
    private const int MaxNameLength = 1 << 16;

    private static readonly JsonSerializerOptions s_options = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        NumberHandling = JsonNumberHandling.Strict,
        WriteIndented = true,
        NewLine = "\n",
        MaxDepth = 8,
    };

    public static byte[] Write(TableRecipe recipe) => JsonSerializer.SerializeToUtf8Bytes(
        new Document(Format, Version, recipe.LabelColumn, recipe.PositiveValue, [.. recipe.ClassValues], [.. recipe.Columns.Select(Write)], [.. recipe.FeatureNames]), s_options);

    public static bool TryRead(ReadOnlySpan<byte> json, [NotNullWhen(true)] out TableRecipe? recipe, out string failure)
    {
        recipe = null;
        if (json.Length > MaxSizeInBytes)
        {
            failure = "a recipe is at most 16 MiB.";
            return false;
        }

        Document? document;
        try
        {
            document = JsonSerializer.Deserialize<Document>(json, s_options);
        }
        catch (JsonException e)
        {
            failure = $"this is not the JSON of a recipe (line {(e.LineNumber ?? 0) + 1}).";
            return false;
        }

        failure = document is null ? "this is not the JSON of a recipe." : Check(document);
        if (failure.Length > 0) return false;
        List<ColumnRecipe> columns = new(document!.Columns.Length);
        foreach (Column column in document.Columns)
        {
            if (Read(column) is not { } read)
            {
                failure = "a column has properties that its kind does not have, or lacks one, or a value is out of range.";
                return false;
            }

            columns.Add(read);
        }

        LabelRule labels = new(document.Positive, document.Classes);
        if (!TableRecipe.TryCreate(document.Label, labels, columns, out TableRecipe? made, out failure)) return false;
        if (!made.FeatureNames.SequenceEqual(document.Features, StringComparer.Ordinal))
        {
            failure = "the features named are not those of the columns.";
            return false;
        }

        recipe = made;
        return true;
    }

    private static string Check(Document document)
    {
        if (document.Format != Format) return "this is not a table's recipe.";
        if (document.Version != Version) return FormattableString.Invariant($"the recipe has version {document.Version}; this program reads version {Version}.");
        if (!IsText(document.Label) || document.Label.Length == 0) return "the label column has no name.";
        if (document.Columns.Length > CsvTable.MaxColumnCount || document.Features.Length > Dataset.MaxFeatureCount) return "there are too many columns or features.";
        bool binary = document.Positive is not null;
        if (binary ? document.Classes.Length != 0 || !IsText(document.Positive) : document.Classes.Length is < 2 or > Dataset.MaxClassCount)
            return "the classes are either a positive value, or 2 to 32 values.";
        if (!document.Classes.All(IsText) || document.Classes.Distinct(StringComparer.Ordinal).Count() != document.Classes.Length)
            return "two classes are alike.";
        return "";
    }

    private static Column Write(ColumnRecipe recipe) => recipe switch
    {
        ColumnRecipe.Number n => new Column(n.Source, Kind.Number) { Reading = n.Reading, Scale = n.Scale, DecimalComma = n.HasDecimalComma, Median = n.Median, Missing = n.IsFlagged },
        ColumnRecipe.CalendarDate d => new Column(d.Source, Kind.Date) { Form = d.Form, Median = d.Median, Missing = d.IsFlagged },
        ColumnRecipe.Category c => new Column(c.Source, Kind.Category) { Reading = c.Reading, Categories = [.. c.Categories], Other = c.HasOther, Missing = c.IsFlagged },
        ColumnRecipe.Dropped d => new Column(d.Source, Kind.Dropped) { Reason = d.Reason },
        _ => throw new ArgumentOutOfRangeException(nameof(recipe)),
    };

    /// <summary>The column; null where its properties are not exactly those of its kind, which writing it again shows.</summary>
    private static ColumnRecipe? Read(Column c)
    {
        if (!IsText(c.Source) || c.Source.Length == 0) return null;
        if (c.Median is { } median && !(Math.Abs(median) <= Cell.MaxMagnitude)) return null;
        ColumnRecipe? recipe = c switch
        {
            { Kind: Kind.Number, Reading: { } reading, Scale: { } scale, DecimalComma: { } comma, Median: { } middle, Missing: { } flag }
                => new ColumnRecipe.Number(c.Source, reading, scale, comma, middle, flag),
            { Kind: Kind.Date, Form: { } form, Median: { } middle, Missing: { } flag } => new ColumnRecipe.CalendarDate(c.Source, form, middle, flag),
            { Kind: Kind.Category, Reading: { } reading, Categories: { Length: >= 1 and <= Dataset.MaxFeatureCount + 1 } categories, Other: { } other, Missing: { } flag }
                when categories.All(IsText) && categories.Distinct(StringComparer.Ordinal).Count() == categories.Length
                => new ColumnRecipe.Category(c.Source, reading, categories, other, flag),
            { Kind: Kind.Dropped, Reason: { } reason } when IsText(reason) => new ColumnRecipe.Dropped(c.Source, reason),
            _ => null,
        };
        return recipe is not null && Write(recipe) with { Categories = c.Categories } == c ? recipe : null;
    }

    private static bool IsText(string? text) => text is { Length: <= MaxNameLength };

    private enum Kind
    {
        Number,
        Date,
        Category,
        Dropped,
    }

    private sealed record Document(string Format, int Version, string Label, string? Positive, string[] Classes, Column[] Columns, string[] Features);

    private sealed record Column(string Source, Kind Kind)
    {
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public CellReading? Reading { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public NumberScale? Scale { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public DateForm? Form { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public bool? DecimalComma { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public double? Median { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string[]? Categories { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public bool? Other { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public bool? Missing { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Reason { get; init; }
    }
}
