using System.Diagnostics.CodeAnalysis;
using QuantumFed.Protocol;

namespace QuantumFed.Transport;

/// <summary>
/// What stands before a sealed payload's chunks, in one form only:
/// <code>
/// version (1) | mode | number of key ids | key ids, 16 bytes each | ML-KEM-768 ciphertext, 1088 | commitment, 32
/// </code>
/// Mode 2 has no key ids, mode 1 at least one. The sender signs it, and it is associated data of every chunk. A recipient reads it first, to
/// learn which quantum key it has to fetch. Immutable.
/// </summary>
public sealed class SealHeader
{
    internal const byte Version = 1;
    internal const int CiphertextSizeInBytes = 1088;

    private const int PrefixSizeInBytes = 3;

    private readonly byte[] _bytes;

    private SealHeader(byte[] bytes) => _bytes = bytes;

    /// <summary>What the payload key was mixed from, as the sender says.</summary>
    public PayloadMode Mode => (PayloadMode)_bytes[1];

    /// <summary>The ids of the quantum keys in it: none in mode 2, 1 to 255 in mode 1. An opener takes exactly one.</summary>
    public IReadOnlyList<QuantumKeyId> KeyIds
    {
        get
        {
            var ids = new QuantumKeyId[_bytes[2]];
            for (int i = 0; i < ids.Length; i++)
                ids[i] = new QuantumKeyId(KeyIdBytes.Slice(i * QuantumKeyId.SizeInBytes, QuantumKeyId.SizeInBytes));
            return ids;
        }
    }

    internal ReadOnlySpan<byte> KeyIdBytes => _bytes.AsSpan(PrefixSizeInBytes, _bytes[2] * QuantumKeyId.SizeInBytes);

    internal ReadOnlySpan<byte> Ciphertext => _bytes.AsSpan(PrefixSizeInBytes + KeyIdBytes.Length, CiphertextSizeInBytes);

    internal ReadOnlySpan<byte> Commitment => _bytes.AsSpan(PrefixSizeInBytes + KeyIdBytes.Length + CiphertextSizeInBytes);

    internal ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Reads a header; <see langword="false"/> if a byte is missing, left over or not what this version has.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SealHeader? header)
    {
        header = null;
        if (bytes.Length < PrefixSizeInBytes || bytes[0] != Version)
            return false;
        bool idsFit = (PayloadMode)bytes[1] switch
        {
            PayloadMode.MLKemOnly => bytes[2] == 0,
            PayloadMode.MLKemAndQuantumKey => bytes[2] > 0,
            _ => false,
        };
        if (!idsFit || bytes.Length != PrefixSizeInBytes + (bytes[2] * QuantumKeyId.SizeInBytes) + CiphertextSizeInBytes + PayloadKeys.CommitmentSizeInBytes)
            return false;
        header = new SealHeader(bytes.ToArray());
        return true;
    }

    internal static SealHeader Write(PayloadMode mode, ReadOnlySpan<byte> keyIds, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> commitment) =>
        new([Version, (byte)mode, checked((byte)(keyIds.Length / QuantumKeyId.SizeInBytes)), .. keyIds, .. ciphertext, .. commitment]);
}
