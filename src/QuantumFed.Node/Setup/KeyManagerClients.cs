using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.Node;

/// <summary>A party's clients of its key managers, one for each quantum link that the agreement gives it. Disposed together.</summary>
internal sealed class KeyManagerClients : IDisposable
{
    private readonly Dictionary<MemberId, EtsiKeySource> _clients = [];

    /// <summary>By member, the key manager at this party's end of that member's link.</summary>
    public IReadOnlyDictionary<MemberId, IQuantumKeySource> Sources => _clients.ToDictionary(pair => pair.Key, pair => (IQuantumKeySource)pair.Value);

    /// <summary>A member's own.</summary>
    /// <exception cref="SettingsException">Settings and agreement disagree on whether there is a link.</exception>
    public static KeyManagerClients ForMember(string settingsPath, MemberSettings settings, AgreedMember self, NodeIdentity identity, TimeProvider time)
    {
        if (self.Link is null && settings.KeyManager is not null)
            throw new SettingsException(settingsPath, ["keyManager is set, but the agreement gives this member no quantum link"]);
        if (self.Link is not null && settings.KeyManager is null)
            throw new SettingsException(settingsPath, ["the agreement gives this member a quantum link; keyManager must say where its key manager is"]);
        var clients = new KeyManagerClients();
        if (settings.KeyManager is { } manager)
            clients.Add(self.Id, manager, identity, time);
        return clients;
    }

    /// <summary>The coordinator's, one a link.</summary>
    /// <exception cref="SettingsException">Settings and agreement disagree on who has a link.</exception>
    public static KeyManagerClients ForCoordinator(
        string settingsPath, CoordinatorSettings settings, ConsortiumAgreement agreement, NodeIdentity identity, TimeProvider time)
    {
        IReadOnlyDictionary<string, KeyManagerSettings> managers = settings.KeyManagers ?? new Dictionary<string, KeyManagerSettings>();
        MemberId[] linked = [.. agreement.Members.Where(member => member.Link is not null).Select(member => member.Id)];
        string[] failures =
        [
            .. linked.Where(member => !managers.ContainsKey(member.Name)).Select(member => $"the agreement gives '{member}' a quantum link; keyManagers must say where this end's key manager is"),
            .. managers.Keys.Except(linked.Select(member => member.Name)).Select(name => $"keyManagers has '{name}', to which the agreement gives no quantum link"),
        ];
        if (failures.Length > 0)
            throw new SettingsException(settingsPath, failures);
        var clients = new KeyManagerClients();
        foreach (MemberId member in linked)
            clients.Add(member, managers[member.Name], identity, time);
        return clients;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (EtsiKeySource client in _clients.Values)
            client.Dispose();
    }

    private void Add(MemberId member, KeyManagerSettings manager, NodeIdentity identity, TimeProvider time) =>
        _clients.Add(member, EtsiKeySource.Create(manager.Address, identity, MemberId.Parse(manager.Name), time: time));
}
