using System.Diagnostics.CodeAnalysis;
using QuantumFed.Protocol;

namespace QuantumFed.Federation;

/// <summary>
/// An update as it leaves a member: the signed manifest, the ciphertext, the sealed shares. Nothing in it is secret to its recipients, and
/// nothing of it may leave before the ledger has frozen the round's commitments.
/// </summary>
/// <param name="Manifest">The signed manifest.</param>
/// <param name="Ciphertext">The KAHE ciphertext's bytes.</param>
/// <param name="SealedShares">The shares, in the order of the plan's committee.</param>
public sealed record PreparedUpdate(SignedMessage Manifest, byte[] Ciphertext, IReadOnlyList<byte[]> SealedShares)
{
    /// <summary>The bytes that go under the payload seal and into the outbox.</summary>
    public byte[] ToArray() => new CanonicalWriter()
        .Bytes(Manifest.ToArray()).Bytes(Ciphertext).List(SealedShares, (writer, share) => writer.Bytes(share)).ToArray();

    /// <summary>Reads what <see cref="ToArray"/> wrote; <see langword="false"/> if the bytes are no update. Says nothing about signatures.</summary>
    public static bool TryParse(ReadOnlySpan<byte> data, [NotNullWhen(true)] out PreparedUpdate? update)
    {
        var reader = new CanonicalReader(data);
        byte[] manifest = reader.Bytes();
        byte[] ciphertext = reader.Bytes();
        var shares = new byte[reader.Count(4)][];
        for (int i = 0; i < shares.Length; i++)
            shares[i] = reader.Bytes();
        update = reader.Complete && SignedMessage.TryParse(manifest, out SignedMessage? message)
            ? new PreparedUpdate(message, ciphertext, shares)
            : null;
        return update is not null;
    }
}
