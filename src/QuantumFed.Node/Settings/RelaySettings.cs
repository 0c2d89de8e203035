using QuantumFed.Qkd;

namespace QuantumFed.Node;

/// <summary>Settings of a route of quantum links over trusted nodes. All nodes hold the same file.</summary>
/// <param name="Name">The route's name, in logs and metrics.</param>
/// <param name="Nodes">Its nodes, in order; every node but the ends learns every key.</param>
/// <param name="MostKeys">How many keys of 256 bits the ends' pools hold.</param>
public sealed record RelaySettings(string Name, IReadOnlyList<RelayNodeSettings> Nodes, int MostKeys = RelaySettings.DefaultMostKeys) : ISettings
{
    /// <summary>The pools' size unless said: smaller than a link's, which pays for it.</summary>
    public const int DefaultMostKeys = 512;

    /// <inheritdoc/>
    public IEnumerable<string> Failures()
    {
        if (string.IsNullOrWhiteSpace(Name) || Name.Length > 64 || Name.Any(char.IsControl))
            yield return "name is empty, longer than 64 characters, or has control characters";
        // JSON's null gets past the declared type of a list's entries.
        if (Nodes.Any(node => node is null))
        {
            yield return "nodes has an entry that is null";
            yield break;
        }
        if (Nodes.Count < 3 || Nodes.Count > RelayPath.MostHops + 1)
            yield return $"nodes has {Nodes.Count} entries; a route has 3 to {RelayPath.MostHops + 1}: two ends, and trusted nodes between them";
        if (Nodes.Select(node => node.Name).Distinct().Count() != Nodes.Count)
            yield return "nodes names a node twice";
        for (int i = 0; i < Nodes.Count; i++)
        {
            foreach (string failure in Nodes[i].Failures($"nodes[{i}]", i == 0, i == Nodes.Count - 1))
                yield return failure;
        }
        if (MostKeys is < 64 or > 1_000_000)
            yield return $"mostKeys is {MostKeys}, not 64 to 1000000";
    }
}
