using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Protocol;

/// <summary>
/// What the founders of a federation signed: who takes part with which keys, on which ledger, to train what, by which thresholds. It is a JSON
/// file for people to read; its digest is over the file's bytes as they are. Every party holds its own copy.
/// </summary>
public sealed class ConsortiumAgreement
{
    private readonly byte[] _bytes;

    internal ConsortiumAgreement(byte[] bytes) => _bytes = bytes;

    /// <summary>The federation.</summary>
    public required FederationId Federation { get; init; }

    /// <summary>The ledger.</summary>
    public required AgreedLedger Ledger { get; init; }

    /// <summary>The coordinator.</summary>
    public required AgreedCoordinator Coordinator { get; init; }

    /// <summary>The members, ascending by name. All of them sit on the committee, the i-th at point i + 1.</summary>
    public required IReadOnlyList<AgreedMember> Members { get; init; }

    /// <summary>How many committee members open a sum together (t).</summary>
    public required int Threshold { get; init; }

    /// <summary>The fewest members whose sum may be opened: at least 3, and 3 more than the tolerated colluders.</summary>
    public required int MinParticipants { get; init; }

    /// <summary>Members that may collude without learning another's update from the difference of two openings (k).</summary>
    public required int ToleratedColluders { get; init; }

    /// <summary>The task.</summary>
    public required LearningTask Task { get; init; }

    /// <summary>How long members may take to train and commit.</summary>
    public required TimeSpan CommitTime { get; init; }

    /// <summary>How long each later step may take.</summary>
    public required TimeSpan StepTime { get; init; }

    /// <summary>SHA-256 of the file's bytes.</summary>
    public Digest Digest => Digest.Of(_bytes);

    /// <summary>Reads an agreement's file; on <see langword="false"/>, <paramref name="failure"/> says what is wrong with it.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ConsortiumAgreement? agreement, [NotNullWhen(false)] out string? failure) =>
        AgreementFile.TryParse(bytes, out agreement, out failure);

    /// <summary>The members that are not suspended.</summary>
    public IEnumerable<AgreedMember> ActiveMembers => Members.Where(member => !member.Suspended);

    /// <summary>The member of that name, or null.</summary>
    public AgreedMember? Find(MemberId id) => Members.FirstOrDefault(member => member.Id == id);

    /// <summary>The member with that ledger account, or null.</summary>
    public AgreedMember? Find(EthereumAddress account) => Members.FirstOrDefault(member => member.Account == account);

    /// <summary>The committee point of a member of this agreement.</summary>
    /// <exception cref="ArgumentException">No such member.</exception>
    public ushort ReceiverOf(MemberId id)
    {
        for (int i = 0; i < Members.Count; i++)
        {
            if (Members[i].Id == id)
                return (ushort)(i + 1);
        }
        throw new ArgumentException($"'{id}' is not a member of the consortium.", nameof(id));
    }

    /// <summary>The record key of a party, coordinator included, or null.</summary>
    public VerificationKey? KeyOf(MemberId id) => id == Coordinator.Id ? Coordinator.Key : Find(id)?.Key;

    /// <summary>
    /// The agreement in force after votes of the members: the same names, accounts and terms, under the same digest, with the keys that the registry has now and
    /// with members suspended.
    /// </summary>
    /// <param name="coordinator">The same coordinator, perhaps with other keys.</param>
    /// <param name="members">The same members in the same order, perhaps with other keys, or suspended.</param>
    /// <exception cref="ArgumentException">A party is another.</exception>
    public ConsortiumAgreement InForce(AgreedCoordinator coordinator, IReadOnlyList<AgreedMember> members)
    {
        if (coordinator.Id != Coordinator.Id || coordinator.Account != Coordinator.Account
            || !members.Select(member => (member.Id, member.Account)).SequenceEqual(Members.Select(member => (member.Id, member.Account))))
            throw new ArgumentException("An agreement in force has the parties of the agreement.", nameof(members));
        return new ConsortiumAgreement(_bytes)
        {
            Federation = Federation,
            Ledger = Ledger,
            Coordinator = coordinator,
            Members = members,
            Threshold = Threshold,
            MinParticipants = MinParticipants,
            ToleratedColluders = ToleratedColluders,
            Task = Task,
            CommitTime = CommitTime,
            StepTime = StepTime,
        };
    }

    /// <summary>The file's bytes, in a new array.</summary>
    public byte[] ToArray() => (byte[])_bytes.Clone();
}
