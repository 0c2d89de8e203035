using System.Globalization;
using System.Numerics;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>The contracts' events in the agreement's names: a line for people, and named values for programs. Thread-safe.</summary>
public sealed class LedgerEventText(PartyDirectory parties)
{
    /// <summary>What happened, in one line.</summary>
    /// <exception cref="ArgumentException">The contracts have no such event.</exception>
    public string Of(LedgerEvent told)
    {
        ArgumentNullException.ThrowIfNull(told);
        var values = new AbiValues(told.Name, [.. told.Arguments.Select(argument => argument.Key)], [.. told.Arguments.Select(argument => argument.Value)]);
        string By(string argument) => parties.NameOf(values.Address(argument));
        return told.Name switch
        {
            _ when values.TryGet("roundId", out object? round) => $"round {round} " + OfRound(values, By),
            _ when values.TryGet("proposalId", out object? proposal) => $"proposal {proposal} " + OfProposal(values, By),
            "ConsortiumFounded" => $"consortium founded with {values.Get<BigInteger>("parties")} parties",
            "PartyAdmitted" => $"{By("account")} admitted as {Lower((PartyRole)values.Number("role"))}{Version(values)}",
            "PartySuspended" => $"{By("account")} suspended{Version(values)}",
            "PartyReinstated" => $"{By("account")} reinstated{Version(values)}",
            "RoleChanged" => $"{By("account")} is {Lower((PartyRole)values.Number("role"))} now{Version(values)}",
            "KeysChanged" => $"{By("account")} has new keys, record key {Short(values.Hash("signingKeyHash"))}{Version(values)}",
            "KeyCeremonyRecorded" => $"key ceremony recorded by {By("by")}: {Lower((CeremonyKind)values.Number("kind"))}, minutes {values.Hash("minutesHash")}",
            _ => throw new ArgumentException($"The contracts have no event {told.Name}.", nameof(told)),
        };
    }

    /// <summary>
    /// The event's arguments by their names in the contract: parties by name, numbers that stand for a word by the word, hashes and keys in hexadecimal,
    /// other numbers as <see cref="ulong"/>, lists as arrays.
    /// </summary>
    public IReadOnlyDictionary<string, object> Fields(LedgerEvent told)
    {
        ArgumentNullException.ThrowIfNull(told);
        return told.Arguments.ToDictionary(argument => argument.Key, argument => Field(argument.Key, argument.Value));
    }

    private static string OfProposal(AbiValues values, Func<string, string> by) => values.Name switch
    {
        "ProposalMade" => $"made by {by("proposer")}: "
            + ProposalText.Of((RegistryChange)values.Number("change"), by("account"), values.Number("role") is 0 ? null : (PartyRole)values.Number("role"))
            + $", open until {LedgerTime.Text(values.Number("expires"))}",
        "KeysProposed" => $"is about record key {Short(Digest.Of(values.Get<byte[]>("signingKey")))}"
            + (values.Get<byte[]>("sealingKey") is { Length: > 0 } sealing ? $" and sealing key {Short(Digest.Of(sealing))}" : ""),
        "VoteCast" => $"has a {(values.Get<bool>("support") ? "yes" : "no")} from {by("voter")}",
        "ProposalExecuted" => $"executed by {by("by")}: {values.Number("yes")} yes and {values.Number("no")} no of {values.Number("activeMembers")} members{Version(values)}",
        _ => throw new ArgumentException($"The contracts have no event {values.Name}.", nameof(values)),
    };

    private string OfRound(AbiValues values, Func<string, string> by) => values.Name switch
    {
        "RoundOpened" => $"opened under registry version {values.Number("registryVersion")}, for at least {values.Number("minParticipants")} members until "
            + LedgerTime.Text(values.Number("commitDeadline")),
        "UpdateCommitted" => $"committed to by {by("member")}",
        "CommitmentsFrozen" => $"frozen by {by("by")} with {values.Number("committedCount")} commitments",
        "RoundClosed" => $"closed over {Names(values.List("participants"))}" + string.Concat(
            values.List("excluded").Zip(values.List("reasons"), (member, reason) => $"; {NameOf(member)} excluded: {(ExclusionReason)(ulong)reason}")),
        "RoundFinalized" => $"finalised, model {Short(values.Hash("modelHash"))}",
        "RoundFailed" => "failed: its sum did not decode, the model stays",
        "RoundAbandoned" => $"abandoned by {by("by")}: {(AbandonReason)values.Number("reason")}",
        "RoundAttested" => $"attested by {by("member")}, model {Short(values.Hash("modelHash"))}",
        "RoundDisputed" => $"DISPUTED by {by("member")}, evidence {values.Hash("evidenceHash")}",
        "LinkReported" => $"link report of {by("member")}: no quantum key, "
            + ((LinkOutcome)values.Number("outcome") == LinkOutcome.Withheld ? "it sends no update" : "it seals with ML-KEM only"),
        _ => throw new ArgumentException($"The contracts have no event {values.Name}.", nameof(values)),
    };

    private object Field(string name, object value) => (name, value) switch
    {
        (_, EthereumAddress account) => parties.NameOf(account),
        (_, byte[] bytes) => Convert.ToHexStringLower(bytes),
        (_, object[] list) => list.Select(item => Field(name, item)).ToArray(),
        (_, BigInteger number) => number <= ulong.MaxValue && number.Sign >= 0 ? (ulong)number : number.ToString(CultureInfo.InvariantCulture),
        (_, Digest hash) => hash.ToString(),
        ("role", 0UL) => "None",
        ("role", ulong number) => ((PartyRole)number).ToString(),
        ("change", ulong number) => ((RegistryChange)number).ToString(),
        ("kind", ulong number) => ((CeremonyKind)number).ToString(),
        ("outcome", ulong number) => ((LinkOutcome)number).ToString(),
        ("reason", ulong number) => ((AbandonReason)number).ToString(),
        ("reasons", ulong number) => ((ExclusionReason)number).ToString(),
        _ => value,
    };

    private string Names(object[] accounts) => string.Join(", ", accounts.Select(NameOf).Order(StringComparer.Ordinal));

    private string NameOf(object account) => parties.NameOf((EthereumAddress)account);

    private static string Version(AbiValues values) => $", registry version {values.Number("version")}";

    private static string Lower(Enum value) => value.ToString().ToLowerInvariant();

    private static string Short(Digest digest) => digest.ToString()[..12];
}
