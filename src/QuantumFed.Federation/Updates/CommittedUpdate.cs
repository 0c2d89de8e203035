using System.Diagnostics.CodeAnalysis;
using QuantumFed.Lattice;
using QuantumFed.Protocol;

namespace QuantumFed.Federation;

/// <summary>A ciphertext whose manifest is signed by its member and is what that member committed to on the ledger.</summary>
public sealed class CommittedUpdate
{
    private CommittedUpdate(SignedMessage message, UpdateManifest manifest, byte[] ciphertextBytes, KaheCiphertext ciphertext) =>
        (Message, Manifest, CiphertextBytes, Ciphertext) = (message, manifest, ciphertextBytes, ciphertext);

    /// <summary>Whose update.</summary>
    public MemberId Member => Manifest.Member;

    /// <summary>The manifest as signed.</summary>
    public SignedMessage Message { get; }

    /// <summary>The manifest.</summary>
    public UpdateManifest Manifest { get; }

    /// <summary>The ciphertext's bytes, as the transcript keeps them.</summary>
    public byte[] CiphertextBytes { get; }

    /// <summary>The ciphertext.</summary>
    public KaheCiphertext Ciphertext { get; }

    /// <summary>
    /// Checks signature, commitment, seed and digest. A ciphertext copied from another member fails here: the commitment binds the
    /// member's name and a salt that nobody else knew when commitments were open.
    /// </summary>
    public static bool TryOpen(
        RoundContext context, Digest seed, IReadOnlyDictionary<MemberId, Digest> commitments, SignedMessage message, byte[] ciphertextBytes,
        [NotNullWhen(true)] out CommittedUpdate? update, [NotNullWhen(false)] out string? failure)
    {
        update = null;
        if (!TryOpenManifest(context, commitments, message, out UpdateManifest? manifest, out failure))
            return false;
        if (manifest.Seed != seed)
            failure = $"The update of '{message.Signer}' was encrypted under another seed than the ledger's.";
        else if (manifest.Ciphertext != Digest.Of(ciphertextBytes))
            failure = $"The ciphertext of '{message.Signer}' is not the one it committed to.";
        else if (!KaheCiphertext.TryParse(context.Parameters, context.Blocks, ciphertextBytes, out KaheCiphertext? ciphertext))
            failure = $"The ciphertext of '{message.Signer}' is not one of this round's parameters.";
        else
            update = new CommittedUpdate(message, manifest, ciphertextBytes, ciphertext);
        return update is not null;
    }

    /// <summary>Checks that a manifest is signed by the member it names, is for this plan, and is what that member committed to on the ledger.</summary>
    public static bool TryOpenManifest(
        RoundContext context, IReadOnlyDictionary<MemberId, Digest> commitments, SignedMessage message,
        [NotNullWhen(true)] out UpdateManifest? manifest, [NotNullWhen(false)] out string? failure)
    {
        manifest = null;
        failure = null;
        if (context.Agreement.Find(message.Signer) is not { } member || !message.TryOpen(member.Key, out UpdateManifest? read)
            || read.Member != member.Id)
            failure = $"The manifest of '{message.Signer}' is not signed by a member of that name.";
        else if (read.Plan != context.PlanDigest || read.SealedShares.Count != context.Plan.Committee.Count)
            failure = $"The manifest of '{message.Signer}' is for another plan.";
        else if (!commitments.TryGetValue(member.Id, out Digest commitment) || read.Commitment != commitment)
            failure = $"The manifest of '{message.Signer}' is not what it committed to on the ledger.";
        else
            manifest = read;
        return manifest is not null;
    }
}
