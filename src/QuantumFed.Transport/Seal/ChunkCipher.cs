using System.Buffers.Binary;
using System.Security.Cryptography;

namespace QuantumFed.Transport;

/// <summary>
/// AES-256-GCM over the chunks of one payload. Nonce: iv XOR the chunk's index in 96 big-endian bits. Associated data: header, index in 8
/// big-endian bytes, final flag. The index is a counter here and never a parameter, so no nonce comes twice under a key.
/// </summary>
internal sealed class ChunkCipher : IDisposable
{
    public const int TagSizeInBytes = 16;

    private readonly AesGcm _aes;
    private readonly byte[] _iv;
    private readonly byte[] _associatedData;
    private ulong _index;

    public ChunkCipher(PayloadKeys keys, SealHeader header)
    {
        _aes = new AesGcm(keys.Key, TagSizeInBytes);
        _iv = keys.Iv.ToArray();
        _associatedData = [.. header.Bytes, .. new byte[9]];
    }

    /// <summary>Seals the next chunk: ciphertext, then tag.</summary>
    public byte[] Seal(ReadOnlySpan<byte> plaintext, bool final)
    {
        Span<byte> nonce = stackalloc byte[PayloadKeys.IvSizeInBytes];
        Prepare(nonce, final);
        byte[] chunk = GC.AllocateUninitializedArray<byte>(plaintext.Length + TagSizeInBytes);
        _aes.Encrypt(nonce, plaintext, chunk.AsSpan(0, plaintext.Length), chunk.AsSpan(plaintext.Length), _associatedData);
        _index++;
        return chunk;
    }

    /// <summary>Opens the next chunk; <see langword="null"/> if it is not exactly what was sealed there.</summary>
    public byte[]? Open(ReadOnlySpan<byte> chunk, bool final)
    {
        Span<byte> nonce = stackalloc byte[PayloadKeys.IvSizeInBytes];
        Prepare(nonce, final);
        byte[] plaintext = new byte[chunk.Length - TagSizeInBytes];
        try
        {
            _aes.Decrypt(nonce, chunk[..plaintext.Length], chunk[plaintext.Length..], plaintext, _associatedData);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        _index++;
        return plaintext;
    }

    public void Dispose()
    {
        _aes.Dispose();
        CryptographicOperations.ZeroMemory(_iv);
    }

    private void Prepare(Span<byte> nonce, bool final)
    {
        Span<byte> tail = _associatedData.AsSpan(_associatedData.Length - 9);
        BinaryPrimitives.WriteUInt64BigEndian(tail, _index);
        tail[8] = final ? (byte)1 : (byte)0;
        _iv.CopyTo(nonce);
        Span<byte> low = nonce[4..];
        BinaryPrimitives.WriteUInt64BigEndian(low, BinaryPrimitives.ReadUInt64BigEndian(low) ^ _index);
    }
}
