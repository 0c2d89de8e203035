using QuantumFed.Protocol;

namespace QuantumFed.KeyManagement;

/// <summary>
/// A path of links over trusted nodes: its nodes in order, from where keys are made to where they arrive. Every node on it knows the keys; that is what
/// trusted means.
/// </summary>
public sealed record RelayRoute
{
    /// <summary>Checks a route.</summary>
    /// <param name="name">Its name, in logs and metrics.</param>
    /// <param name="nodes">At least three, none twice, at most <see cref="Qkd.RelayPath.MostHops"/> and the last.</param>
    /// <exception cref="ArgumentException">The nodes are no route.</exception>
    public RelayRoute(string name, IReadOnlyList<MemberId> nodes)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(nodes);
        if (nodes.Count < 3 || nodes.Count > Qkd.RelayPath.MostHops + 1 || nodes.Distinct().Count() != nodes.Count)
            throw new ArgumentException($"A route has 3 to {Qkd.RelayPath.MostHops + 1} different nodes: two ends, and trusted nodes between them.", nameof(nodes));
        (Name, Nodes) = (name, nodes);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its nodes, in order.</summary>
    public IReadOnlyList<MemberId> Nodes { get; }

    /// <summary>The node after this one, or null for the last.</summary>
    public MemberId? After(MemberId node) => IndexOf(node) is var at && at + 1 < Nodes.Count ? Nodes[at + 1] : null;

    /// <summary>The node before this one, or null for the first.</summary>
    public MemberId? Before(MemberId node) => IndexOf(node) is > 0 and var at ? Nodes[at - 1] : null;

    /// <summary>The nodes that a key must have passed when it comes to this one.</summary>
    public IEnumerable<MemberId> PathTo(MemberId node) => Nodes.Take(IndexOf(node));

    /// <summary>The names, with arrows between them.</summary>
    public override string ToString() => string.Join(" > ", Nodes);

    private int IndexOf(MemberId node) => Nodes.ToList().IndexOf(node) is >= 0 and var at ? at : throw new ArgumentException($"'{node}' is not on the route.", nameof(node));
}
