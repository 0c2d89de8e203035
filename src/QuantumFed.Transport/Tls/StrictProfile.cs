using System.Net.Security;
using System.Security.Authentication;

namespace QuantumFed.Transport;

/// <summary>
/// Checks, before a socket is opened, that this process accepts TLS 1.3 with X25519MLKEM768 and nothing else. .NET has no option
/// for groups and no way to ask for them, so both ends of the matter are looked at: the file that OPENSSL_CONF names must say exactly this, and
/// two hand-written ClientHellos are given to a real handshake in memory: one that offers every other group must meet an alert, one that offers
/// X25519MLKEM768 must be asked for that share.
/// </summary>
internal static class StrictProfile
{
    /// <summary>The settings, and all of them, that the system default section must hold (SSL_CONF_cmd(3)).</summary>
    private static readonly Dictionary<string, string> Required = new(StringComparer.OrdinalIgnoreCase)
    {
        ["MinProtocol"] = "TLSv1.3",
        ["Groups"] = "X25519MLKEM768",
        ["SignatureAlgorithms"] = "mldsa65",
    };

    /// <summary>Refuses to go on unless the profile is in force; returns what was measured.</summary>
    /// <exception cref="TransportProfileException">It is not; the message says why and what to do.</exception>
    public static async Task<MeasuredProfile> RequireAsync(SslServerAuthenticationOptions server, CancellationToken cancellationToken)
    {
        string? path = Environment.GetEnvironmentVariable("OPENSSL_CONF");
        if (string.IsNullOrEmpty(path))
            throw Refusal("OPENSSL_CONF is not set", null);
        RequireSettings(path);
        if (await AnswerAsync(server, ClientHello.ClassicalAndOtherGroups, cancellationToken).ConfigureAwait(false) is not { Kind: ServerAnswerKind.Alert })
            throw Refusal("a handshake without X25519MLKEM768 was not refused (was OPENSSL_CONF set only after the process had started?)", null);
        ServerAnswer hybrid = await AnswerAsync(server, new[] { ClientHello.X25519MLKem768 }, cancellationToken).ConfigureAwait(false);
        if (hybrid.Kind != ServerAnswerKind.HelloRetryRequest || hybrid.Group != ClientHello.X25519MLKem768)
            throw Refusal("a handshake with X25519MLKEM768 was refused", null);
        // A HelloRetryRequest exists in TLS 1.3 only (RFC 8446, section 4.1.4), and names the group that the server insists on.
        return new MeasuredProfile("TLSv1.3", Required["Groups"], Required["SignatureAlgorithms"]);
    }

    /// <summary>What a server with these options answers to a ClientHello that offers these groups and no key share.</summary>
    internal static async Task<ServerAnswer> AnswerAsync(SslServerAuthenticationOptions server, ReadOnlyMemory<ushort> groups, CancellationToken cancellationToken)
    {
        using RecordedStream wire = new(ClientHello.Write(groups.Span));
        using SslStream tls = new(wire);
        try
        {
            await tls.AuthenticateAsServerAsync(server, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            // Always: the hello has no key share, so the best possible outcome is a request for one, and then the wire ends.
        }
        return ServerAnswer.Read(wire.Written);
    }

    private static void RequireSettings(string path)
    {
        Dictionary<string, Dictionary<string, string>> sections;
        try
        {
            sections = OpenSslConfiguration.Read(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refusal($"OPENSSL_CONF names {path}, which cannot be read", e);
        }
        string? defaults = Value(sections, "", "openssl_conf") is { } module && Value(sections, module, "ssl_conf") is { } tls
            ? Value(sections, tls, "system_default")
            : null;
        if (defaults is null || !sections.TryGetValue(defaults, out Dictionary<string, string>? settings))
            throw Refusal($"{path} has no system_default section for TLS", null);
        foreach ((string name, string value) in Required)
        {
            if (!settings.TryGetValue(name, out string? found) || !string.Equals(found, value, StringComparison.Ordinal))
                throw Refusal($"{path} says {name} = {found ?? "(nothing)"} instead of {value}", null);
        }
        if (settings.Keys.FirstOrDefault(name => !Required.ContainsKey(name)) is { } extra)
            throw Refusal($"{path} says {extra}, which the profile does not have", null);
    }

    private static string? Value(Dictionary<string, Dictionary<string, string>> sections, string section, string name) =>
        sections.TryGetValue(section, out Dictionary<string, string>? settings) && settings.TryGetValue(name, out string? value) ? value : null;

    private static TransportProfileException Refusal(string reason, Exception? innerException) =>
        new(
            $"The strict TLS profile is not in force: {reason}. A process that serves starts with OPENSSL_CONF=network/openssl/server.cnf in its "
            + "environment (the launcher ./qf sets it), so that nothing but TLS 1.3, X25519MLKEM768 and ML-DSA-65 is accepted.",
            innerException);
}
