using System.Security.Cryptography;

namespace QuantumFed.Besu;

/// <summary>A node's secp256k1 key: its identity among peers, and the validator's key that seals blocks.</summary>
public sealed class NodeKey : IDisposable
{
    private const int SecretSizeInBytes = 32;

    private readonly byte[] _secret = GC.AllocateUninitializedArray<byte>(SecretSizeInBytes, pinned: true);
    private bool _disposed;

    private NodeKey(ReadOnlySpan<byte> secret, NodePublicKey publicKey)
    {
        secret.CopyTo(_secret);
        PublicKey = publicKey;
    }

    /// <summary>The public half.</summary>
    public NodePublicKey PublicKey { get; }

    /// <summary>A new random key.</summary>
    public static NodeKey Generate()
    {
        using ECDsa key = ECDsa.Create(NodePublicKey.Curve);
        ECParameters parameters = key.ExportParameters(includePrivateParameters: true);
        try
        {
            return new NodeKey(parameters.D, new NodePublicKey([.. parameters.Q.X!, .. parameters.Q.Y!]));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(parameters.D);
        }
    }

    /// <summary>The secret as Besu reads it from a file: 0x and 64 hexadecimal digits. The caller erases it.</summary>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    internal byte[] WriteSecret()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        byte[] text = GC.AllocateUninitializedArray<byte>(2 + 2 * SecretSizeInBytes, pinned: true);
        "0x"u8.CopyTo(text);
        _ = Convert.TryToHexStringLower(_secret, text.AsSpan(2), out _);
        return text;
    }

    /// <summary>Erases the secret.</summary>
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_secret);
    }

    /// <summary>The address only.</summary>
    public override string ToString() => $"NodeKey({PublicKey.Address})";
}
