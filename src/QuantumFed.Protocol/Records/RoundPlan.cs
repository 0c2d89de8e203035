namespace QuantumFed.Protocol;

/// <summary>
/// Everything the parties of a round must agree on before it starts. Its digest is what <c>openRound</c> records on the ledger, so
/// nobody can be shown another plan.
/// </summary>
public sealed record RoundPlan : IRecord<RoundPlan>
{
    /// <inheritdoc/>
    public static RecordKind Kind => RecordKind.RoundPlan;

    /// <summary>The federation.</summary>
    public required FederationId Federation { get; init; }

    /// <summary>The chain's id (EIP-155).</summary>
    public required ulong ChainId { get; init; }

    /// <summary>The contract the round is recorded by.</summary>
    public required EthereumAddress Contract { get; init; }

    /// <summary>Digest of the agreement's bytes.</summary>
    public required Digest Agreement { get; init; }

    /// <summary>The round.</summary>
    public required RoundId Round { get; init; }

    /// <summary>What the sum is for.</summary>
    public required RoundPurpose Purpose { get; init; }

    /// <summary>Digest of the model that members train on.</summary>
    public required Digest PreviousModel { get; init; }

    /// <summary>The most members whose updates can be added: the lattice's N.</summary>
    public required ushort Parties { get; init; }

    /// <summary>Bits of one encrypted value.</summary>
    public required byte BitsPerValue { get; init; }

    /// <summary>Encrypted values of one update.</summary>
    public required uint ValueCount { get; init; }

    /// <summary>The fewest members whose sum may be opened.</summary>
    public required ushort MinParticipants { get; init; }

    /// <summary>When commitments may be frozen without everyone, in Unix seconds.</summary>
    public required ulong CommitDeadline { get; init; }

    /// <summary>The committee of this round, ascending by receiver.</summary>
    public required IReadOnlyList<CommitteeSeat> Committee { get; init; }

    /// <inheritdoc/>
    public void WriteTo(CanonicalWriter writer) => writer
        .Digest(Federation.Value).UInt64(ChainId).Bytes(Contract.ToArray()).Digest(Agreement).UInt64(Round.Value)
        .Byte((byte)Purpose).Digest(PreviousModel).UInt16(Parties).Byte(BitsPerValue).UInt32(ValueCount)
        .UInt16(MinParticipants).UInt64(CommitDeadline)
        .List(Committee, (w, seat) => w.UInt16(seat.Receiver).Member(seat.Member).Digest(seat.RoundKey));

    /// <inheritdoc/>
    public static RoundPlan? Read(ref CanonicalReader reader)
    {
        var federation = new FederationId(reader.Digest());
        ulong chain = reader.UInt64();
        byte[] contract = reader.Bytes();
        reader.Require(contract.Length == EthereumAddress.SizeInBytes);
        if (reader.Failed)
            return null;
        var plan = new RoundPlan
        {
            Federation = federation,
            ChainId = chain,
            Contract = new EthereumAddress(contract),
            Agreement = reader.Digest(),
            Round = new RoundId(reader.UInt64()),
            Purpose = (RoundPurpose)reader.Byte(),
            PreviousModel = reader.Digest(),
            Parties = reader.UInt16(),
            BitsPerValue = reader.Byte(),
            ValueCount = reader.UInt32(),
            MinParticipants = reader.UInt16(),
            CommitDeadline = reader.UInt64(),
            Committee = ReadCommittee(ref reader),
        };
        reader.Require(Enum.IsDefined(plan.Purpose));
        return plan;
    }

    private static CommitteeSeat[] ReadCommittee(ref CanonicalReader reader)
    {
        var seats = new CommitteeSeat[reader.Count(2 + 4 + 1 + Digest.SizeInBytes)];
        for (int i = 0; i < seats.Length; i++)
        {
            seats[i] = new CommitteeSeat(reader.UInt16(), reader.Member(), reader.Digest());
            reader.Require(i == 0 || seats[i].Receiver > seats[i - 1].Receiver);
        }
        return seats;
    }
}
