namespace QuantumFed.Ledger;

/// <summary>Where a key's way through one node of a trie leads.</summary>
internal enum TrieStep
{
    /// <summary>The trie has no such key.</summary>
    Absent,

    /// <summary>To the key's value.</summary>
    Value,

    /// <summary>To the node of a hash.</summary>
    Hash,

    /// <summary>To a node that stands in this one.</summary>
    Embedded,
}
