using System.Net;
using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>One end of a quantum link: its key manager.</summary>
/// <param name="Name">The key manager's name, which is its certificate's.</param>
/// <param name="Folder">Its folder: certificate, the secret that the link began with, the store of its keys. Relative to the settings.</param>
/// <param name="Listen">Address and port of its interface for applications (ETSI GS QKD 014), such as 0.0.0.0:7450.</param>
/// <param name="Applications">The parties (SAEs) that take keys at this end.</param>
public sealed record LinkEndSettings(string Name, string Folder, string Listen, IReadOnlyList<string> Applications)
{
    /// <summary>Every failure, as a plain sentence.</summary>
    /// <param name="end">What the settings file calls the end.</param>
    public IEnumerable<string> Failures(string end)
    {
        if (!MemberId.TryParse(Name, out _))
            yield return $"{end}.name is '{Name}', not a name as certificates of the consortium have it";
        if (string.IsNullOrWhiteSpace(Folder))
            yield return $"{end}.folder is empty";
        else if (Folder.Any(char.IsControl))
            yield return $"{end}.folder has control characters";
        if (!IPEndPoint.TryParse(Listen, out IPEndPoint? endPoint) || endPoint.Port == 0)
            yield return $"{end}.listen is '{Listen}', not an address and port such as 0.0.0.0:7450";
        if (Applications.Count == 0)
            yield return $"{end}.applications is empty: nobody could take a key";
        foreach (string application in Applications.Where(application => !MemberId.TryParse(application, out _)))
            yield return $"{end}.applications has '{application}', which is no party's name";
    }
}
