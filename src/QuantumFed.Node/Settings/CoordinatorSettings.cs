using System.Net;
using System.Text.Json.Serialization;

namespace QuantumFed.Node;

/// <summary>Settings of a coordinator.</summary>
/// <param name="Agreement">Path of the agreement.</param>
/// <param name="Listen">Address and port to serve on, such as 0.0.0.0:7443.</param>
/// <param name="LedgerRpc">The ledger's JSON-RPC endpoint.</param>
/// <param name="Archive">Folder of the archive.</param>
public sealed record CoordinatorSettings(string Agreement, string Listen, Uri LedgerRpc, string Archive) : ISettings
{
    /// <summary>Where to serve.</summary>
    [JsonIgnore]
    public IPEndPoint ListenEndPoint => IPEndPoint.Parse(Listen);

    /// <inheritdoc/>
    public IEnumerable<string> Failures()
    {
        if (string.IsNullOrWhiteSpace(Agreement))
            yield return "agreement is empty";
        if (!IPEndPoint.TryParse(Listen, out IPEndPoint? endPoint) || endPoint.Port == 0)
            yield return $"listen is '{Listen}', not an address and port such as 0.0.0.0:7443";
        if (!LedgerRpc.IsAbsoluteUri || LedgerRpc.Scheme is not ("http" or "https"))
            yield return $"ledgerRpc is '{LedgerRpc}', not an http or https address";
        if (string.IsNullOrWhiteSpace(Archive))
            yield return "archive is empty";
    }
}
