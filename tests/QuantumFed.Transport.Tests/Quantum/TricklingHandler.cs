using System.Net;
using System.Net.Http;
using System.Threading.Channels;

namespace QuantumFed.Transport.Tests;

/// <summary>Answers 200 at once, and then the body byte by byte, as the test says.</summary>
internal sealed class TricklingHandler : HttpMessageHandler
{
    private readonly Channel<byte> _bytes = Channel.CreateUnbounded<byte>();

    /// <summary>Released each time a byte is waited for.</summary>
    public SemaphoreSlim Awaited { get; } = new(0);

    /// <summary>Lets a byte through.</summary>
    public void Trickle() => Assert.True(_bytes.Writer.TryWrite((byte)' '));

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new Body(this)) });

    private sealed class Body(TricklingHandler handler) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            handler.Awaited.Release();
            byte next = await handler._bytes.Reader.ReadAsync(cancellationToken);
            buffer.Span[0] = next;
            return 1;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
