namespace QuantumFed.Transport;

/// <summary>
/// The part of OpenSSL's config(5) that the profile's file uses: comments, sections, and <c>name = value</c>. A file with an include or
/// a variable is refused rather than understood half.
/// </summary>
internal static class OpenSslConfiguration
{
    /// <summary>Reads the sections by name; the default section is "".</summary>
    /// <exception cref="IOException">The file cannot be read or uses more than the profile needs.</exception>
    public static Dictionary<string, Dictionary<string, string>> Read(string path)
    {
        Dictionary<string, Dictionary<string, string>> sections = new(StringComparer.Ordinal);
        Dictionary<string, string> current = sections[""] = NewSection();
        foreach (string raw in File.ReadLines(path))
        {
            int comment = raw.IndexOf('#', StringComparison.Ordinal);
            string line = (comment < 0 ? raw : raw[..comment]).Trim();
            if (line.Length == 0)
                continue;
            if (line[0] == '[' && line[^1] == ']')
            {
                string name = line[1..^1].Trim();
                if (!sections.TryGetValue(name, out Dictionary<string, string>? section))
                    section = sections[name] = NewSection();
                current = section;
                continue;
            }
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || line[0] == '.' || line.Contains('$', StringComparison.Ordinal) || line[^1] == '\\')
                throw new IOException($"'{line}' is none of the plain settings the profile consists of.");
            current[line[..equals].Trim()] = line[(equals + 1)..].Trim();
        }
        return sections;
    }

    private static Dictionary<string, string> NewSection() => new(StringComparer.OrdinalIgnoreCase);
}
