namespace QuantumFed.Protocol;

/// <summary>A record's canonical bytes, where they do not travel because both ends can write them.</summary>
public static class RecordBytes
{
    /// <summary>The bytes that are signed.</summary>
    public static byte[] Of<TRecord>(TRecord record)
        where TRecord : IRecord<TRecord>
    {
        var writer = new CanonicalWriter();
        record.WriteTo(writer);
        return writer.ToArray();
    }

    /// <summary>SHA-256 of the bytes: how other records refer to this one.</summary>
    public static Digest DigestOf<TRecord>(TRecord record)
        where TRecord : IRecord<TRecord> => Digest.Of(Of(record));
}
