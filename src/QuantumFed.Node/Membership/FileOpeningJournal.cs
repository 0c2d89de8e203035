using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using QuantumFed.Federation;
using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>
/// The opening journal as a file of length-prefixed records. An opening is flushed to disk before <see cref="Append"/> returns, so whatever
/// happens next, this member never opens a second set for the round. A record cut short at the end was never acted on and is dropped; any other
/// damage stops the member, because a journal that cannot be read cannot be obeyed.
/// </summary>
/// <remarks>
/// A record is its length, the length's complement (four bytes each, big-endian), its bytes and their SHA-256. Without the complement a damaged length would
/// look like a record cut short, and everything after it would be forgotten.
/// </remarks>
public sealed class FileOpeningJournal : IOpeningJournal, IDisposable
{
    private const int HeaderSize = 8;

    private readonly List<Opening> _openings = [];
    private readonly FileStream _file;

    private FileOpeningJournal(FileStream file) => _file = file;

    /// <inheritdoc/>
    public IReadOnlyList<Opening> Openings => _openings;

    /// <summary>Opens the journal, or begins one. Only one process can hold it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mayBegin">Whether there may be none yet. A member that has run before and has no journal does not know what it opened.</param>
    /// <exception cref="InvalidDataException">The journal is damaged, or gone.</exception>
    /// <exception cref="IOException">Another process holds it, or the disk refuses.</exception>
    public static FileOpeningJournal Open(string path, bool mayBegin)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        bool known = File.Exists(path);
        if (!known && !mayBegin)
            throw new InvalidDataException(
                $"The opening journal {path} is gone; this member does not know what it opened and must not open anything more until the newest copy of it is back.");
        Directory.CreateDirectory(folder);
        var journal = new FileOpeningJournal(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        try
        {
            if (!known)
                DurableFile.FlushFolder(folder);
            journal.Read();
            return journal;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Append(Opening opening)
    {
        byte[] record = new CanonicalWriter().UInt64(opening.Round.Value).Digest(opening.Closing).Digest(opening.PreviousModel)
            .List(opening.Participants, (writer, member) => writer.Member(member)).ToArray();
        byte[] framed = [.. new CanonicalWriter().UInt32((uint)record.Length).UInt32(~(uint)record.Length).ToArray(), .. record, .. Digest.Of(record).ToArray()];
        long before = _file.Position;
        try
        {
            _file.Write(framed);
            _file.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            _file.SetLength(before);
            throw;
        }
        _openings.Add(opening);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Read()
    {
        byte[] data = new byte[_file.Length];
        _file.ReadExactly(data);
        int position = 0;
        while (position < data.Length)
        {
            ReadOnlySpan<byte> rest = data.AsSpan(position);
            // Cut short within the header, or a tail that the file system had made room for but not written.
            if (rest.Length < HeaderSize || rest.IndexOfAnyExcept((byte)0) < 0)
                break;
            uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (BinaryPrimitives.ReadUInt32BigEndian(rest[4..]) != ~length)
                throw Damaged(position);
            long size = (long)HeaderSize + length + Digest.SizeInBytes;
            if (size > rest.Length)
                break;
            ReadOnlySpan<byte> record = rest.Slice(HeaderSize, (int)length);
            if (Digest.Of(record) != new Digest(rest.Slice(HeaderSize + (int)length, Digest.SizeInBytes)) || !TryParse(record, out Opening? opening))
                throw Damaged(position);
            _openings.Add(opening);
            position += (int)size;
        }
        _file.SetLength(position);
        _file.Position = position;
    }

    private static bool TryParse(ReadOnlySpan<byte> record, [NotNullWhen(true)] out Opening? opening)
    {
        var reader = new CanonicalReader(record);
        (ulong round, Digest closing, Digest previous) = (reader.UInt64(), reader.Digest(), reader.Digest());
        var participants = new MemberId[reader.Count(5)];
        for (int i = 0; i < participants.Length; i++)
            participants[i] = reader.Member();
        opening = reader.Complete ? new Opening(new RoundId(round), closing, previous, participants) : null;
        return opening is not null;
    }

    private InvalidDataException Damaged(int position) =>
        new($"The opening journal {_file.Name} is damaged at byte {position}; this member must not open anything more.");
}
