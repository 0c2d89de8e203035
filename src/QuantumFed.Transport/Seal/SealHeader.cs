using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Transport;

/// <summary>
/// What stands before a sealed payload's chunks, in one form only:
/// <code>
/// version (1) | mode | number of key ids | key ids, 16 bytes each | ML-KEM-768 ciphertext, 1088 | commitment, 32
/// </code>
/// Mode 2 has no key ids, mode 1 at least one. The sender signs it, and it is associated data of every chunk.
/// </summary>
internal sealed class PayloadHeader
{
    public const byte Version = 1;
    public const int KeyIdSizeInBytes = 16, CiphertextSizeInBytes = 1088;

    private const int PrefixSizeInBytes = 3;

    private readonly byte[] _bytes;

    private PayloadHeader(byte[] bytes) => _bytes = bytes;

    public PayloadMode Mode => (PayloadMode)_bytes[1];

    public ReadOnlySpan<byte> KeyIds => _bytes.AsSpan(PrefixSizeInBytes, _bytes[2] * KeyIdSizeInBytes);

    public ReadOnlySpan<byte> Ciphertext => _bytes.AsSpan(PrefixSizeInBytes + KeyIds.Length, CiphertextSizeInBytes);

    public ReadOnlySpan<byte> Commitment => _bytes.AsSpan(PrefixSizeInBytes + KeyIds.Length + CiphertextSizeInBytes);

    public ReadOnlySpan<byte> Bytes => _bytes;

    public static PayloadHeader Write(PayloadMode mode, ReadOnlySpan<byte> keyIds, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> commitment) =>
        new([Version, (byte)mode, checked((byte)(keyIds.Length / KeyIdSizeInBytes)), .. keyIds, .. ciphertext, .. commitment]);

    /// <summary>Reads a header; <see langword="false"/> if a byte is missing, left over or not what this version has.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out PayloadHeader? header)
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
        if (!idsFit || bytes.Length != PrefixSizeInBytes + (bytes[2] * KeyIdSizeInBytes) + CiphertextSizeInBytes + PayloadKeys.CommitmentSizeInBytes)
            return false;
        header = new PayloadHeader(bytes.ToArray());
        return true;
    }
}
