using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.KeyManagement;

/// <summary>
/// One end of a link's key delivery. One of the two ends allots the units, so that both never give out the same; the other asks it. A key is granted at the
/// slaves' end, on its disk, before its master gets it, and is erased at the master's end before it leaves it. A crash or a cut in between loses that key for
/// both; none is ever delivered twice. Thread safe.
/// </summary>
/// <param name="store">This end's keys.</param>
/// <param name="allots">Whether this end allots: the transmitter's does.</param>
/// <param name="localApplications">Who takes keys here: whoever else the other end names is refused.</param>
/// <param name="remoteApplications">Who takes keys at the other end.</param>
/// <param name="alarm">Why the link brings no new key, or null where it does.</param>
/// <param name="time">The clock of time limits.</param>
/// <param name="logger">Where to tell.</param>
public sealed partial class KeyExchange(
    KeyStore store, bool allots, IReadOnlySet<MemberId> localApplications, IReadOnlySet<MemberId> remoteApplications, Func<string?> alarm, TimeProvider time,
    ILogger logger) : IKeyDelivery
{
    /// <summary>What the connection between the two ends is for.</summary>
    public static MessageProtocol Protocol { get; } = new("qf-link-keys/1");

    // The other end answers from its disk. Longer means that it is gone, and applications should know.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // Until the pools are compared: the other end may first have to let an older connection go.
    private static readonly TimeSpan MeetingTime = TimeSpan.FromSeconds(30);

    // A granted key that nobody fetched for so long is erased: its master gave up, or crashed before it told the id.
    private static readonly TimeSpan GrantLifetime = TimeSpan.FromDays(7), ExpiryPause = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<uint, (MessageConnection Over, TaskCompletionSource<ExchangeMessage> Answer)> _waiting = new();
    private MessageConnection? _connection;
    private uint _lastRequest;
    private long? _lastExpiry;

    /// <inheritdoc/>
    public KeyPoolStatus Status => new(store.StoredUnits * KeyUnit.SizeInBits, store.CapacityInUnits * KeyUnit.SizeInBits, alarm());

    /// <summary>Whether the other end is there.</summary>
    public bool IsConnected => Volatile.Read(ref _connection) is not null;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DeliveredKey>> ObtainAsync(
        MemberId master, IReadOnlyList<MemberId> slaves, int number, int sizeInBits, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(slaves);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, ExchangeMessage.MostKeys);
        if (sizeInBits <= 0 || sizeInBits % 8 != 0 || sizeInBits > KeyGrant.MostUnits * KeyUnit.SizeInBits || (long)number * KeyUnit.UnitsFor(sizeInBits) > ExchangeMessage.MostUnits)
            throw new ArgumentOutOfRangeException(nameof(sizeInBits), sizeInBits, "A key has a positive number of whole bytes, and not too many.");
        if (!localApplications.Contains(master) || slaves.Count is 0 or > KeyGrant.MostSlaves || slaves.Distinct().Count() != slaves.Count || !slaves.All(remoteApplications.Contains))
            throw new KeyDeliveryException(KeyDeliveryFailure.NotGranted, "the master is no application of this end of the link, or a slave none of the other end");
        // Asked first: without the other end a key that is taken would be lost.
        MessageConnection connection = Volatile.Read(ref _connection) ?? throw PeerAway(null);
        IReadOnlyList<KeyGrant> grants = allots
            ? await GrantAsync(connection, master, slaves, number, sizeInBits, cancellation).ConfigureAwait(false)
            : await AskAsync(connection, master, slaves, number, sizeInBits, cancellation).ConfigureAwait(false);
        try
        {
            return store.Keys.Deliver(grants);
        }
        catch (KeyStoreException)
        {
            TryDiscard(grants);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<DeliveredKey>> RetrieveAsync(
        MemberId slave, MemberId master, IReadOnlyList<QuantumKeyId> ids, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(ids);
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(store.Keys.Retrieve(slave, master, ids));
    }

    /// <summary>Serves the other end over a connection until that is cut. One connection serves at one time.</summary>
    /// <exception cref="MessageConnectionException">The connection was cut, or the other end broke the protocol.</exception>
    public async Task ServeAsync(MessageConnection connection, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(connection);
        try
        {
            ExchangeMessage pool = await MeetAsync(connection, cancellation).ConfigureAwait(false);
            if (pool.Kind != ExchangeKind.Pool)
                throw Broken(connection);
            if (store.Retain(pool.Units, pool.LastBlock) is > 0 and int dropped)
                Log.UnitsDropped(logger, dropped, connection.Peer);
            Volatile.Write(ref _connection, connection);
            while (true)
            {
                ExchangeMessage message = await ReadAsync(connection, cancellation).ConfigureAwait(false);
                if (message.Kind is ExchangeKind.Done or ExchangeKind.Refused or ExchangeKind.Granted)
                    Answered(connection, message);
                else
                    await SendAnswerAsync(connection, AnswerTo(connection, message), cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            Interlocked.CompareExchange(ref _connection, null, connection);
            // Its own only: another connection may have taken its place.
            foreach ((uint request, var asked) in _waiting)
            {
                if (asked.Over == connection && _waiting.TryRemove(request, out _))
                    asked.Answer.TrySetException(new MessageConnectionException("The other end's key manager went away before it answered."));
            }
        }
    }

    // Only once the pools are compared are keys granted: an end that connects and says nothing would otherwise stop that for ever.
    private async Task<ExchangeMessage> MeetAsync(MessageConnection connection, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(MeetingTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await connection.SendAsync(PoolHere().ToArray(), either.Token).ConfigureAwait(false);
            return await ReadAsync(connection, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw new MessageConnectionException($"{connection.Peer} is connected, and does not say which keys it has.", error);
        }
    }

    // This end allots, and its own application is the master: the other end grants.
    private async Task<IReadOnlyList<KeyGrant>> GrantAsync(
        MessageConnection connection, MemberId master, IReadOnlyList<MemberId> slaves, int number, int sizeInBits, CancellationToken cancellation)
    {
        IReadOnlyList<KeyGrant> grants = store.Keys.TrySetAside(number, sizeInBits, master, slaves, granted: false) ?? throw TooFew(number, sizeInBits);
        try
        {
            ExchangeMessage answer = await RequestAsync(connection, request => ExchangeMessage.Grant(request, grants), cancellation).ConfigureAwait(false);
            return answer.Kind == ExchangeKind.Done ? grants : throw NotGrantedThere();
        }
        catch
        {
            TryDiscard(grants);
            throw;
        }
    }

    private void TryDiscard(IReadOnlyList<KeyGrant> grants)
    {
        try
        {
            store.Keys.Discard(grants);
        }
        catch (KeyStoreException error)
        {
            // They were never handed out, and the next opening of the store erases them. Why they were given up is what the caller needs to know.
            Log.StoreFailed(logger, error.Message);
        }
    }

    private ExchangeMessage PoolHere()
    {
        (IReadOnlyList<UnitRange> units, ulong? lastBlock) = store.Pool();
        return ExchangeMessage.Pool(units, lastBlock);
    }

    // The other end allots and grants; this end takes the same units.
    private async Task<IReadOnlyList<KeyGrant>> AskAsync(
        MessageConnection connection, MemberId master, IReadOnlyList<MemberId> slaves, int number, int sizeInBits, CancellationToken cancellation)
    {
        ExchangeMessage answer = await RequestAsync(
            connection, request => ExchangeMessage.Ask(request, number, sizeInBits, master, slaves), cancellation).ConfigureAwait(false);
        if (answer.Kind != ExchangeKind.Granted)
            throw TooFew(number, sizeInBits);
        if (answer.Grants.Count != number || answer.Grants.Any(grant => grant.SizeInBits != sizeInBits || grant.Master != master || !grant.Slaves.SequenceEqual(slaves)))
            throw PeerAway(Broken(connection));
        return store.Keys.TryTake(answer.Grants, granted: false) ? answer.Grants : throw NotGrantedThere();
    }

    private ExchangeMessage AnswerTo(MessageConnection connection, ExchangeMessage message)
    {
        try
        {
            Expire();
            return Answer(connection, message);
        }
        catch (KeyStoreException error)
        {
            // Nothing was done, which is what a refusal says; the next request may find room on the disk.
            Log.StoreFailed(logger, error.Message);
            return ExchangeMessage.Refused(message.Request);
        }
    }

    private ExchangeMessage Answer(MessageConnection connection, ExchangeMessage message)
    {
        switch (message.Kind)
        {
            case ExchangeKind.Grant when !allots && message.Grants.All(grant => remoteApplications.Contains(grant.Master) && grant.Slaves.All(localApplications.Contains)):
                return store.Keys.TryTake(message.Grants, granted: true) ? ExchangeMessage.Done(message.Request) : ExchangeMessage.Refused(message.Request);
            case ExchangeKind.Ask when allots && remoteApplications.Contains(message.Master) && message.Slaves.All(localApplications.Contains):
                return store.Keys.TrySetAside(message.Number, message.SizeInBits, message.Master, message.Slaves, granted: true) is { } grants
                    ? ExchangeMessage.Granted(message.Request, grants)
                    : ExchangeMessage.Refused(message.Request);
            case ExchangeKind.Grant or ExchangeKind.Ask:
                Log.StrangeRequest(logger, message.Kind, connection.Peer);
                return ExchangeMessage.Refused(message.Request);
            default:
                throw Broken(connection);
        }
    }

    private async Task<ExchangeMessage> RequestAsync(MessageConnection connection, Func<uint, ExchangeMessage> message, CancellationToken cancellation)
    {
        uint request = Interlocked.Increment(ref _lastRequest);
        var answer = new TaskCompletionSource<ExchangeMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[request] = (connection, answer);
        try
        {
            // Whoever gives up does not cut a message in two, and a peer that reads nothing does not hold anybody: hence the time limit round both.
            return await SendAndWaitAsync().WaitAsync(Patience, time, cancellation).ConfigureAwait(false);
        }
        catch (Exception error) when (error is MessageConnectionException or TimeoutException)
        {
            throw PeerAway(error);
        }
        finally
        {
            _waiting.TryRemove(request, out _);
        }

        async Task<ExchangeMessage> SendAndWaitAsync()
        {
            await connection.SendAsync(message(request).ToArray(), CancellationToken.None).ConfigureAwait(false);
            return await answer.Task.ConfigureAwait(false);
        }
    }

    private async Task SendAnswerAsync(MessageConnection connection, ExchangeMessage answer, CancellationToken cancellation)
    {
        try
        {
            await connection.SendAsync(answer.ToArray(), cancellation).AsTask().WaitAsync(Patience, time, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException error)
        {
            throw new MessageConnectionException($"{connection.Peer} asks, and does not read the answers.", error);
        }
    }

    // Only what is granted here can expire, so it is looked at when something is granted.
    private void Expire()
    {
        if (_lastExpiry is { } last && time.GetElapsedTime(last) < ExpiryPause)
            return;
        _lastExpiry = time.GetTimestamp();
        if (store.Keys.Expire(GrantLifetime) is > 0 and int erased)
            Log.GrantsExpired(logger, erased, GrantLifetime.TotalDays);
    }

    private void Answered(MessageConnection connection, ExchangeMessage message)
    {
        // An answer that nobody waits for any more came too late; its keys are lost, as said to whoever asked.
        if (_waiting.TryGetValue(message.Request, out var asked) && asked.Over == connection && _waiting.TryRemove(message.Request, out _))
            asked.Answer.TrySetResult(message);
    }

    private static async Task<ExchangeMessage> ReadAsync(MessageConnection connection, CancellationToken cancellation) =>
        ExchangeMessage.TryParse(await connection.ReceiveAsync(cancellation).ConfigureAwait(false), out ExchangeMessage? message) ? message : throw Broken(connection);

    private KeyDeliveryException TooFew(int number, int sizeInBits) => alarm() is { } reason
        ? new KeyDeliveryException(KeyDeliveryFailure.LinkAlarm, $"the link delivers no key: {reason}")
        : new KeyDeliveryException(KeyDeliveryFailure.NoneAvailable, $"{number} keys of {sizeInBits} bits are more than the {store.StoredUnits * KeyUnit.SizeInBits} bits that wait");

    private static KeyDeliveryException NotGrantedThere() =>
        new(KeyDeliveryFailure.NoneAvailable, "the other end's key manager does not have these keys yet; try again");

    private static KeyDeliveryException PeerAway(Exception? cause) =>
        new(KeyDeliveryFailure.PeerAway, "the other end's key manager cannot be reached, so no key can be granted there", cause);

    private static MessageConnectionException Broken(MessageConnection connection) => new($"{connection.Peer} sent what does not belong into the exchange of keys.");

    private static partial class Log
    {
        [LoggerMessage(4041, LogLevel.Warning, "{Units} units of key were dropped: {Peer} does not have them.")]
        public static partial void UnitsDropped(ILogger logger, int units, MemberId peer);

        [LoggerMessage(4044, LogLevel.Warning, "{Keys} granted keys were erased: nobody fetched them for {Days} days.")]
        public static partial void GrantsExpired(ILogger logger, int keys, double days);

        [LoggerMessage(4042, LogLevel.Warning, "Refused a request ({Kind}) of {Peer}: not for applications of this link, or not its turn to ask.")]
        public static partial void StrangeRequest(ILogger logger, ExchangeKind kind, MemberId peer);

        [LoggerMessage(4043, LogLevel.Error, "A request for keys was not served: {Reason}")]
        public static partial void StoreFailed(ILogger logger, string reason);
    }
}
