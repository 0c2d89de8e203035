using System.Globalization;

namespace QuantumFed.Qkd.Tests;

/// <summary>A journal in one file, replaced as a whole: the state's line, then a line for every delivered key.</summary>
internal sealed class FileJournal(string path) : ILinkJournal
{
    public byte[] State => Convert.FromHexString(File.ReadLines(path).First());

    public Dictionary<ulong, byte[]> Delivered => File.ReadLines(path).Skip(1).Select(line => line.Split(' '))
        .ToDictionary(words => ulong.Parse(words[0], CultureInfo.InvariantCulture), words => Convert.FromHexString(words[1]));

    public static FileJournal Create(string path, byte[] state)
    {
        File.WriteAllLines(path, [Convert.ToHexString(state)]);
        return new FileJournal(path);
    }

    public ValueTask SaveAsync(ReadOnlyMemory<byte> state, DeliveredKey? delivered)
    {
        List<string> lines = [.. File.ReadLines(path)];
        lines[0] = Convert.ToHexString(state.Span);
        if (delivered is { } key)
            lines.Add($"{key.Block} {Convert.ToHexString(key.Key.Span)}");
        File.WriteAllLines(path + ".new", lines);
        File.Move(path + ".new", path, overwrite: true);
        return ValueTask.CompletedTask;
    }
}
