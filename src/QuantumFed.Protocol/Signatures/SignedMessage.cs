using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Protocol;

/// <summary>
/// A record's canonical bytes with who signed them and the ML-DSA-65 signature: what travels, what the transcript keeps, and whose
/// signature's hash stands on the ledger. Parsing it says nothing about the signature: <see cref="TryOpen{TRecord}"/> does.
/// </summary>
public sealed class SignedMessage
{
    /// <summary>Length of an ML-DSA-65 signature in bytes (FIPS 204, table 2).</summary>
    public const int SignatureSizeInBytes = 3309;

    private readonly byte[] _body;
    private readonly byte[] _signature;

    private SignedMessage(RecordKind kind, MemberId signer, byte[] body, byte[] signature) =>
        (Kind, Signer, _body, _signature) = (kind, signer, body, signature);

    /// <summary>What the body claims to be.</summary>
    public RecordKind Kind { get; }

    /// <summary>Who claims to have signed.</summary>
    public MemberId Signer { get; }

    /// <summary>The record's canonical bytes.</summary>
    public ReadOnlySpan<byte> Body => _body;

    /// <summary>SHA-256 of the body: how other records and the ledger refer to the record.</summary>
    public Digest BodyDigest => Digest.Of(_body);

    /// <summary>SHA-256 of the signature: what the ledger holds to bind a transaction to it.</summary>
    public Digest SignatureDigest => Digest.Of(_signature);

    /// <summary>SHA-256 of the whole message: its name in the archive.</summary>
    public Digest Digest => Digest.Of(ToArray());

    /// <summary>Signs a record.</summary>
    public static SignedMessage Sign<TRecord>(TRecord record, MemberId signer, SigningKey key)
        where TRecord : IRecord<TRecord>
    {
        byte[] body = RecordBytes.Of(record);
        return new SignedMessage(TRecord.Kind, signer, body, key.Sign(TRecord.Kind, body));
    }

    /// <summary>Checks the signature and reads the record; <see langword="false"/> if kind, signature or body is wrong.</summary>
    public bool TryOpen<TRecord>(VerificationKey key, [NotNullWhen(true)] out TRecord? record)
        where TRecord : class, IRecord<TRecord>
    {
        record = null;
        return Kind == TRecord.Kind && key.Verifies(Kind, _body, _signature) && TryReadUnverified(out record);
    }

    /// <summary>Reads the record without looking at the signature: only for messages this process signed or verified before.</summary>
    public bool TryReadUnverified<TRecord>([NotNullWhen(true)] out TRecord? record)
        where TRecord : class, IRecord<TRecord>
    {
        var reader = new CanonicalReader(_body);
        record = Kind == TRecord.Kind ? TRecord.Read(ref reader) : null;
        if (record is not null && reader.Complete)
            return true;
        record = null;
        return false;
    }

    /// <summary>The message's canonical bytes.</summary>
    public byte[] ToArray() =>
        new CanonicalWriter().Byte((byte)Kind).Member(Signer).Bytes(_body).Bytes(_signature).ToArray();

    /// <summary>Reads a message; <see langword="false"/> if the bytes are none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> data, [NotNullWhen(true)] out SignedMessage? message)
    {
        var reader = new CanonicalReader(data);
        var kind = (RecordKind)reader.Byte();
        MemberId signer = reader.Member();
        byte[] body = reader.Bytes();
        byte[] signature = reader.Bytes();
        reader.Require(Enum.IsDefined(kind) && signature.Length == SignatureSizeInBytes);
        message = reader.Complete ? new SignedMessage(kind, signer, body, signature) : null;
        return message is not null;
    }
}
