namespace QuantumFed.Protocol.Tests;

public sealed class RecordTests
{
    public static TheoryData<RecordKind> Kinds => [.. Enum.GetValues<RecordKind>()];

    // Golden bytes: the digest of each sample's encoding. They change only together with the format's version.
    private static readonly Dictionary<RecordKind, string> Golden = new()
    {
        [RecordKind.Consent] = "97f9fcb8523339002667ae56173c55f85f07b88bf570b7aeb1eb63c20f07a4fd",
        [RecordKind.RoundKey] = "70c207ab8ae50c63154067af061013c15993af8e13aa43eb7f8a452386e0f361",
        [RecordKind.RoundPlan] = "cab34936a358c74e663975eba74dc2b0a4ee14b6820ef9c16d76f7398badb867",
        [RecordKind.UpdateManifest] = "0c909c07e69e1fefd290614a06b6261c25a977a0d8bb6b4dbf626f8c17861e53",
        [RecordKind.PayloadHeader] = "0327e991af628ef9fd6576a575437d16e977bd5e8ccddcda260c137d97fa0f5f",
        [RecordKind.ShareReport] = "f13aab6283cbef5e053df18ebe7b6ebbae9d5025f096470b9b533865d6fdfa01",
        [RecordKind.RoundClosing] = "bb42ef5cd61ceedb018ac2dac238a4417dc79745a0f4b18bdbf669838c0851f2",
        [RecordKind.KeySumShare] = "0767c67e44894b5a8c30687602002416f0ea6a5717c3e742a9bb69d8601a0358",
        [RecordKind.RoundOutcome] = "9710a8d95306396bfb5254236f359b2d468a94319f4472c8fd9f4dd52d5bcbb6",
        [RecordKind.Finalization] = "e233ae7957b6820afb33f72befc4fedae8f52eb801f4909bf7f1ce0b2a5b4542",
        [RecordKind.Attestation] = "e7d6da16a2b487b1fed2e8f8be9060e161d7499d9715551cb3e8f7d201e91de5",
        [RecordKind.Abandonment] = "e286fbe0eb0ffcad6dc75be53ef119db1ce4c452555dd803612890adf02e8904",
        [RecordKind.LinkReport] = "8a7a63daab436677352197a01dd5b3368d373e63299f661dcf29175308398d0c",
        [RecordKind.RegistryProposal] = "37b7916174b4b287c40d1cdb782eb4724ab88ff45987823d66eb7032b0e656dd",
        [RecordKind.RegistryVote] = "c6466ff3250e6c0fd554b10ae969f2ffb04af542416b382c1072136a0bcac95c",
        [RecordKind.KeyCeremony] = "4541bef72a04d804781e476449bbc310ab9aa79d4d85cfea430d96e9cb337528",
    };

    [Theory, MemberData(nameof(Kinds))]
    public void The_bytes_of_a_record_do_not_change(RecordKind kind) => Assert.Equal(Golden[kind], Digest.Of(SampleBytes(kind)).ToString());

    [Theory, MemberData(nameof(Kinds))]
    public void A_record_is_read_back_from_its_bytes(RecordKind kind) => Assert.Equal(SampleBytes(kind), Again(kind, SampleBytes(kind)));

