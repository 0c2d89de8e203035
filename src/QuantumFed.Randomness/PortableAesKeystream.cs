using System.Buffers.Binary;
using System.Security.Cryptography;

namespace QuantumFed.Randomness;

/// <summary>AES-256 by the platform's library: ECB over blocks that hold the counter. For processors without AES instructions.</summary>
internal sealed class PortableAesKeystream : AesKeystream
{
    private readonly Aes _aes = Aes.Create();

    internal PortableAesKeystream(ReadOnlySpan<byte> key32) => SetKey(key32);

    internal override void SetKey(ReadOnlySpan<byte> key32) => _aes.SetKey(key32);

    internal override void Encrypt(UInt128 counter, Span<byte> blocks)
    {
        for (int offset = 0; offset < blocks.Length; offset += BlockSizeInBytes, counter++)
            BinaryPrimitives.WriteUInt128BigEndian(blocks[offset..], counter);
        if (!blocks.IsEmpty)
            _aes.EncryptEcb(blocks, blocks, PaddingMode.None);
    }

    public override void Dispose() => _aes.Dispose();
}
