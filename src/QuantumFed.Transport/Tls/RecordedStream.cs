namespace QuantumFed.Transport;

/// <summary>A wire in memory: reads give fixed bytes and then the end, writes are kept.</summary>
internal sealed class RecordedStream(byte[] incoming) : Stream
{
    private readonly MemoryStream _incoming = new(incoming, writable: false);
    private readonly MemoryStream _outgoing = new();

    /// <summary>What was written so far.</summary>
    public ReadOnlySpan<byte> Written => _outgoing.GetBuffer().AsSpan(0, (int)_outgoing.Length);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => _incoming.Read(buffer, offset, count);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _incoming.ReadAsync(buffer, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => _outgoing.Write(buffer, offset, count);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _outgoing.WriteAsync(buffer, cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
