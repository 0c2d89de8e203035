using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;

namespace QuantumFed.Report;

/// <summary>The JSON of a report.</summary>
internal static class ReportJson
{
    /// <summary>A run of 1000 rounds with 100 hospitals takes about 40 MB.</summary>
    public const int MostBytes = 256 << 20;

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new FiniteNumberConverter() },
    };

    public static byte[] Serialize(RunReport report) => JsonSerializer.SerializeToUtf8Bytes(report with { Version = RunReport.CurrentVersion }, Options);

    public static bool TryParse(ReadOnlySpan<byte> json, [NotNullWhen(true)] out RunReport? report, out string problem)
    {
        report = null;
        try
        {
            // The version is looked at first, so that a later one is called by its name and not by the first field that is strange here.
            FileVersion? version = JsonSerializer.Deserialize<FileVersion>(json, Options);
            if (version?.Version is not (>= 1 and <= RunReport.CurrentVersion))
            {
                problem = version is null
                    ? "This is not a report: it is null."
                    : $"This is a report of version {version.Version}; this program reads the versions 1 to {RunReport.CurrentVersion}.";
                return false;
            }
            RunReport read = JsonSerializer.Deserialize<RunReport>(json, Options)!;
            if (HasNullElement(read))
            {
                problem = "This is not a report: one of its lists holds null.";
                return false;
            }
            report = version.Version == 1 ? Upgrade(read) : read;
            problem = "";
            return true;
        }
        catch (JsonException e)
        {
            problem = e.Path is { Length: > 1 } path ? $"This is not a report: {path} is not as expected." : "This is not the JSON of a report.";
            return false;
        }
    }

    // Version 1 knew one model only, and did not name it.
    private static RunReport Upgrade(RunReport first) =>
        first with { Version = RunReport.CurrentVersion, Model = first.Model ?? new ReportModel { Kind = "logistic" } };

    // Nullable annotations are checked for properties, not for the elements of lists.
    private static bool HasNullElement(object value) =>
        value is IEnumerable list and not string
            ? list.Cast<object?>().Any(element => element is null || HasNullElement(element))
            : value.GetType() is { IsValueType: false } type && type != typeof(string)
                && type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Any(property => property.GetValue(value) is { } child && HasNullElement(child));

    private sealed record FileVersion(int Version = 0);
}
