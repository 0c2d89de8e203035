using System.Net;
using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>One node of a route of quantum links.</summary>
/// <param name="Name">Its name, which is its certificate's, and its SAE id at its key managers.</param>
/// <param name="Folder">Its folder: certificate, and at the route's ends the store of its keys. Relative to the settings.</param>
/// <param name="Listen">Where it awaits the node before, such as 0.0.0.0:7460; not at the first.</param>
/// <param name="Address">Where the node before finds it, such as relay.example:7460; not at the first.</param>
/// <param name="Before">Its key manager on the link from the node before; not at the first.</param>
/// <param name="After">Its key manager on the link to the node after; not at the last.</param>
/// <param name="Serve">At the route's ends: where applications take keys (ETSI GS QKD 014).</param>
/// <param name="Applications">At the route's ends: who takes them.</param>
public sealed record RelayNodeSettings(
    string Name, string Folder, string? Listen = null, string? Address = null, KeyManagerSettings? Before = null, KeyManagerSettings? After = null, string? Serve = null,
    IReadOnlyList<string>? Applications = null)
{
    /// <summary>Every failure, as a plain sentence.</summary>
    /// <param name="setting">What the settings file calls the node.</param>
    /// <param name="isFirst">Whether it is the route's first.</param>
    /// <param name="isLast">Whether it is the route's last.</param>
    public IEnumerable<string> Failures(string setting, bool isFirst, bool isLast)
    {
        if (!MemberId.TryParse(Name, out _))
            yield return $"{setting}.name is '{Name}', not a name as certificates of the consortium have it";
        if (string.IsNullOrWhiteSpace(Folder))
            yield return $"{setting}.folder is empty";
        if (isFirst != Listen is null || (Listen is not null && (!IPEndPoint.TryParse(Listen, out IPEndPoint? listen) || listen.Port == 0)))
            yield return $"{setting}.listen is '{Listen}'; every node but the first has an address and port such as 0.0.0.0:7460";
        if (isFirst != Address is null || (Address is not null && !LinkSettings.IsHostAndPort(Address)))
            yield return $"{setting}.address is '{Address}'; every node but the first has a host and port such as relay.example:7460";
        if (isFirst != Before is null)
            yield return $"{setting}.before must be there at every node but the first";
        if (isLast != After is null)
            yield return $"{setting}.after must be there at every node but the last";
        bool isEnd = isFirst || isLast;
        if (isEnd != Serve is not null || (Serve is not null && (!IPEndPoint.TryParse(Serve, out IPEndPoint? serve) || serve.Port == 0)))
            yield return $"{setting}.serve is '{Serve}'; the first and the last node have an address and port such as 0.0.0.0:7450, the others none";
        if (isEnd != Applications is { Count: > 0 })
            yield return $"{setting}.applications names who takes keys at the first and the last node, and nobody at the others";
        foreach (string application in (Applications ?? []).Where(application => !MemberId.TryParse(application, out _)))
            yield return $"{setting}.applications has '{application}', which is no party's name";
        foreach (string failure in (Before?.Failures($"{setting}.before") ?? []).Concat(After?.Failures($"{setting}.after") ?? []))
            yield return failure;
    }
}
