using System.Text.Unicode;

namespace QuantumFed.Tables;

/// <summary>Finds what no CSV text contains, before anything is parsed: other encodings, compressed files, NUL bytes.</summary>
internal static class TextFileCheck
{
    private const int BlockSizeInBytes = 1 << 20;

    /// <summary>Reads a stream to its end or to the first fault.</summary>
    /// <returns>The line and the reason, or <see langword="null"/> where all of it is UTF-8 text.</returns>
    public static (int Line, string Reason)? Find(Stream stream)
    {
        byte[] block = new byte[BlockSizeInBytes];
        int held = 0, line = 1;
        bool first = true;
        while (true)
        {
            int read = stream.ReadAtLeast(block.AsSpan(held), block.Length - held, throwOnEndOfStream: false);
            bool end = read < block.Length - held;
            held += read;
            if (first && Signature(block.AsSpan(0, held)) is { } signature) return (0, signature);
            first = false;

            // A character of several bytes may go on in the next block: keep its beginning for then.
            int whole = held;
            if (!end)
            {
                while (whole > held - 4 && (block[whole - 1] & 0xC0) == 0x80) whole--;
                if (block[whole - 1] >= 0xC0) whole--;
                if (whole == 0) whole = held;
            }

            Span<byte> text = block.AsSpan(0, whole);
            if (text.Contains((byte)0) || !Utf8.IsValid(text)) return Locate(text, line);
            if (end) return null;
            line += text.Count((byte)'\n');
            block.AsSpan(whole, held - whole).CopyTo(block);
            held -= whole;
        }
    }

    private static string? Signature(ReadOnlySpan<byte> start) => start switch
    {
        [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] => "it is UTF-16 text; save it as UTF-8.",
        [0x1F, 0x8B, ..] => "it is compressed (gzip); unpack it first.",
        [(byte)'P', (byte)'K', 3, 4, ..] => "it is a zip archive or a spreadsheet; save the sheet as CSV.",
        _ => null,
    };

    private static (int Line, string Reason) Locate(ReadOnlySpan<byte> text, int line)
    {
        while (true)
        {
            int end = text.IndexOf((byte)'\n');
            ReadOnlySpan<byte> one = end < 0 ? text : text[..end];
            if (one.Contains((byte)0)) return (line, "there is a NUL byte; this is not a text file.");
            if (!Utf8.IsValid(one) || end < 0) return (line, "there are bytes that are not UTF-8 text (Latin-1 or Windows-1252, perhaps); save the file as UTF-8.");
            text = text[(end + 1)..];
            line++;
        }
    }
}
