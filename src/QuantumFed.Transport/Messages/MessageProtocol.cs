using System.Net.Security;

namespace QuantumFed.Transport;

/// <summary>What a connection of messages is for: an application protocol (ALPN, RFC 7301), so that a stranger to it is refused in the handshake.</summary>
public readonly record struct MessageProtocol
{
    private readonly string? _name;

    /// <summary>Names a protocol.</summary>
    /// <param name="name">1 to 255 ASCII characters, with a version at the end, such as <c>qf-keys/1</c>.</param>
    /// <exception cref="ArgumentException">The name has another form.</exception>
    public MessageProtocol(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > 255 || !name.All(char.IsAscii))
            throw new ArgumentException("A protocol's name has 1 to 255 ASCII characters.", nameof(name));
        _name = name;
    }

    internal SslApplicationProtocol Alpn => new(_name ?? throw new InvalidOperationException("The protocol has no name."));

    /// <summary>The name.</summary>
    public override string ToString() => _name ?? "";
}
