using QuantumFed.Protocol;

namespace QuantumFed.Transport;

/// <summary>What a handler knows of the call it answers.</summary>
public sealed class GrpcCall
{
    internal GrpcCall(
        MemberId? peer, Sha384Digest? peerCertificateHash, TlsLink? link, DateTimeOffset? deadline, GrpcMetadata requestMetadata,
        CancellationToken cancellationToken)
    {
        Peer = peer;
        PeerCertificateHash = peerCertificateHash;
        Link = link;
        Deadline = deadline;
        RequestMetadata = requestMetadata;
        CancellationToken = cancellationToken;
    }

    /// <summary>Who calls, by its certificate; <see langword="null"/> only over the cleartext listener for interoperability tests.</summary>
    public MemberId? Peer { get; }

    /// <summary>SHA-384 of the caller's leaf certificate (DER); <see langword="null"/> where <see cref="Peer"/> is.</summary>
    public Sha384Digest? PeerCertificateHash { get; }

    /// <summary>What the handshake of the call's connection came to; <see langword="null"/> where <see cref="Peer"/> is.</summary>
    public TlsLink? Link { get; }

    /// <summary>When the caller stops waiting, if it said so.</summary>
    public DateTimeOffset? Deadline { get; }

    /// <summary>The caller's metadata.</summary>
    public GrpcMetadata RequestMetadata { get; }

    /// <summary>Cancelled when the deadline passes, the caller cancels, the connection is lost, or the server stops. A handler passes it on.</summary>
    public CancellationToken CancellationToken { get; }
}
