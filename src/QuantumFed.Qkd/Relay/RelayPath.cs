using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace QuantumFed.Qkd;

/// <summary>The nodes that know a relayed key so far, in order: its origin, then every node that forwarded it. None comes twice. Immutable.</summary>
public sealed class RelayPath : IEquatable<RelayPath>
{
    /// <summary>The most hops of a key, which is the most nodes of a path.</summary>
    public const int MostHops = 16;

    private RelayPath(ImmutableArray<RelayNodeName> nodes) => Nodes = nodes;

    /// <summary>The nodes, 1 to <see cref="MostHops"/>.</summary>
    public ImmutableArray<RelayNodeName> Nodes { get; }

    /// <summary>The node that sends the next hop's message.</summary>
    public RelayNodeName Last => Nodes[^1];

    internal int SizeInBytes => 1 + Nodes.Sum(node => 1 + node.ToString().Length);

    /// <summary>A key's path at the node that made it.</summary>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static RelayPath From(RelayNodeName origin) =>
        origin == default ? throw new ArgumentException("A node has a name.", nameof(origin)) : new RelayPath([origin]);

    /// <summary>The path with the node that forwards the key next.</summary>
    /// <returns><see langword="false"/> when the node is on it already, or the path is full.</returns>
    public bool TryExtend(RelayNodeName node, [NotNullWhen(true)] out RelayPath? path)
    {
        path = node == default || Nodes.Length == MostHops || Nodes.Contains(node) ? null : new RelayPath(Nodes.Add(node));
        return path is not null;
    }

    /// <inheritdoc/>
    public bool Equals(RelayPath? other) => other is not null && Nodes.SequenceEqual(other.Nodes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RelayPath);

    /// <inheritdoc/>
    public override int GetHashCode() => Nodes.Aggregate(0, HashCode.Combine);

    /// <summary>The names, with arrows between them.</summary>
    public override string ToString() => string.Join(" > ", Nodes);

    internal void Write(Span<byte> destination)
    {
        destination[0] = (byte)Nodes.Length;
        destination = destination[1..];
        foreach (RelayNodeName node in Nodes)
        {
            destination[0] = (byte)Encoding.ASCII.GetBytes(node.ToString(), destination[1..]);
            destination = destination[(1 + destination[0])..];
        }
    }

    /// <summary>Reads a path from the beginning of <paramref name="bytes"/> and moves it behind; <see langword="false"/> for anything that <see cref="Write"/> does not make.</summary>
    internal static bool TryRead(ref ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out RelayPath? path)
    {
        path = null;
        if (bytes.IsEmpty || bytes[0] is 0 or > MostHops)
            return false;
        int count = bytes[0];
        bytes = bytes[1..];
        for (int i = 0; i < count; i++)
        {
            if (bytes.IsEmpty || bytes[0] >= bytes.Length || !RelayNodeName.TryRead(bytes.Slice(1, bytes[0]), out RelayNodeName node))
                return false;
            if (path is null)
                path = From(node);
            else if (!path.TryExtend(node, out path))
                return false;
            bytes = bytes[(1 + bytes[0])..];
        }
        return path is not null;
    }
}
