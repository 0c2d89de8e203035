using System.Buffers;
using System.Buffers.Text;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Transport;

/// <summary>
/// Custom metadata of a call, in order and with repetitions ("gRPC over HTTP/2", Custom-Metadata). Names are lower case; a name ending in
/// <c>-bin</c> holds bytes, sent as base64 without padding and read with or without. Immutable.
/// </summary>
public sealed class GrpcMetadata
{
    private const string BinarySuffix = "-bin";

    /// <summary>The characters of a name (Header-Name).</summary>
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("0123456789_-.abcdefghijklmnopqrstuvwxyz");

    /// <summary>The characters of a text value (ASCII-Value).</summary>
    private static readonly SearchValues<char> TextCharacters = SearchValues.Create(Enumerable.Range(0x20, 0x7f - 0x20).Select(c => (char)c).ToArray());

    /// <summary>Headers that belong to HTTP or the call and are not metadata; so do all that begin with "grpc-".</summary>
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "content-type", "content-length", "accept-encoding", "te", "host", "user-agent", "connection", "transfer-encoding", "upgrade", "keep-alive",
        "proxy-connection", "trailer", "date", "server",
    };

    private readonly ImmutableArray<GrpcMetadataEntry> _entries;

    private GrpcMetadata(ImmutableArray<GrpcMetadataEntry> entries) => _entries = entries;

    /// <summary>No entries.</summary>
    public static GrpcMetadata Empty { get; } = new([]);

    /// <summary>The entries in order.</summary>
    public IReadOnlyList<GrpcMetadataEntry> Entries => _entries;

    /// <summary>These entries and one more.</summary>
    /// <param name="name">Lower-case letters, digits, '-', '_', '.'; neither <c>-bin</c> at the end nor reserved.</param>
    /// <param name="text">Printable ASCII.</param>
    /// <exception cref="ArgumentException">The name or the text is not allowed.</exception>
    public GrpcMetadata With(string name, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        RequireName(name, binary: false);
        if (text.AsSpan().ContainsAnyExcept(TextCharacters))
            throw new ArgumentException("A text value is printable ASCII; other bytes go into a '-bin' entry.", nameof(text));
        return new GrpcMetadata(_entries.Add(new GrpcMetadataEntry(name, text, default)));
    }

    /// <summary>These entries and one more.</summary>
    /// <param name="name">As for texts, ending in <c>-bin</c>.</param>
    /// <param name="bytes">The bytes, copied.</param>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    public GrpcMetadata WithBinary(string name, ReadOnlySpan<byte> bytes)
    {
        RequireName(name, binary: true);
        return new GrpcMetadata(_entries.Add(new GrpcMetadataEntry(name, "", bytes.ToArray())));
    }

    /// <summary>The first text under a name.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out string? text)
    {
        text = null;
        foreach (GrpcMetadataEntry entry in _entries)
        {
            if (entry.Name == name)
            {
                text = entry.Text;
                return true;
            }
        }
        return false;
    }

    /// <summary>The first bytes under a name ending in <c>-bin</c>.</summary>
    public bool TryGetBinary(string name, out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        foreach (GrpcMetadataEntry entry in _entries)
        {
            if (entry.Name == name)
            {
                bytes = entry.Binary;
                return true;
            }
        }
        return false;
    }

    /// <summary>The value as it stands in a header.</summary>
    internal static string WireValue(GrpcMetadataEntry entry) =>
        entry.Name.EndsWith(BinarySuffix, StringComparison.Ordinal) ? Convert.ToBase64String(entry.Binary.Span).TrimEnd('=') : entry.Text;

    /// <summary>Takes the metadata out of HTTP headers; <see langword="false"/> if a binary value is not base64 (those are left out).</summary>
    internal static bool TryRead(IEnumerable<KeyValuePair<string, IEnumerable<string?>>> headers, out GrpcMetadata metadata)
    {
        ImmutableArray<GrpcMetadataEntry>.Builder entries = ImmutableArray.CreateBuilder<GrpcMetadataEntry>();
        bool wellFormed = true;
        foreach ((string header, IEnumerable<string?> values) in headers)
        {
            string name = header.ToLowerInvariant();
            if (IsReserved(name) || name.AsSpan().ContainsAnyExcept(NameCharacters))
                continue;
            foreach (string value in values.Select(value => value ?? ""))
            {
                if (!name.EndsWith(BinarySuffix, StringComparison.Ordinal))
                {
                    entries.Add(new GrpcMetadataEntry(name, value, default));
                    continue;
                }
                // HTTP may have joined several values by commas, which base64 does not contain.
                foreach (string part in value.Split(','))
                {
                    if (TryDecode(part.Trim(), out byte[] bytes))
                        entries.Add(new GrpcMetadataEntry(name, "", bytes));
                    else
                        wellFormed = false;
                }
            }
        }
        metadata = entries.Count == 0 ? Empty : new GrpcMetadata(entries.ToImmutable());
        return wellFormed;
    }

    private static bool TryDecode(string text, out byte[] bytes)
    {
        string unpadded = text.TrimEnd('=');
        string padded = unpadded + (unpadded.Length % 4) switch { 2 => "==", 3 => "=", _ => "" };
        bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(padded.Length)];
        if (text.Length - unpadded.Length > 2 || !Convert.TryFromBase64String(padded, bytes, out int written))
            return false;
        Array.Resize(ref bytes, written);
        return true;
    }

    private static bool IsReserved(string name) =>
        name.Length == 0 || name[0] == ':' || name.StartsWith("grpc-", StringComparison.Ordinal) || Reserved.Contains(name);

    private static void RequireName(string name, bool binary)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.AsSpan().ContainsAnyExcept(NameCharacters))
            throw new ArgumentException($"'{name}' is not a name of lower-case letters, digits, '-', '_' and '.'.", nameof(name));
        if (IsReserved(name))
            throw new ArgumentException($"'{name}' is reserved.", nameof(name));
        if (name.EndsWith(BinarySuffix, StringComparison.Ordinal) != binary)
            throw new ArgumentException("Names ending in '-bin' are those of bytes, and only those.", nameof(name));
    }
}
