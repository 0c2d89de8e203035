using QuantumFed.Federation;
using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>
/// The opening journal as a file of length-prefixed records. An opening is flushed to disk before <see cref="Append"/> returns, so whatever
/// happens next, this member never opens a second set for the round. A record cut short at the end was never acted on and is dropped; any other
/// damage stops the member, because a journal that cannot be read cannot be obeyed.
/// </summary>
public sealed class FileOpeningJournal : IOpeningJournal, IDisposable
{
    private readonly List<Opening> _openings = [];
    private readonly FileStream _file;

    private FileOpeningJournal(FileStream file) => _file = file;

    /// <inheritdoc/>
    public IReadOnlyList<Opening> Openings => _openings;

    /// <summary>Opens the journal, or begins one. Only one process can hold it.</summary>
    /// <exception cref="InvalidDataException">The journal is damaged.</exception>
    /// <exception cref="IOException">Another process holds it, or the disk refuses.</exception>
    public static FileOpeningJournal Open(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var journal = new FileOpeningJournal(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        try
        {
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
        byte[] framed = new CanonicalWriter().Bytes(record).Digest(Digest.Of(record)).ToArray();
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
            uint length = rest.Length >= 4 ? System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(rest) : uint.MaxValue;
            long size = 4L + length + Digest.SizeInBytes;
            if (size > rest.Length)
                break;
            ReadOnlySpan<byte> record = rest.Slice(4, (int)length);
            if (Digest.Of(record) != new Digest(rest.Slice(4 + (int)length, Digest.SizeInBytes)))
                throw new InvalidDataException($"The opening journal {_file.Name} is damaged at byte {position}; this member must not open anything more.");
            var reader = new CanonicalReader(record);
            (ulong round, Digest closing, Digest previous) = (reader.UInt64(), reader.Digest(), reader.Digest());
            var participants = new MemberId[reader.Count(5)];
            for (int i = 0; i < participants.Length; i++)
                participants[i] = reader.Member();
            if (!reader.Complete)
                throw new InvalidDataException($"The opening journal {_file.Name} is damaged at byte {position}; this member must not open anything more.");
            _openings.Add(new Opening(new RoundId(round), closing, previous, participants));
            position += (int)size;
        }
        _file.SetLength(position);
        _file.Position = position;
    }
}
