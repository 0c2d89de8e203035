using System.Net;
using System.Net.Sockets;

namespace QuantumFed.Besu;

/// <summary>A peer's address: enode://, the public key in 128 hexadecimal digits, @, an IPv4 address, and the port. Besu takes names only as an early-access feature.</summary>
public sealed record EnodeUrl
{
    private readonly string _text;

    /// <summary>Puts an address together.</summary>
    /// <exception cref="ArgumentException">The key is not 64 bytes long, the host is not IPv4, or the port is not in 1 to 65535.</exception>
    public EnodeUrl(ReadOnlySpan<byte> publicKey, IPAddress host, int port)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (publicKey.Length != 64 || host.AddressFamily != AddressFamily.InterNetwork || port is < 1 or > 65535)
            throw new ArgumentException("An enode URL has a public key of 64 bytes, an IPv4 address and a port.");
        _text = $"enode://{Convert.ToHexStringLower(publicKey)}@{host}:{port}";
    }

    /// <summary>The URL.</summary>
    public override string ToString() => _text;
}
