using System.Globalization;
using QuantumFed.Node;
using QuantumFed.Protocol;
using QuantumFed.Qkd;

namespace QuantumFed.Cli;

/// <summary>The quantum links of a demo: one between each member and the coordinator, each with its two key managers in a process of its own.</summary>
internal static class DemoLinks
{
    private const int PortsOfALink = 3;

    // Over 10 km, about 100,000 bits of key, in less than a second.
    private const double Pulses = 5e8;

    // More than any demo uses.
    private const int Keys = 256;

    private const string PartyPrefix = "link ";

    /// <summary>How many ports the links of so many members take.</summary>
    public static int PortsFor(LinkChoice? choice, int members) => choice is null ? 0 : PortsOfALink * members;

    /// <summary>The name under which a member's link tells of itself.</summary>
    public static string PartyOf(string member) => PartyPrefix + member;

    /// <summary>The member whose link a party is, or null.</summary>
    public static string? MemberOf(string party) => party.StartsWith(PartyPrefix, StringComparison.Ordinal) ? party[PartyPrefix.Length..] : null;

    /// <summary>The links' settings.</summary>
    /// <param name="choice">What was asked for.</param>
    /// <param name="members">The members.</param>
    /// <param name="ports">Free ports, as many as <see cref="PortsFor"/> says.</param>
    /// <exception cref="UsageException">Nobody of that name is there to be eavesdropped.</exception>
    public static WorkspaceLinks? Of(LinkChoice? choice, IReadOnlyList<string> members, IReadOnlyList<int> ports)
    {
        if (choice is null)
            return null;
        if (choice.Eavesdropped is { } victim && !members.Contains(victim))
            throw new UsageException($"--eavesdrop takes one of the members, {string.Join(", ", members)}, not '{victim}'.");
        return new WorkspaceLinks(
            choice.Policy, members.Select((name, i) => (Name: name, Ports: ports.Skip(PortsOfALink * i).ToArray(), Number: i + 1))
                .ToDictionary(member => MemberId.Parse(member.Name), member => Settings(choice, member.Name, member.Number, member.Ports)));
    }

    private static LinkSettings Settings(LinkChoice choice, string member, int number, int[] ports)
    {
        bool tapped = member == choice.Eavesdropped;
        return new LinkSettings(
            $"{member}-{RunProgress.Coordinator}",
            new FibreSettings(choice.Kilometres, Pulses, tapped ? choice.Attack : Eavesdroppers.None),
            new LinkEndSettings(string.Create(CultureInfo.InvariantCulture, $"kme-{number}-member"), "member-end", Local(ports[0]), [member]),
            new LinkEndSettings(string.Create(CultureInfo.InvariantCulture, $"kme-{number}-coordinator"), "coordinator-end", Local(ports[1]), [RunProgress.Coordinator]),
            Local(ports[2]), Local(ports[2]), Keys);
    }

    private static string Local(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
}
