using System.Text.Json;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>
/// Anvil's state file. Each start makes a first block anew before the file is read, and both are kept in the file: at the next start but one, which of
/// them is block 0 is left to chance, and the chain would be taken for another. So only the one that block 1 follows stays.
/// </summary>
internal static class AnvilState
{
    /// <summary>Takes superfluous first blocks out of a file that exists. A file that is not understood is left to anvil.</summary>
    public static void KeepOneGenesis(string path)
    {
        if (!File.Exists(path))
            return;
        try
        {
            using JsonDocument state = JsonDocument.Parse(File.ReadAllBytes(path));
            JsonElement[] blocks = [.. state.RootElement.GetProperty("blocks").EnumerateArray()];
            BlockHeader[] headers = [.. blocks.Select(block => BlockHeader.FromFields(block.GetProperty("header")))];
            Digest? genesis = headers.FirstOrDefault(header => header.Number == 1)?.ParentHash;
            bool[] stays = [.. headers.Select(header => header.Number > 0 || header.Hash == genesis)];
            if (genesis is null || stays.All(stay => stay))
                return;
            string written = path + ".part";
            using (FileStream file = File.Create(written))
            using (var writer = new Utf8JsonWriter(file))
            {
                writer.WriteStartObject();
                foreach (JsonProperty property in state.RootElement.EnumerateObject())
                {
                    if (property.Name != "blocks")
                    {
                        property.WriteTo(writer);
                        continue;
                    }
                    writer.WriteStartArray("blocks");
                    for (int i = 0; i < blocks.Length; i++)
                    {
                        if (stays[i])
                            blocks[i].WriteTo(writer);
                    }
                    writer.WriteEndArray();
                }
                writer.WriteEndObject();
                writer.Flush();
                file.Flush(flushToDisk: true);
            }
            File.Move(written, path, overwrite: true);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            // Another version's file, or a damaged one: anvil says so itself.
        }
    }
}
