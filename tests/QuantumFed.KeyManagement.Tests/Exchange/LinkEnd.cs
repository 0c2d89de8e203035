using Microsoft.Extensions.Logging.Abstractions;
using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.KeyManagement.Tests;

/// <summary>One end of a link: a store, and its exchange. The allotting end has application sae-1, the other sae-2 and sae-3.</summary>
internal sealed class LinkEnd : IAsyncDisposable
{
    public static readonly MemberId AtAllotting = SomeKeys.Master;
    public static readonly MemberId AtOther = SomeKeys.Slave;
    public static readonly MemberId AlsoAtOther = SomeKeys.OtherSlave;
    private readonly CancellationTokenSource _stopping = new();
    private MessageConnection? _connection;

    public LinkEnd(string path, bool allots, int[] unitsOfBlocks, TimeProvider? time = null)
    {
        Store = SomeKeys.New(path, unitsOfBlocks);
        Own = allots ? AtAllotting : AtOther;
        Others = allots ? [AtOther, AlsoAtOther] : [AtAllotting];
        HashSet<MemberId> allotting = [AtAllotting], other = [AtOther, AlsoAtOther];
        // A clock that stands still: no answer is late because the machine is busy.
        Exchange = new KeyExchange(
            Store, allots, allots ? allotting : other, allots ? other : allotting, () => Alarm, time ?? new ManualTime(TimeProvider.System.GetUtcNow()), NullLogger.Instance);
    }

    public KeyStore Store { get; }

    public KeyExchange Exchange { get; }

    public MemberId Own { get; }

    public MemberId[] Others { get; }

    public string? Alarm { get; set; }

    /// <summary>The serving of the connection: it ends with it.</summary>
    public Task Serving { get; private set; } = Task.CompletedTask;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts to serve.</summary>
    public void Serve(MessageConnection connection)
    {
        _connection = connection;
        Serving = ServeAsync(connection);
    }

    public async Task UntilConnectedAsync()
    {
        while (!Exchange.IsConnected)
        {
            Assert.False(Serving.IsCompleted, "The connection ended before it was made.");
            Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public Task<IReadOnlyList<DeliveredKey>> ObtainAsync(int number = 1, int sizeInBits = 256) =>
        Exchange.ObtainAsync(Own, [Others[0]], number, sizeInBits, Token);

    public Task<IReadOnlyList<DeliveredKey>> RetrieveAsync(MemberId master, params QuantumKeyId[] ids) => Exchange.RetrieveAsync(Own, master, ids, Token);

    public async Task<KeyDeliveryFailure> FailureAsync() => (await Assert.ThrowsAsync<KeyDeliveryException>(() => ObtainAsync())).Failure;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        if (_connection is not null)
            await _connection.DisposeAsync();
        await Serving.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        Store.Dispose();
        _stopping.Dispose();
    }

    // As its host does: when serving ends, the connection is cut.
    private async Task ServeAsync(MessageConnection connection)
    {
        await using (connection)
            await Exchange.ServeAsync(connection, _stopping.Token);
    }
}
