using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using QuantumFed.Federation;
using QuantumFed.Lattice;
using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>
/// What a member keeps on disk of a round in progress: its round key until it has opened, its encrypted update until the round is over, its key
/// sum share for sending again. All of it is flushed before it is acted on, so a restart resends the same bytes and never encrypts twice.
/// </summary>
internal sealed class MemberRoundFiles
{
    private readonly string _folder;

    public MemberRoundFiles(string stateFolder, RoundId round) =>
        _folder = Path.Combine(stateFolder, "rounds", string.Create(CultureInfo.InvariantCulture, $"{round.Value:D6}"));

    private string KeyPath => Path.Combine(_folder, "round.key");

    private string AnnouncementPath => Path.Combine(_folder, "round-key.announcement");

    private string UpdatePath => Path.Combine(_folder, "update");

    private string ChallengePath => Path.Combine(_folder, "challenge");

    private string SharesPath => Path.Combine(_folder, "shares");

    private string AttestationPath => Path.Combine(_folder, "attestation");

    private string ControlChangePath => Path.Combine(_folder, "control-change");

    private string LinkReportPath => Path.Combine(_folder, "link-report");

    private string KeySumPath => Path.Combine(_folder, "key-sum");

    /// <summary>The folder of this round, for what belongs to it.</summary>
    public string Folder => _folder;

    /// <summary>The round key's private half, if it was made and is not erased.</summary>
    /// <exception cref="InvalidDataException">Its file is damaged.</exception>
    public bool TryReadKey([NotNullWhen(true)] out RoundKeyPair? key)
    {
        key = null;
        if (!File.Exists(KeyPath))
            return false;
        byte[] data = File.ReadAllBytes(KeyPath);
        if (data.Length == RoundKeyPair.PrivateKeySizeInBytes && !data.AsSpan().ContainsAnyExcept((byte)0))
        {
            // A stop came between the zeros and the deletion of EraseKey.
            File.Delete(KeyPath);
            return false;
        }
        try
        {
            key = RoundKeyPair.ImportPrivateKey(data);
            return true;
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            throw new InvalidDataException($"{KeyPath} is damaged: {error.Message}", error);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(data);
        }
    }

    public void WriteKey(RoundKeyPair key, SignedMessage announcement)
    {
        byte[] data = key.ExportPrivateKey();
        try
        {
            DurableFile.Write(KeyPath, data, ownerOnly: true);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(data);
        }
        DurableFile.Write(AnnouncementPath, announcement.ToArray());
    }

    public SignedMessage? ReadAnnouncement() => ReadMessage(AnnouncementPath);

    /// <summary>What this member said of its quantum link in the round, if it said anything.</summary>
    public SignedMessage? ReadLinkReport() => ReadMessage(LinkReportPath);

    /// <summary>Keeps it, before the ledger has it: signed again, it would be another.</summary>
    public void WriteLinkReport(SignedMessage report) => DurableFile.Write(LinkReportPath, report.ToArray());

    public SignedMessage? ReadKeySum() => ReadMessage(KeySumPath);

    public void WriteKeySum(SignedMessage keySum) => DurableFile.Write(KeySumPath, keySum.ToArray());

    /// <summary>Keeps the one share challenge that this member answers in the round.</summary>
    public void WriteChallenge(Digest challenge) => DurableFile.Write(ChallengePath, challenge.ToArray());

    /// <summary>The challenge that was answered, if one was.</summary>
    /// <exception cref="InvalidDataException">Its file is damaged: this member cannot know what it answered, and must not answer again.</exception>
    public Digest? ReadChallenge()
    {
        if (!File.Exists(ChallengePath))
            return null;
        byte[] data = File.ReadAllBytes(ChallengePath);
        return data.Length == Digest.SizeInBytes
            ? new Digest(data)
            : throw new InvalidDataException($"{ChallengePath} is damaged; this member must not answer another share challenge in that round.");
    }

    /// <summary>
    /// Keeps an attestation, or gives the one that was kept if it says the same. Signing is hedged: a second signature would not be the one that
    /// the coordinator acknowledged.
    /// </summary>
    public SignedMessage KeepAttestation(SignedMessage attestation)
    {
        if (ReadMessage(AttestationPath) is { Kind: RecordKind.Attestation } kept && kept.Signer == attestation.Signer && kept.BodyDigest == attestation.BodyDigest)
            return kept;
        DurableFile.Write(AttestationPath, attestation.ToArray());
        return attestation;
    }

    /// <summary>Keeps the shares dealt to this member, still sealed, so that it can open after a restart.</summary>
    public void WriteShares(IReadOnlyList<DealtManifest> dealt) => DurableFile.Write(SharesPath, new CanonicalWriter()
        .List(dealt, (writer, item) => writer.Bytes(item.Manifest.ToArray()).Bytes(item.SealedShare)).ToArray());

    public IReadOnlyList<DealtManifest> ReadShares()
    {
        if (!File.Exists(SharesPath))
            return [];
        var reader = new CanonicalReader(File.ReadAllBytes(SharesPath));
        var dealt = new List<DealtManifest>();
        for (int left = reader.Count(8); left > 0; left--)
        {
            if (SignedMessage.TryParse(reader.Bytes(), out SignedMessage? manifest))
                dealt.Add(new DealtManifest(manifest, reader.Bytes()));
        }
        return reader.Complete ? dealt : [];
    }

    public PreparedUpdate? ReadUpdate() =>
        File.Exists(UpdatePath) && PreparedUpdate.TryParse(File.ReadAllBytes(UpdatePath), out PreparedUpdate? update) ? update : null;

    public void WriteUpdate(PreparedUpdate update) => DurableFile.Write(UpdatePath, update.ToArray());

    /// <summary>Keeps how this member's control variate changes if the round counts it.</summary>
    public void WriteControlChange(double[] change) =>
        DurableFile.Write(ControlChangePath, MemoryMarshal.AsBytes<double>(change).ToArray(), ownerOnly: true);

    /// <summary>The change that was kept, if one was.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public double[]? ReadControlChange()
    {
        if (!File.Exists(ControlChangePath))
            return null;
        byte[] bytes = File.ReadAllBytes(ControlChangePath);
        return bytes.Length % sizeof(double) == 0
            ? MemoryMarshal.Cast<byte, double>(bytes).ToArray()
            : throw new InvalidDataException($"{ControlChangePath} is damaged; without it this round does not change this member's control variate.");
    }

    /// <summary>Erases the private key: overwritten, flushed, deleted. A disk may keep old blocks; the documents say so.</summary>
    public void EraseKey()
    {
        if (!File.Exists(KeyPath))
            return;
        using (var file = new FileStream(KeyPath, FileMode.Open, FileAccess.Write))
        {
            file.Write(new byte[file.Length]);
            file.Flush(flushToDisk: true);
        }
        File.Delete(KeyPath);
    }

    /// <summary>Removes everything of a round that is over.</summary>
    public void Remove()
    {
        EraseKey();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    private static SignedMessage? ReadMessage(string path) =>
        File.Exists(path) && SignedMessage.TryParse(File.ReadAllBytes(path), out SignedMessage? message) ? message : null;
}
