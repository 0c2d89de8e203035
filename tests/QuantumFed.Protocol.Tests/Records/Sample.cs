namespace QuantumFed.Protocol.Tests;

/// <summary>One record of each kind, the same in every run.</summary>
internal static class Sample
{
    public static readonly FederationId Federation = new(Of("federation"));
    public static readonly EthereumAddress Account = EthereumAddress.Parse("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed");
    public static readonly MemberId East = MemberId.Parse("east");
    public static readonly MemberId North = MemberId.Parse("north");
    public static readonly MemberId South = MemberId.Parse("south");
    public static readonly MemberId West = MemberId.Parse("west");

    public static Consent Consent => new(Of("agreement"));

    public static RoundKey RoundKey => new(Federation, new RoundId(5), new byte[] { 1, 2, 3 });

    public static RoundPlan Plan => new()
    {
        Federation = Federation,
        ChainId = 31337,
        Contract = EthereumAddress.Parse("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"),
        Agreement = Of("agreement"),
        Round = new RoundId(5),
        Purpose = RoundPurpose.NewtonStep,
        PreviousModel = Of("model"),
        Parties = 4,
        BitsPerValue = 26,
        ValueCount = 1234,
        MinParticipants = 3,
        CommitDeadline = 1_800_000_000,
        Committee = [new CommitteeSeat(1, East, Of("k1")), new CommitteeSeat(2, North, Of("k2")), new CommitteeSeat(4, West, Of("k4"))],
    };

    public static UpdateManifest Manifest =>
        new(Of("plan"), Of("seed"), North, Of("salt"), Of("ciphertext"), [Of("s1"), Of("s2"), Of("s4")]);

    public static PayloadHeader Header => new(Of("commitment"), new byte[] { 9, 8 });

    public static ShareReport Report => new(Of("plan"), Of("challenge"), 2,
    [
        new ShareFinding(East, ShareVerdict.Opened, new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 }),
        new ShareFinding(North, ShareVerdict.DoesNotOpen, default),
        new ShareFinding(West, ShareVerdict.NotTheCommitted, default),
    ]);

    public static RoundClosing Closing => new(
        Of("plan"), [East, North, South], [new Exclusion(West, ExclusionReason.InconsistentShares)], [Of("r1"), Of("r2"), Of("r3")]);

    public static KeySumShare KeySum => new(Of("closing"), 3, new byte[] { 4, 5, 6 });

    public static RoundOutcome Outcome => new(Of("closing"), [1, 2, 4], [3], [10, ulong.MaxValue, 0], Of("next"));

    public static Finalization Finalization => new(Of("plan"), Of("transcript"), Of("root"), Of("next"), Of("metadata"));

    public static Attestation Attestation => new(Of("plan"), Of("root"), Of("next"), 77, Of("block"));

    public static Abandonment Abandonment => new(Federation, new RoundId(5), AbandonReason.TooFewCommitments, "Only 2 members committed.");

    public static LinkReport LinkReport => new(Of("plan"), LinkOutcome.Downgraded, LinkFailure.LinkAlarm, 7, "QBER 26.4 % over 3 blocks, größer als 11 %");

    public static RegistryProposal Proposal => new(
        Federation, 31337, Account, 4, RegistryChange.Admit, Account, PartyRole.Regulator, Of("signing key"), Of("sealing key"));

    public static RegistryVote Vote => new(Federation, 31337, Account, 4, Of("proposal"), Support: true);

    public static KeyCeremony Ceremony => new(Federation, 31337, Account, CeremonyKind.QuantumLink, Of("minutes"));

    public static RoundMetadata Metadata => new(Of("plan"), RoundPurpose.NewtonStep, 4, 3, 1, 4, 1_800_000_000, "QuantumFed 0.0.0");

    public static TranscriptIndex Transcript => new([new TranscriptEntry("plan", Of("plan")), new TranscriptEntry("ciphertext/north", Of("c"))]);

    public static Digest Of(string text) => Digest.Of(System.Text.Encoding.UTF8.GetBytes(text));

    public static byte[] Bytes<TRecord>(TRecord record)
        where TRecord : IRecord<TRecord>
    {
        var writer = new CanonicalWriter();
        record.WriteTo(writer);
        return writer.ToArray();
    }

    /// <summary>A message of that body with a signature that is none: for what concerns its form only.</summary>
    public static SignedMessage Unsigned(RecordKind kind, byte[] body) =>
        SignedMessage.TryParse(
            new CanonicalWriter().Byte((byte)kind).Member(North).Bytes(body).Bytes(new byte[SignedMessage.SignatureSizeInBytes]).ToArray(),
            out SignedMessage? message)
            ? message
            : throw new InvalidOperationException("The form of a signed message has changed.");
}
