namespace QuantumFed.Node;

/// <summary>Settings of a development ledger.</summary>
/// <param name="Agreement">Path of the agreement.</param>
/// <param name="Port">The loopback port of its JSON-RPC.</param>
public sealed record LedgerSettings(string Agreement, int Port) : ISettings
{
    /// <inheritdoc/>
    public IEnumerable<string> Failures()
    {
        if (string.IsNullOrWhiteSpace(Agreement))
            yield return "agreement is empty";
        if (Port is < 1 or > 65535)
            yield return $"port is {Port}, not in 1 to 65535";
    }
}
