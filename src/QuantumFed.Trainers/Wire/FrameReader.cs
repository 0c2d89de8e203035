using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace QuantumFed.Trainers;

/// <summary>
/// Reads the frames of a trainer's standard output. Between two frames a read stays open, so that bytes nobody asked for are seen. Used by
/// one caller at a time.
/// </summary>
internal sealed class FrameReader(Stream stream)
{
    private const int BufferSizeInBytes = 1 << 16;
    private const int ExcerptLength = 120;

    private readonly byte[] _buffer = new byte[BufferSizeInBytes];
    private Task<int>? _reading;
    private int _start;
    private int _end;
    private bool _ended;

    private ReadOnlySpan<byte> Buffered => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Begins a read, whose result is kept for the next frame.</summary>
    public void Watch()
    {
        if (_reading is not null || _start < _end || _ended)
            return;
        (_start, _end) = (0, 0);
        _reading = stream.ReadAsync(_buffer, 0, _buffer.Length, CancellationToken.None);
    }

    /// <summary>Whether bytes are there already.</summary>
    public bool HasBytes => _start < _end || (_reading is { IsCompletedSuccessfully: true } && TakeFinished() > 0);

    /// <summary>Whether the stream has ended and nothing of it is left.</summary>
    public bool HasEnded => !HasBytes && (_ended || _reading is { IsCompleted: true });

    /// <summary>What stands in the buffer, as a message shows it.</summary>
    public string Excerpt()
    {
        ReadOnlySpan<byte> bytes = Buffered[..Math.Min(Buffered.Length, 4 * ExcerptLength)];
        int line = bytes.TrimStart("\r\n"u8).IndexOfAny((byte)'\n', (byte)'\r');
        string text = ErrorLines.Clean(Encoding.UTF8.GetString(line < 0 ? bytes : bytes.TrimStart("\r\n"u8)[..line]), ExcerptLength);
        return LooksLikeText(bytes) ? $"'{text}'" : $"{Buffered.Length} bytes that are not text";
    }

    /// <summary>Reads a frame's header.</summary>
    /// <exception cref="FrameFaultException">The stream ended, or this is no header.</exception>
    public async Task<byte[]> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        while (_end - _start < TrainerFrame.LengthSizeInBytes)
        {
            if (!await FillAsync(cancellationToken).ConfigureAwait(false))
            {
                throw new FrameFaultException(
                    FrameFaultKind.Ended, _start == _end ? "without an answer" : $"after it had written {Excerpt()} where a frame was expected");
            }
        }
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(Buffered);
        if (length is < 2 or > TrainerFrame.MaxHeaderSizeInBytes)
            throw NoHeader(length);
        _start += TrainerFrame.LengthSizeInBytes;
        byte[] header = new byte[length];
        await ReadExactlyAsync(header, cancellationToken).ConfigureAwait(false);
        return header;
    }

    /// <summary>Reads the length of the payload, in bytes.</summary>
    /// <exception cref="FrameFaultException">The stream ended.</exception>
    public async Task<ulong> ReadPayloadLengthAsync(CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[TrainerFrame.PayloadLengthSizeInBytes];
        await ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>Reads as many numbers as the array has.</summary>
    /// <exception cref="FrameFaultException">The stream ended.</exception>
    public async Task ReadPayloadAsync(float[] values, CancellationToken cancellationToken)
    {
        byte[] chunk = new byte[Math.Min(BufferSizeInBytes, values.Length * (long)sizeof(float))];
        for (int done = 0; done < values.Length;)
        {
            int count = Math.Min(chunk.Length / sizeof(float), values.Length - done);
            await ReadExactlyAsync(chunk.AsMemory(0, count * sizeof(float)), cancellationToken).ConfigureAwait(false);
            TrainerFrame.Decode(chunk, values.AsSpan(done, count));
            done += count;
        }
    }

    private async Task ReadExactlyAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        while (target.Length > 0)
        {
            if (_start == _end && !await FillAsync(cancellationToken).ConfigureAwait(false))
                throw new FrameFaultException(FrameFaultKind.Ended, "in the middle of its answer");
            int count = Math.Min(target.Length, _end - _start);
            _buffer.AsMemory(_start, count).CopyTo(target);
            _start += count;
            target = target[count..];
        }
    }

    private async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_ended)
            return false;
        if (_reading is null)
        {
            Buffered.CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            _reading = stream.ReadAsync(_buffer, _end, _buffer.Length - _end, CancellationToken.None);
        }
        // The read itself goes on when the wait is given up: it ends with the process.
        await ((Task)_reading).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return TakeFinished() > 0;
    }

    private int TakeFinished()
    {
        // A read that failed is the end too: the pipe is gone.
        int count = _reading is { IsCompletedSuccessfully: true } ? _reading.GetAwaiter().GetResult() : 0;
        _ended |= count == 0;
        _reading = null;
        _end += count;
        return count;
    }

    private FrameFaultException NoHeader(uint length) => new(
        FrameFaultKind.Malformed,
        LooksLikeText(Buffered)
            ? $"wrote text on its standard output: {Excerpt()}. Frames only go there; print to standard error instead."
            : $"wrote something other than a frame: its header would be {length} bytes long (2 to {TrainerFrame.MaxHeaderSizeInBytes} are allowed).");

    // Text has printable characters or white space at the front; it may go on with a frame, as where a library printed before an answer.
    private static bool LooksLikeText(ReadOnlySpan<byte> bytes)
    {
        for (int at = 0; at < Math.Min(bytes.Length, TrainerFrame.LengthSizeInBytes);)
        {
            OperationStatus status = Rune.DecodeFromUtf8(bytes[at..], out Rune rune, out int size);
            if (status == OperationStatus.NeedMoreData)
                break;
            bool isText = status == OperationStatus.Done && (!Rune.IsControl(rune) || rune.Value is '\n' or '\r' or '\t' or 0x1b);
            if (!isText)
                return bytes[..at].IndexOf((byte)'\n') > 0;
            at += size;
        }
        return bytes.Length > 0;
    }
}
