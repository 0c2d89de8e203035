using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Besu;

/// <summary>The public half of a node's secp256k1 key: a point of the curve. Peers know the node by it. Immutable.</summary>
public sealed class NodePublicKey : IEquatable<NodePublicKey>
{
    private const int SizeInBytes = 64;

    /// <summary>secp256k1.</summary>
    internal static readonly ECCurve Curve = ECCurve.CreateFromValue("1.3.132.0.10");

    private readonly byte[] _point;

    internal NodePublicKey(byte[] point)
    {
        _point = point;
        Address = EthereumAddress.OfPublicKey(point);
    }

    /// <summary>The validator's address.</summary>
    public EthereumAddress Address { get; }

    /// <summary>x then y, 64 bytes.</summary>
    public ReadOnlyMemory<byte> Point => _point;

    /// <summary>Reads 0x and 128 hexadecimal digits, as Besu and <see cref="ToString"/> write them; <see langword="false"/> for anything else, and for what is no point of the curve.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out NodePublicKey? key)
    {
        key = null;
        byte[] point = new byte[SizeInBytes];
        if (text is null || text.Length != 2 + 2 * SizeInBytes || !text.StartsWith("0x", StringComparison.Ordinal)
            || Convert.FromHexString(text.AsSpan(2), point, out _, out _) != System.Buffers.OperationStatus.Done || !IsOnCurve(point))
            return false;
        key = new NodePublicKey(point);
        return true;
    }

    /// <summary>How peers reach the node.</summary>
    public EnodeUrl EnodeAt(IPAddress host, int port) => new(_point, host, port);

    /// <inheritdoc/>
    public bool Equals(NodePublicKey? other) => other is not null && _point.AsSpan().SequenceEqual(other._point);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NodePublicKey);

    /// <inheritdoc/>
    public override int GetHashCode() => Address.GetHashCode();

    /// <summary>0x and 128 hexadecimal digits.</summary>
    public override string ToString() => "0x" + Convert.ToHexStringLower(_point);

    private static bool IsOnCurve(byte[] point)
    {
        try
        {
            using ECDsa key = ECDsa.Create(new ECParameters { Curve = Curve, Q = new ECPoint { X = point[..32], Y = point[32..] } });
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
