using System.Text.Json;
using System.Text.Json.Serialization;

namespace QuantumFed.Node;

/// <summary>Reading and writing a party's settings.json: strict, so that a misspelt name is an error and not a default.</summary>
public static class SettingsFile
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
        WriteIndented = true,
    };

    /// <summary>Reads settings and asks them what is wrong with them. Relative paths in them are relative to the file's folder.</summary>
    /// <exception cref="SettingsException">The file is missing, unreadable, or has failures.</exception>
    public static TSettings Read<TSettings>(string path)
        where TSettings : class, ISettings
    {
        TSettings? settings;
        try
        {
            settings = JsonSerializer.Deserialize<TSettings>(File.ReadAllBytes(path), Options);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new SettingsException(path, [error.Message]);
        }
        IReadOnlyList<string> failures = settings is null ? ["the file holds nothing"] : [.. settings.Failures()];
        return failures.Count == 0 ? settings! : throw new SettingsException(path, failures);
    }

    /// <summary>Writes settings.</summary>
    public static void Write<TSettings>(string path, TSettings settings)
        where TSettings : class, ISettings => File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(settings, Options));
}
