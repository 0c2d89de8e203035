namespace QuantumFed.Protocol;

/// <summary>
/// What a finalised round was, in figures that give nothing away: an object of its transcript, whose digest the ledger holds. A replay works all of it
/// out again but <see cref="EndedAt"/> and <see cref="Software"/>, which are the coordinator's word.
/// </summary>
/// <param name="Plan">Digest of the plan's body.</param>
/// <param name="Purpose">What was summed.</param>
/// <param name="Committed">How many members committed.</param>
/// <param name="Participants">How many are in the sum.</param>
/// <param name="Excluded">How many committed and are not in it.</param>
/// <param name="KeySums">How many of the committee handed in a key sum share.</param>
/// <param name="EndedAt">When the sum was opened, in Unix seconds.</param>
/// <param name="Software">The coordinator's program and version, at most 100 bytes.</param>
public sealed record RoundMetadata(
    Digest Plan, RoundPurpose Purpose, ushort Committed, ushort Participants, ushort Excluded, ushort KeySums, ulong EndedAt, string Software)
{
    private const int MaxSoftwareSizeInBytes = 100;

    /// <summary>The canonical bytes.</summary>
    public byte[] ToArray() => new CanonicalWriter()
        .Digest(Plan).Byte((byte)Purpose).UInt16(Committed).UInt16(Participants).UInt16(Excluded).UInt16(KeySums).UInt64(EndedAt).Text(Software).ToArray();

    /// <summary>Reads what <see cref="ToArray"/> wrote; <see langword="false"/> for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<byte> data, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out RoundMetadata? metadata)
    {
        var reader = new CanonicalReader(data);
        var read = new RoundMetadata(
            reader.Digest(), (RoundPurpose)reader.Byte(), reader.UInt16(), reader.UInt16(), reader.UInt16(), reader.UInt16(), reader.UInt64(), reader.Text());
        reader.Require(Enum.IsDefined(read.Purpose) && System.Text.Encoding.UTF8.GetByteCount(read.Software) <= MaxSoftwareSizeInBytes);
        metadata = reader.Complete ? read : null;
        return metadata is not null;
    }
}
