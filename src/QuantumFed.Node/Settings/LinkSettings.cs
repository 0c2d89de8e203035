using System.Net;

namespace QuantumFed.Node;

/// <summary>Settings of a quantum link with its two key managers. Both ends hold the same file.</summary>
/// <param name="Name">The link's name, in logs and metrics.</param>
/// <param name="Fibre">What is simulated in the place of a fibre.</param>
/// <param name="Transmitter">The end that sends light, and dials.</param>
/// <param name="Receiver">The end that measures, and listens.</param>
/// <param name="LinkListen">Where the receiver's key manager awaits the transmitter's, such as 0.0.0.0:7452.</param>
/// <param name="LinkAddress">Where the transmitter's finds it, such as kme.hospital.example:7452.</param>
/// <param name="MostKeys">How many keys of 256 bits the pool holds; it is filled up whenever there is room for a block.</param>
public sealed record LinkSettings(
    string Name, FibreSettings Fibre, LinkEndSettings Transmitter, LinkEndSettings Receiver, string LinkListen, string LinkAddress,
    int MostKeys = LinkSettings.DefaultMostKeys) : ISettings
{
    /// <summary>The pool's size unless said.</summary>
    public const int DefaultMostKeys = 4096;

    /// <inheritdoc/>
    public IEnumerable<string> Failures()
    {
        if (string.IsNullOrWhiteSpace(Name) || Name.Length > 64 || Name.Any(char.IsControl))
            yield return "name is empty, longer than 64 characters, or has control characters";
        foreach (string failure in Fibre.Failures().Concat(Transmitter.Failures("transmitter")).Concat(Receiver.Failures("receiver")))
            yield return failure;
        if (Transmitter.Name == Receiver.Name)
            yield return $"both ends are called '{Transmitter.Name}'";
        if (!IPEndPoint.TryParse(LinkListen, out IPEndPoint? endPoint) || endPoint.Port == 0)
            yield return $"linkListen is '{LinkListen}', not an address and port such as 0.0.0.0:7452";
        if (!IsHostAndPort(LinkAddress))
            yield return $"linkAddress is '{LinkAddress}', not a host and port such as kme.hospital.example:7452";
        if (MostKeys is < 64 or > 1_000_000)
            yield return $"mostKeys is {MostKeys}, not 64 to 1000000";
    }

    /// <summary>Whether a text is a host and a port, such as kme.hospital.example:7452.</summary>
    internal static bool IsHostAndPort(string text) =>
        Uri.TryCreate("tls://" + text, UriKind.Absolute, out Uri? address) && address.Port > 0 && address.PathAndQuery is ("" or "/") && address.UserInfo.Length == 0;
}
