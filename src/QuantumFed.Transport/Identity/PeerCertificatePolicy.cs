using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using QuantumFed.Protocol;

namespace QuantumFed.Transport;

/// <summary>
/// Which certificate of a peer is believed, the same on both sides: an ML-DSA-65 leaf, signed by exactly the consortium's root
/// with ML-DSA-65, valid now, allowed to play the peer's role, whose subject is one common name that is a member's name. The
/// machine's own trust store has no say, and neither has anything the peer sends beside its leaf. Thread safe.
/// </summary>
public sealed class PeerCertificatePolicy
{
    private readonly X509Certificate2 _root;
    private readonly TimeProvider _time;

    /// <summary>Believes what <paramref name="root"/> signed.</summary>
    /// <param name="root">The consortium's root; borrowed, and not disposed here.</param>
    /// <param name="time">The clock validity is checked against.</param>
    public PeerCertificatePolicy(X509Certificate2 root, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(time);
        _root = root;
        _time = time;
    }

    /// <summary>Whether a client may connect, and as whom.</summary>
    /// <param name="certificate">What the peer showed, if anything.</param>
    /// <param name="peer">The peer's name.</param>
    /// <param name="refusal">For the log only: why it was refused.</param>
    public bool TryAcceptClient([NotNullWhen(true)] X509Certificate2? certificate, out MemberId peer, [NotNullWhen(false)] out string? refusal) =>
        TryAccept(certificate, CertificateProfile.ClientAuthentication, out peer, out refusal);

    /// <summary>Whether the peer is the server that was dialled.</summary>
    /// <param name="certificate">What the peer showed, if anything.</param>
    /// <param name="expected">Who it should be.</param>
    /// <param name="refusal">For the log only: why it was refused.</param>
    public bool TryAcceptServer([NotNullWhen(true)] X509Certificate2? certificate, MemberId expected, [NotNullWhen(false)] out string? refusal)
    {
        if (!TryAccept(certificate, CertificateProfile.ServerAuthentication, out MemberId peer, out refusal))
            return false;
        if (peer == expected)
            return true;
        refusal = $"the server is {peer}, not {expected}";
        return false;
    }

    internal bool TryAccept([NotNullWhen(true)] X509Certificate2? certificate, string usage, out MemberId peer, [NotNullWhen(false)] out string? refusal)
    {
        peer = default;
        if (certificate is null)
        {
            refusal = "no certificate was shown";
            return false;
        }
        try
        {
            refusal = RefusalOf(certificate, usage) ?? (TryReadName(certificate, out peer) ? null : "its subject is not a member's name");
        }
        catch (CryptographicException)
        {
            refusal = "it is malformed";
        }
        if (refusal is not null)
            peer = default;
        return refusal is null;
    }

    /// <summary>Reads the subject, which must be exactly one common name that is a member's name.</summary>
    internal static bool TryReadName(X509Certificate2 certificate, out MemberId name)
    {
        name = default;
        string? found = null;
        foreach (X500RelativeDistinguishedName part in certificate.SubjectName.EnumerateRelativeDistinguishedNames())
        {
            if (found is not null || part.HasMultipleElements || part.GetSingleElementType().Value != CertificateProfile.CommonName)
                return false;
            found = part.GetSingleElementValue();
        }
        return MemberId.TryParse(found, out name);
    }

    private string? RefusalOf(X509Certificate2 certificate, string usage)
    {
        // The cheap checks first: the algorithms also keep classical keys from ever reaching the chain engine.
        if (certificate.PublicKey.Oid.Value != CertificateProfile.MLDsa65)
            return "its key is not ML-DSA-65";
        if (certificate.SignatureAlgorithm.Value != CertificateProfile.MLDsa65)
            return "it is not signed with ML-DSA-65";
        DateTimeOffset now = _time.GetUtcNow();
        if (now < certificate.NotBefore)
            return "it is not valid yet";
        if (now > certificate.NotAfter)
            return "it has expired";
        if (now < _root.NotBefore || now > _root.NotAfter)
            return "the consortium's root is not valid now";
        if (certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority))
            return "it is a certificate authority's";
        // An absent extended key usage would mean "anything" (RFC 5280): here it means nothing.
        if (!certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>()
            .Any(extension => extension.EnhancedKeyUsages.Cast<Oid>().Any(oid => oid.Value == usage)))
            return usage == CertificateProfile.ServerAuthentication ? "it may not serve" : "it may not open connections";
        return ChainRefusalOf(certificate, now);
    }

    private string? ChainRefusalOf(X509Certificate2 certificate, DateTimeOffset now)
    {
        using X509Chain chain = new() { ChainPolicy = ChainPolicy(_root) };
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        chain.ChainPolicy.VerificationTimeIgnored = false;
        bool built = chain.Build(certificate);
        // Exactly leaf and root: nothing in between was issued, and the root is this one, byte for byte.
        bool direct = chain.ChainElements.Count == 2 && chain.ChainElements[1].Certificate.RawDataMemory.Span.SequenceEqual(_root.RawDataMemory.Span);
        string? refusal = built && direct
            ? null
            : "it is not signed by the consortium's root"
                + (chain.ChainStatus.Length > 0 ? $" ({string.Join(", ", chain.ChainStatus.Select(status => status.Status))})" : "");
        foreach (X509ChainElement element in chain.ChainElements)
            element.Certificate.Dispose();
        return refusal;
    }

    /// <summary>
    /// Trust in one root alone, offline. SslStream builds a chain before it asks us; this policy also keeps it from following
    /// addresses written in a stranger's certificate.
    /// </summary>
    internal static X509ChainPolicy ChainPolicy(X509Certificate2 root)
    {
        X509ChainPolicy policy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.Add(root);
        return policy;
    }
}
