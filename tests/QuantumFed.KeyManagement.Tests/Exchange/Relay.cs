using QuantumFed.Transport;

namespace QuantumFed.KeyManagement.Tests;

/// <summary>Between two ends: passes on so many messages of both together, and then cuts both connections.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly MessagePair _one;
    private readonly MessagePair _other;
    private readonly CancellationTokenSource _cut = new();
    private readonly SemaphoreSlim _passing = new(1);
    private readonly Task _done;
    private int _left;

    private Relay(MessagePair one, MessagePair other, int messages)
    {
        (_one, _other, _left) = (one, other, messages);
        _done = RunAsync();
    }

    public static async Task<Relay> BetweenAsync(LinkEnd one, LinkEnd other, int messages)
    {
        MessagePair first = await MessagePair.NewAsync(), second = await MessagePair.NewAsync();
        one.Serve(first.Dialled);
        other.Serve(second.Dialled);
        return new Relay(first, second, messages);
    }

    public void Cut() => _cut.Cancel();

    public async ValueTask DisposeAsync()
    {
        await _cut.CancelAsync();
        await _done;
        await _one.DisposeAsync();
        await _other.DisposeAsync();
        _cut.Dispose();
    }

    private async Task RunAsync()
    {
        await Task.WhenAll(PassAsync(_one.Accepted, _other.Accepted), PassAsync(_other.Accepted, _one.Accepted));
        await _one.Accepted.DisposeAsync();
        await _other.Accepted.DisposeAsync();
    }

    private async Task PassAsync(MessageConnection from, MessageConnection to)
    {
        try
        {
            while (true)
            {
                byte[] message = await from.ReceiveAsync(_cut.Token);
                await _passing.WaitAsync(_cut.Token);
                if (_left-- <= 0)
                    break;
                await to.SendAsync(message, CancellationToken.None);
                _passing.Release();
            }
        }
        catch (Exception e) when (e is MessageConnectionException or OperationCanceledException)
        {
            // The end is gone, or the relay is to be.
        }
        await _cut.CancelAsync();
    }
}