    [Theory, MemberData(nameof(Kinds))]
    public void A_record_cut_short_or_followed_by_anything_is_refused(RecordKind kind)
    {
        byte[] bytes = SampleBytes(kind);
        for (int length = 0; length < bytes.Length; length++)
            Assert.Null(Again(kind, bytes[..length]));
        Assert.Null(Again(kind, [.. bytes, 0]));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Whatever_bytes_are_read_as_a_record_are_its_only_encoding(RecordKind kind)
    {
        var random = new Random(1000 + (int)kind);
        byte[] sample = SampleBytes(kind);
        for (int run = 0; run < 3000; run++)
        {
            byte[] bytes = (byte[])sample.Clone();
            for (int change = random.Next(1, 4); change > 0; change--)
                bytes[random.Next(bytes.Length)] = (byte)(random.Next(3) == 0 ? random.Next(256) : random.Next(4));
            if (Again(kind, bytes) is { } again)
                Assert.Equal(bytes, again);
            random.NextBytes(bytes);
            if (Again(kind, bytes) is { } noise)
                Assert.Equal(bytes, noise);
        }
    }

    [Fact]
    public void The_fields_of_a_plan_come_back()
    {
        RoundPlan plan = Read<RoundPlan>(Sample.Bytes(Sample.Plan))!;
        Assert.Equal(Sample.Plan with { Committee = plan.Committee }, plan);
        Assert.Equal(Sample.Plan.Committee, plan.Committee);
    }

    [Fact]
    public void The_fields_of_a_closing_come_back()
    {
        RoundClosing closing = Read<RoundClosing>(Sample.Bytes(Sample.Closing))!;
        Assert.Equal(Sample.Closing.Participants, closing.Participants);
        Assert.Equal(Sample.Closing.Exclusions, closing.Exclusions);
        Assert.Equal(Sample.Closing.ShareReports, closing.ShareReports);
    }

    [Fact]
    public void Lists_out_of_order_or_with_repetitions_are_refused()
    {
        Assert.Null(Read<RoundClosing>(Sample.Bytes(Sample.Closing with { Participants = [Sample.North, Sample.East] })));
        Assert.Null(Read<RoundClosing>(Sample.Bytes(Sample.Closing with { Participants = [Sample.East, Sample.East] })));
        var exclusion = new Exclusion(Sample.West, ExclusionReason.NotDelivered);
        Assert.Null(Read<RoundClosing>(Sample.Bytes(Sample.Closing with { Exclusions = [exclusion, exclusion] })));
        Assert.Null(Read<RoundPlan>(Sample.Bytes(Sample.Plan with { Committee = [.. Sample.Plan.Committee.Reverse()] })));
        Assert.Null(Read<RoundPlan>(Sample.Bytes(Sample.Plan with { Committee = [Sample.Plan.Committee[0], Sample.Plan.Committee[0]] })));
        Assert.Null(Read<ShareReport>(Sample.Bytes(Sample.Report with { Findings = [.. Sample.Report.Findings.Reverse()] })));
        Assert.Null(Read<RoundOutcome>(Sample.Bytes(Sample.Outcome with { CombinedFrom = [2, 1, 4] })));
        Assert.Null(Read<RoundOutcome>(Sample.Bytes(Sample.Outcome with { Disagreeing = [3, 3] })));
    }

    [Fact]
    public void Values_that_an_enumeration_does_not_have_are_refused()
    {
        Assert.Null(Read<RoundPlan>(Sample.Bytes(Sample.Plan with { Purpose = (RoundPurpose)9 })));
        Assert.Null(Read<RoundClosing>(Sample.Bytes(Sample.Closing with { Exclusions = [new Exclusion(Sample.West, 0)] })));
        Assert.Null(Read<ShareReport>(Sample.Bytes(Sample.Report with { Findings = [new ShareFinding(Sample.West, 0, default)] })));
        Assert.Null(Read<Abandonment>(Sample.Bytes(Sample.Abandonment with { Reason = (AbandonReason)6 })));
        Assert.Null(Read<LinkReport>(Sample.Bytes(Sample.LinkReport with { Outcome = 0 })));
        Assert.Null(Read<LinkReport>(Sample.Bytes(Sample.LinkReport with { Outcome = (LinkOutcome)3 })));
        Assert.Null(Read<LinkReport>(Sample.Bytes(Sample.LinkReport with { Failure = 0 })));
        Assert.Null(Read<LinkReport>(Sample.Bytes(Sample.LinkReport with { Failure = (LinkFailure)7 })));
        Assert.Null(Read<RegistryProposal>(Sample.Bytes(Sample.Proposal with { Change = 0 })));
        Assert.Null(Read<RegistryProposal>(Sample.Bytes(Sample.Proposal with { Role = (PartyRole)4 })));
        Assert.Null(Read<KeyCeremony>(Sample.Bytes(Sample.Ceremony with { About = 0 })));
    }

    [Fact]
    public void The_metadata_of_a_round_comes_back_and_nothing_else_is_taken_for_it()
    {
        byte[] bytes = Sample.Metadata.ToArray();
        Assert.True(RoundMetadata.TryParse(bytes, out RoundMetadata? read));
        Assert.Equal(Sample.Metadata, read);
        for (int length = 0; length < bytes.Length; length++)
            Assert.False(RoundMetadata.TryParse(bytes.AsSpan(0, length), out _));
        Assert.False(RoundMetadata.TryParse([.. bytes, 0], out _));
        Assert.False(RoundMetadata.TryParse((Sample.Metadata with { Purpose = (RoundPurpose)9 }).ToArray(), out _));
        Assert.False(RoundMetadata.TryParse((Sample.Metadata with { Software = new string('x', 101) }).ToArray(), out _));
    }

    [Fact]
    public void A_commitment_binds_every_field_of_the_manifest()
    {
        UpdateManifest manifest = Sample.Manifest;
        Digest other = Sample.Of("other");
        UpdateManifest[] changed =
        [
            manifest with { Plan = other }, manifest with { Seed = other }, manifest with { Member = Sample.South }, manifest with { Salt = other },
            manifest with { Ciphertext = other }, manifest with { SealedShares = [.. manifest.SealedShares.Reverse()] },
            manifest with { SealedShares = [.. manifest.SealedShares.Skip(1)] },
        ];
        Assert.Equal(changed.Length + 1, changed.Append(manifest).Select(each => each.Commitment).Distinct().Count());
        Assert.Equal("52f094a1c585b0cca2ac99aaa3d9b4a79a481bc0906bc7b202eb42bea8f37276", manifest.Commitment.ToString());
    }

    [Fact]
    public void A_count_of_four_billion_items_allocates_nothing_of_that_size()
    {
        byte[] bytes = [.. Sample.Of("plan").ToArray(), 0xff, 0xff, 0xff, 0xff, .. new byte[100]];
        _ = Read<RoundClosing>(bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Null(Read<RoundClosing>(bytes));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    private static byte[] SampleBytes(RecordKind kind) => kind switch
    {
        RecordKind.Consent => Sample.Bytes(Sample.Consent),
        RecordKind.RoundKey => Sample.Bytes(Sample.RoundKey),
        RecordKind.RoundPlan => Sample.Bytes(Sample.Plan),
        RecordKind.UpdateManifest => Sample.Bytes(Sample.Manifest),
        RecordKind.PayloadHeader => Sample.Bytes(Sample.Header),
        RecordKind.ShareReport => Sample.Bytes(Sample.Report),
        RecordKind.RoundClosing => Sample.Bytes(Sample.Closing),
        RecordKind.KeySumShare => Sample.Bytes(Sample.KeySum),
        RecordKind.RoundOutcome => Sample.Bytes(Sample.Outcome),
        RecordKind.Finalization => Sample.Bytes(Sample.Finalization),
        RecordKind.Attestation => Sample.Bytes(Sample.Attestation),
        RecordKind.Abandonment => Sample.Bytes(Sample.Abandonment),
        RecordKind.LinkReport => Sample.Bytes(Sample.LinkReport),
        RecordKind.RegistryProposal => Sample.Bytes(Sample.Proposal),
        RecordKind.RegistryVote => Sample.Bytes(Sample.Vote),
        RecordKind.KeyCeremony => Sample.Bytes(Sample.Ceremony),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static byte[]? Again(RecordKind kind, byte[] bytes) => kind switch
    {
        RecordKind.Consent => Again<Consent>(bytes),
        RecordKind.RoundKey => Again<RoundKey>(bytes),
        RecordKind.RoundPlan => Again<RoundPlan>(bytes),
        RecordKind.UpdateManifest => Again<UpdateManifest>(bytes),
        RecordKind.PayloadHeader => Again<PayloadHeader>(bytes),
        RecordKind.ShareReport => Again<ShareReport>(bytes),
        RecordKind.RoundClosing => Again<RoundClosing>(bytes),
        RecordKind.KeySumShare => Again<KeySumShare>(bytes),
        RecordKind.RoundOutcome => Again<RoundOutcome>(bytes),
        RecordKind.Finalization => Again<Finalization>(bytes),
        RecordKind.Attestation => Again<Attestation>(bytes),
        RecordKind.Abandonment => Again<Abandonment>(bytes),
        RecordKind.LinkReport => Again<LinkReport>(bytes),
        RecordKind.RegistryProposal => Again<RegistryProposal>(bytes),
        RecordKind.RegistryVote => Again<RegistryVote>(bytes),
        RecordKind.KeyCeremony => Again<KeyCeremony>(bytes),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static byte[]? Again<TRecord>(byte[] bytes)
        where TRecord : class, IRecord<TRecord> => Read<TRecord>(bytes) is { } record ? Sample.Bytes(record) : null;

    private static TRecord? Read<TRecord>(byte[] bytes)
        where TRecord : class, IRecord<TRecord> =>
        Sample.Unsigned(TRecord.Kind, bytes).TryReadUnverified(out TRecord? record) ? record : null;
}
