using System.Text;
using QuantumFed.Protocol;

namespace QuantumFed.Transport;

/// <summary>
/// What a payload belongs to. Every field enters the payload key, so a payload opens only where both ends mean the same federation,
/// round, update, parties, link and policy. Immutable.
/// </summary>
public sealed class PayloadContext
{
    /// <summary>The longest update id, and the longest name of an SAE in UTF-8, in bytes.</summary>
    public const int MaxIdSizeInBytes = 256;

    private readonly byte[] _federation, _updateId, _masterSae, _slaveSae;

    // Federation ids of any length: the reference vectors have a short one.
    internal PayloadContext(
        byte[] federation, RoundId round, byte[] updateId, Sha384Digest sender, Sha384Digest recipient, Sha384Digest policy, byte[] masterSae, byte[] slaveSae)
    {
        _federation = federation;
        Round = round;
        _updateId = updateId;
        SenderIdentity = sender;
        RecipientIdentity = recipient;
        Policy = policy;
        _masterSae = masterSae;
        _slaveSae = slaveSae;
    }

    /// <summary>The round.</summary>
    public RoundId Round { get; }

    /// <summary>SHA-384 of what identifies the sender: its certificate, or its record key.</summary>
    public Sha384Digest SenderIdentity { get; }

    /// <summary>SHA-384 of what identifies the recipient: its certificate, or its record key.</summary>
    public Sha384Digest RecipientIdentity { get; }

    /// <summary>SHA-384 of the link's policy.</summary>
    public Sha384Digest Policy { get; }

    internal ReadOnlySpan<byte> Federation => _federation;

    internal ReadOnlySpan<byte> UpdateId => _updateId;

    internal ReadOnlySpan<byte> MasterSae => _masterSae;

    internal ReadOnlySpan<byte> SlaveSae => _slaveSae;

    /// <summary>SHA-384 of a link's policy, in its one text form; null stands for a member without a quantum link.</summary>
    public static Sha384Digest PolicyHash(LinkPolicy? link) => Sha384Digest.Of(Encoding.UTF8.GetBytes($"QuantumFed link policy v1: {link?.ToString() ?? LinkPolicy.NoLink}"));

    /// <summary>Collects the fields.</summary>
    /// <param name="federation">The federation.</param>
    /// <param name="round">The round.</param>
    /// <param name="updateId">What tells this payload from every other of the round: 1 to 256 bytes.</param>
    /// <param name="senderIdentity">SHA-384 of what identifies the sender: its certificate, or its record key.</param>
    /// <param name="recipientIdentity">SHA-384 of what identifies the recipient: its certificate, or its record key.</param>
    /// <param name="policy">SHA-384 of the link's policy (<see cref="PolicyHash"/>).</param>
    /// <param name="masterSae">The sender's name at its key manager (ETSI GS QKD 014), empty where the link has none.</param>
    /// <param name="slaveSae">The recipient's name at its key manager, empty where the link has none.</param>
    /// <exception cref="ArgumentException">An id has a length out of range.</exception>
    public static PayloadContext Create(
        FederationId federation,
        RoundId round,
        ReadOnlySpan<byte> updateId,
        Sha384Digest senderIdentity,
        Sha384Digest recipientIdentity,
        Sha384Digest policy,
        string masterSae = "",
        string slaveSae = "")
    {
        ArgumentNullException.ThrowIfNull(masterSae);
        ArgumentNullException.ThrowIfNull(slaveSae);
        byte[] master = Encoding.UTF8.GetBytes(masterSae);
        byte[] slave = Encoding.UTF8.GetBytes(slaveSae);
        if (updateId.Length is < 1 or > MaxIdSizeInBytes)
            throw new ArgumentException($"An update id has 1 to {MaxIdSizeInBytes} bytes.", nameof(updateId));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(master.Length, MaxIdSizeInBytes, nameof(masterSae));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(slave.Length, MaxIdSizeInBytes, nameof(slaveSae));
        return new PayloadContext(federation.Value.ToArray(), round, updateId.ToArray(), senderIdentity, recipientIdentity, policy, master, slave);
    }
}
