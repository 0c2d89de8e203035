using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>Where a party's own key manager serves the keys of a quantum link (ETSI GS QKD 014).</summary>
/// <param name="Address">Its address, such as https://kme.hospital.example:7450.</param>
/// <param name="Name">The name in its certificate.</param>
public sealed record KeyManagerSettings(Uri Address, string Name)
{
    /// <summary>Every failure, as a plain sentence that begins with the setting's name.</summary>
    /// <param name="setting">What the settings file calls it.</param>
    public IEnumerable<string> Failures(string setting)
    {
        if (!Address.IsAbsoluteUri || Address.Scheme != "https" || Address.PathAndQuery != "/" || Address.UserInfo.Length > 0)
            yield return $"{setting}.address is '{Address}', not an https address such as https://kme.hospital.example:7450";
        if (!MemberId.TryParse(Name, out _))
            yield return $"{setting}.name is '{Name}', not the name in a certificate of the consortium";
    }
}
