using System.Security.Cryptography;
using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.KeyManagement.Tests;

/// <summary>A peer that speaks the exchange by hand, and wrongly.</summary>
public sealed class HostilePeerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Who_does_not_begin_with_its_pool_is_cut_off()
    {
        Requires.PostQuantum();
        byte[][] beginnings = [[], [0], [1, 1], RandomNumberGenerator.GetBytes(1000), ExchangeMessage.Done(1).ToArray(), Ask(1), [.. Pool(), 0]];
        await using LinkEnd end = End(allots: true);
        foreach (byte[] beginning in beginnings)
        {
            await using MessagePair pair = await MessagePair.NewAsync();
            end.Serve(pair.Dialled);
            await pair.Accepted.SendAsync(beginning, Token);
            await Assert.ThrowsAsync<MessageConnectionException>(() => end.Serving);
            Assert.False(end.Exchange.IsConnected);
        }
        Assert.Equal(10, end.Store.StoredUnits);
    }

    [Fact]
    public async Task Who_says_nothing_at_first_is_not_waited_for()
    {
        Requires.PostQuantum();
        ManualTime time = new(DateTimeOffset.UnixEpoch.AddYears(56));
        await using LinkEnd end = new(_folder.File("keys"), allots: true, [10], time);
        await using MessagePair pair = await MessagePair.NewAsync();
        end.Serve(pair.Dialled);
        await time.Armed.WaitAsync(Token);
        Assert.Equal(ExchangeKind.Pool, (await ReadAsync(pair.Accepted)).Kind);
        time.Advance(TimeSpan.FromSeconds(30));
        await Assert.ThrowsAsync<MessageConnectionException>(() => end.Serving);
        Assert.False(end.Exchange.IsConnected);
    }

    [Fact]
    public async Task Who_sends_what_is_no_message_later_is_cut_off()
    {
        Requires.PostQuantum();
        byte[][] wrong = [[], [1, 9, 0, 0, 0, 1], Pool(), [2, .. ExchangeMessage.Done(1).ToArray()[1..]], [.. Ask(1), 0], ExchangeMessage.Grant(1, []).ToArray()];
        await using LinkEnd end = End(allots: true);
        foreach (byte[] message in wrong)
        {
            await using MessagePair pair = await BeginAsync(end);
            await end.UntilConnectedAsync();
            await pair.Accepted.SendAsync(message, Token);
            await Assert.ThrowsAsync<MessageConnectionException>(() => end.Serving);
        }
        Assert.Equal(10, end.Store.StoredUnits);
    }

    [Fact]
    public async Task The_end_that_allots_grants_nothing_that_others_allot_and_nothing_to_strangers()
    {
        Requires.PostQuantum();
        await using LinkEnd end = End(allots: true);
        await using MessagePair pair = await BeginAsync(end);
        MemberId stranger = MemberId.Parse("stranger");
        byte[][] refused =
        [
            ExchangeMessage.Grant(7, [Grant(0, 1, LinkEnd.AtOther, LinkEnd.AtAllotting)]).ToArray(),
            Ask(7, stranger), Ask(7, LinkEnd.AtAllotting), Ask(7, LinkEnd.AtOther, stranger), Ask(7, LinkEnd.AtOther, LinkEnd.AlsoAtOther), Ask(7, number: 11),
        ];
        foreach (byte[] message in refused)
            Assert.Equal(ExchangeKind.Refused, (await AnswerAsync(pair.Accepted, message, 7)).Kind);
        Assert.Equal(10, end.Store.StoredUnits);
        ExchangeMessage answer = await AnswerAsync(pair.Accepted, Ask(8), 8);
        Assert.Equal(ExchangeKind.Granted, answer.Kind);
        Assert.Equal([new UnitRange(new KeyUnit(0, 0), 1)], Assert.Single(answer.Grants).Units);
    }

    [Fact]
    public async Task The_other_end_grants_only_units_that_are_there_to_its_own_applications_once()
    {
        Requires.PostQuantum();
        await using LinkEnd end = End(allots: false);
        await using MessagePair pair = await BeginAsync(end);
        MemberId stranger = MemberId.Parse("stranger");
        KeyGrant good = Grant(0, 2, LinkEnd.AtAllotting, LinkEnd.AtOther);
        byte[] GrantOf(params KeyGrant[] grants) => ExchangeMessage.Grant(7, grants).ToArray();
        byte[][] refused =
        [
            Ask(7, LinkEnd.AtAllotting, LinkEnd.AtOther),
            GrantOf(Grant(0, 1, LinkEnd.AtOther, LinkEnd.AtOther)),
            GrantOf(Grant(0, 1, LinkEnd.AtAllotting, LinkEnd.AtAllotting)),
            GrantOf(Grant(0, 1, stranger, LinkEnd.AtOther)),
            GrantOf(good, Grant(2, 1, LinkEnd.AtAllotting, stranger)),
            GrantOf(good, Grant(9, 2, LinkEnd.AtAllotting, LinkEnd.AtOther)),
            GrantOf(good, Grant(1, 1, LinkEnd.AtAllotting, LinkEnd.AtOther)),
            GrantOf([.. Enumerable.Range(0, 200).Select(_ => Grant(0, 4096, LinkEnd.AtAllotting, LinkEnd.AtOther))]),
        ];
        foreach (byte[] message in refused)
            Assert.Equal(ExchangeKind.Refused, (await AnswerAsync(pair.Accepted, message, 7)).Kind);
        Assert.Equal(10, end.Store.StoredUnits);
        Assert.Equal(ExchangeKind.Done, (await AnswerAsync(pair.Accepted, GrantOf(good), 7)).Kind);
        // The same again, and the same id for other units.
        Assert.Equal(ExchangeKind.Refused, (await AnswerAsync(pair.Accepted, GrantOf(good), 7)).Kind);
        Assert.Equal(ExchangeKind.Refused, (await AnswerAsync(pair.Accepted, GrantOf(Grant(5, 2, LinkEnd.AtAllotting, LinkEnd.AtOther) with { Id = good.Id }), 7)).Kind);
        Assert.Equal(8, end.Store.StoredUnits);
        Assert.Equal(SomeKeys.KeyOf(good), Assert.Single(await end.RetrieveAsync(LinkEnd.AtAllotting, good.Id)).Secret.ToArray());
    }

    [Fact]
    public async Task Ids_that_repeat_within_a_message_are_no_message()
    {
        Requires.PostQuantum();
        await using LinkEnd end = End(allots: false);
        await using MessagePair pair = await BeginAsync(end);
        KeyGrant one = Grant(0, 1, LinkEnd.AtAllotting, LinkEnd.AtOther);
        await pair.Accepted.SendAsync(ExchangeMessage.Grant(1, [one, Grant(1, 1, LinkEnd.AtAllotting, LinkEnd.AtOther) with { Id = one.Id }]).ToArray(), Token);
        await Assert.ThrowsAsync<MessageConnectionException>(() => end.Serving);
        Assert.Equal(10, end.Store.StoredUnits);
    }

    [Fact]
    public async Task Answers_to_requests_that_nobody_made_are_ignored()
    {
        Requires.PostQuantum();
        await using LinkEnd end = End(allots: false);
        await using MessagePair pair = await BeginAsync(end);
        foreach (uint request in (uint[])[0, 1, 2, uint.MaxValue])
        {
            await pair.Accepted.SendAsync(ExchangeMessage.Done(request).ToArray(), Token);
            await pair.Accepted.SendAsync(ExchangeMessage.Refused(request).ToArray(), Token);
            await pair.Accepted.SendAsync(ExchangeMessage.Granted(request, [Grant(0, 1, LinkEnd.AtOther, LinkEnd.AtAllotting)]).ToArray(), Token);
        }
        KeyGrant good = Grant(0, 2, LinkEnd.AtAllotting, LinkEnd.AtOther);
        Assert.Equal(ExchangeKind.Done, (await AnswerAsync(pair.Accepted, ExchangeMessage.Grant(7, [good]).ToArray(), 7)).Kind);
        Assert.Equal(8, end.Store.StoredUnits);
    }

    [Fact]
    public async Task A_master_gets_no_key_for_an_answer_that_is_not_its_own()
    {
        Requires.PostQuantum();
        await using LinkEnd end = End(allots: false);
        await using MessagePair pair = await BeginAsync(end);
        await end.UntilConnectedAsync();
        KeyGrant Good(uint first) => Grant(first, 1, LinkEnd.AtOther, LinkEnd.AtAllotting);
        (Func<uint, ExchangeMessage> Answer, KeyDeliveryFailure Failure)[] wrong =
        [
            (request => ExchangeMessage.Granted(request, [Good(0), Good(1)]), KeyDeliveryFailure.PeerAway),
            (request => ExchangeMessage.Granted(request, [Grant(0, 2, LinkEnd.AtOther, LinkEnd.AtAllotting)]), KeyDeliveryFailure.PeerAway),
            (request => ExchangeMessage.Granted(request, [Grant(0, 1, LinkEnd.AlsoAtOther, LinkEnd.AtAllotting)]), KeyDeliveryFailure.PeerAway),
            (request => ExchangeMessage.Granted(request, [Grant(0, 1, LinkEnd.AtOther, LinkEnd.AtOther)]), KeyDeliveryFailure.PeerAway),
            (request => ExchangeMessage.Granted(request, [Good(10)]), KeyDeliveryFailure.NoneAvailable),
            (ExchangeMessage.Done, KeyDeliveryFailure.NoneAvailable),
            (ExchangeMessage.Refused, KeyDeliveryFailure.NoneAvailable),
        ];
        foreach ((Func<uint, ExchangeMessage> answer, KeyDeliveryFailure failure) in wrong)
        {
            Task<KeyDeliveryFailure> failing = end.FailureAsync();
            ExchangeMessage ask = await ReadAsync(pair.Accepted);
            Assert.Equal((ExchangeKind.Ask, 1, 256), (ask.Kind, ask.Number, ask.SizeInBits));
            await pair.Accepted.SendAsync(answer(ask.Request).ToArray(), Token);
            Assert.Equal(failure, await failing);
        }
        Assert.Equal(10, end.Store.StoredUnits);
    }

    [Fact]
    public async Task An_older_connection_that_ends_takes_no_request_with_it()
    {
        Requires.PostQuantum();
        await using LinkEnd end = End(allots: true);
        await using MessagePair older = await BeginAsync(end);
        Task serving = end.Serving;
        await using MessagePair newer = await BeginAsync(end);
        // Both are served: the newer one's answer shows it.
        await AnswerAsync(newer.Accepted, Ask(7, MemberId.Parse("stranger")), 7);
        Task<IReadOnlyList<DeliveredKey>> obtaining = end.ObtainAsync();
        ExchangeMessage request = await ReadAsync(newer.Accepted);
        await older.Accepted.DisposeAsync();
        await Assert.ThrowsAsync<MessageConnectionException>(() => serving);
        await newer.Accepted.SendAsync(ExchangeMessage.Done(request.Request).ToArray(), Token);
        Assert.Single(await obtaining).Dispose();
    }

    [Fact]
    public async Task A_refused_grant_delivers_nothing_and_its_units_are_gone()
    {
        Requires.PostQuantum();
        await using LinkEnd end = End(allots: true);
        await using MessagePair pair = await BeginAsync(end);
        await end.UntilConnectedAsync();
        Task<KeyDeliveryFailure> failing = end.FailureAsync();
        await pair.Accepted.SendAsync(ExchangeMessage.Refused((await ReadAsync(pair.Accepted)).Request).ToArray(), Token);
        Assert.Equal(KeyDeliveryFailure.NoneAvailable, await failing);
        Assert.Equal([new UnitRange(new KeyUnit(0, 1), 9)], end.Store.Available());
        byte[] file = await File.ReadAllBytesAsync(_folder.File("keys"), Token);
        Assert.True(file.AsSpan().IndexOf(SomeKeys.UnitOf(new KeyUnit(0, 0))) < 0 && file.AsSpan().IndexOf(SomeKeys.UnitOf(new KeyUnit(0, 1))) >= 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_does_not_answer_is_away_and_its_late_answer_delivers_nothing(bool allots)
    {
        Requires.PostQuantum();
        ManualTime time = new(DateTimeOffset.UnixEpoch.AddYears(56));
        await using LinkEnd end = new(_folder.File("keys"), allots, [10], time);
        await using MessagePair pair = await BeginAsync(end);
        await end.UntilConnectedAsync();
        // The limit for the pools; what is awaited below is the request's.
        await time.Armed.WaitAsync(Token);
        Task<KeyDeliveryFailure> failing = end.FailureAsync();
        ExchangeMessage request = await ReadAsync(pair.Accepted);
        await time.Armed.WaitAsync(Token);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(KeyDeliveryFailure.PeerAway, await failing);
        ExchangeMessage late = allots ? ExchangeMessage.Done(request.Request) : ExchangeMessage.Granted(request.Request, [Grant(0, 1, LinkEnd.AtOther, LinkEnd.AtAllotting)]);
        await pair.Accepted.SendAsync(late.ToArray(), Token);
        // The next answer shows that the late one was read.
        Assert.Equal(ExchangeKind.Refused, (await AnswerAsync(pair.Accepted, Ask(9, MemberId.Parse("stranger")), 9)).Kind);
        Assert.Equal(allots ? 9 : 10, end.Store.StoredUnits);
    }

    [Fact]
    public async Task Who_reads_nothing_is_away_too()
    {
        Requires.PostQuantum();
        ManualTime time = new(DateTimeOffset.UnixEpoch.AddYears(56));
        await using LinkEnd end = new(_folder.File("keys"), allots: false, [10], time);
        await using MessagePair pair = await BeginAsync(end);
        await end.UntilConnectedAsync();
        // Messages that nobody reads fill the way, until the end's own cannot leave.
        Task stuck = pair.Dialled.SendAsync(new byte[60_000_000], CancellationToken.None).AsTask();
        Task<KeyDeliveryFailure> failing = end.FailureAsync();
        // The limit for the pools, and the request's.
        await time.Armed.WaitAsync(Token);
        await time.Armed.WaitAsync(Token);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(KeyDeliveryFailure.PeerAway, await failing);
        Assert.Equal(10, end.Store.StoredUnits);
        await pair.DisposeAsync();
        await Assert.ThrowsAsync<MessageConnectionException>(() => stuck);
    }

    private LinkEnd End(bool allots) => new(_folder.File("keys"), allots, [10]);

    private static byte[] Pool() => ExchangeMessage.Pool([new UnitRange(new KeyUnit(0, 0), 10)], 0).ToArray();

    private static byte[] Ask(uint request, MemberId? master = null, MemberId? slave = null, int number = 1) =>
        ExchangeMessage.Ask(request, number, 256, master ?? LinkEnd.AtOther, [slave ?? LinkEnd.AtAllotting]).ToArray();

    private static KeyGrant Grant(uint first, uint count, MemberId master, MemberId slave) =>
        new(new QuantumKeyId(RandomNumberGenerator.GetBytes(16)), (int)count * 256, [new UnitRange(new KeyUnit(0, first), count)], master, [slave]);

    private static async Task<MessagePair> BeginAsync(LinkEnd end)
    {
        MessagePair pair = await MessagePair.NewAsync();
        end.Serve(pair.Dialled);
        await pair.Accepted.SendAsync(Pool(), Token);
        Assert.Equal(ExchangeKind.Pool, (await ReadAsync(pair.Accepted)).Kind);
        return pair;
    }

    private static async Task<ExchangeMessage> AnswerAsync(MessageConnection connection, byte[] request, uint number)
    {
        await connection.SendAsync(request, Token);
        ExchangeMessage answer = await ReadAsync(connection);
        Assert.Equal(number, answer.Request);
        return answer;
    }

    private static async Task<ExchangeMessage> ReadAsync(MessageConnection connection)
    {
        Assert.True(ExchangeMessage.TryParse(await connection.ReceiveAsync(Token), out ExchangeMessage? message));
        return message;
    }
}
