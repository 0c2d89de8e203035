using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using QuantumFed.Protocol;

namespace QuantumFed.Transport.Tests;

/// <summary>The client of key managers against one that keeps to the standard, and against one that does not.</summary>
public sealed class EtsiKeySourceTests
{
    private static readonly QuantumKeyId Id = QuantumKeyId.Parse("01234567-89ab-cdef-0123-456789abcdef");
    private static readonly string Key = Convert.ToBase64String(new byte[32]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> HostileContainers => new()
    {
        "", "null", "[]", "{}", "{\"keys\":[]}", "{\"keys\":null}", $$"""{"keys":[{"key_ID":"{{Id}}"}]}""", $$"""{"keys":[{"key":"{{Key}}"}]}""",
        $$"""{"keys":[{"key_ID":"{{Id}}","key":"{{Key}}"}""",
        $$"""{"keys":[{"key_ID":"{{Id}}","key":"{{Convert.ToBase64String(new byte[31])}}"}]}""",
        $$"""{"keys":[{"key_ID":"{{Id}}","key":"{{Key[..^1]}}"}]}""",
        $$"""{"keys":[{"key_ID":"not a UUID","key":"{{Key}}"}]}""",
        $$"""{"keys":[{"key_ID":"{{FakeKeyManager.NewId()}}","key":"{{Key}}"}]}""",
        $$"""{"keys":[{"key_ID":"{{Id}}","key":"{{Key}}"},{"key_ID":"{{Id}}","key":"{{Key}}"}]}""",
    };

    public static TheoryData<int, string, LinkFailure, string> Errors => new()
    {
        { 503, """{"message":"not enough keys"}""", LinkFailure.NoneAvailable, "not enough keys" },
        { 503, """{"message":"no keys","details":[{"link_alarm":"error rate 25 %"}]}""", LinkFailure.LinkAlarm, "no keys" },
        { 503, """{"message":"no keys","details":[{"reason":"link_alarm"}]}""", LinkFailure.LinkAlarm, "no keys" },
        { 503, """{"message":"no keys","details":[{"link_alarm":false}]}""", LinkFailure.NoneAvailable, "no keys" },
        { 503, "<html>", LinkFailure.Refused, "" },
        { 400, """{"message":"one or more keys specified are not found on KME"}""", LinkFailure.UnknownKey, "one or more keys specified are not found on KME" },
        { 400, """{"message":"size shall be a multiple of 8"}""", LinkFailure.Refused, "size shall be a multiple of 8" },
        { 401, """{"message":"not yours"}""", LinkFailure.NotGranted, "not yours" },
        { 401, "", LinkFailure.NotGranted, "" },
        { 500, """{"message":"a\u001b[31m\nb"}""", LinkFailure.Refused, "a?[31m?b" },
        { 302, """{"message":7}""", LinkFailure.Refused, "" },
        { 201, "", LinkFailure.Refused, "" },
    };

    [Theory]
    [InlineData(HttpProtocols.Http1)]
    [InlineData(HttpProtocols.Http2)]
    public async Task A_key_that_one_end_obtains_the_other_retrieves_once(HttpProtocols protocols)
    {
        Requires.PostQuantum();
        FakeLink link = new(keys: 2);
        await using FakeKeyManager manager = await FakeKeyManager.StartAsync(link.AnswerAsync, protocols: protocols);
        using EtsiKeySource master = manager.Source(), slave = manager.Source(Consortium.Coordinator);
        using QuantumKey key = await master.ObtainAsync(Consortium.CoordinatorName, Token);
        using QuantumKey same = await slave.RetrieveAsync(Consortium.MemberName, key.Id, Token);
        Assert.Equal(key.Id, same.Id);
        Assert.Equal(key.Take(), same.Take());
        Assert.Equal(LinkFailure.UnknownKey, await FailureOf(() => slave.RetrieveAsync(Consortium.MemberName, key.Id, Token)));
        Assert.Equal(
            new QuantumKeyStatus("kme-1", "kme-2", Consortium.MemberName, Consortium.CoordinatorName, 256, 1, 1000),
            await master.ReadStatusAsync(Consortium.CoordinatorName, Token));
        (await master.ObtainAsync(Consortium.CoordinatorName, Token)).Dispose();
        Assert.Equal(LinkFailure.NoneAvailable, await FailureOf(() => master.ObtainAsync(Consortium.CoordinatorName, Token)));
        string retrieval = $$"""POST /api/v1/keys/hospital-1/dec_keys application/json {"key_IDs":[{"key_ID":"{{key.Id}}"}]}""";
        const string Request = """POST /api/v1/keys/coordinator/enc_keys application/json {"number":1,"size":256}""";
        Assert.Equal([Request, retrieval, retrieval, "GET /api/v1/keys/coordinator/status", Request, Request], link.Requests);
    }

    [Theory, MemberData(nameof(HostileContainers))]
    public async Task What_is_no_container_of_the_key_asked_for_is_refused(string body)
    {
        Requires.PostQuantum();
        await using FakeKeyManager manager = await FakeKeyManager.StartAsync(200, body);
        using EtsiKeySource source = manager.Source();
        Assert.Equal(LinkFailure.Refused, await FailureOf(() => source.RetrieveAsync(Consortium.CoordinatorName, Id, Token)));
    }

    [Theory, MemberData(nameof(Errors))]
    public async Task An_error_is_what_its_status_and_details_say(int status, string body, LinkFailure failure, string words)
    {
        Requires.PostQuantum();
        await using FakeKeyManager manager = await FakeKeyManager.StartAsync(status, body);
        using EtsiKeySource source = manager.Source();
        QuantumKeyException error = await Assert.ThrowsAsync<QuantumKeyException>(() => source.ObtainAsync(Consortium.CoordinatorName, Token));
        Assert.Equal((failure, words), (error.Failure, error.KeyManagerMessage));
    }

    [Theory]
    [InlineData("key_size", "\"256\"")]
    [InlineData("key_size", "0")]
    [InlineData("stored_key_count", "-1")]
    [InlineData("stored_key_count", "1e3")]
    [InlineData("stored_key_count", "99999999999999999999")]
    [InlineData("slave_SAE_ID", "\"hospital-2\"")]
    [InlineData("master_SAE_ID", "\"hospital-2\"")]
    [InlineData("master_SAE_ID", "null")]
    [InlineData("source_KME_ID", "\"\"")]
    [InlineData("source_KME_ID", "\"a\\nb\"")]
    [InlineData("max_key_count", null)]
    [InlineData("source_KME_ID", "\"\\ud800\"")]
    public async Task A_status_of_another_link_or_form_is_refused(string name, string? value)
    {
        Requires.PostQuantum();
        Dictionary<string, string> members = new()
        {
            ["source_KME_ID"] = "\"a\"", ["target_KME_ID"] = "\"b\"", ["master_SAE_ID"] = "\"hospital-1\"", ["slave_SAE_ID"] = "\"coordinator\"",
            ["key_size"] = "256", ["stored_key_count"] = "7", ["max_key_count"] = "9",
        };
        string good = Json(members);
        members.Remove(name);
        if (value is not null)
            members[name] = value;
        Queue<string> bodies = new([good, Json(members), good.Replace("}", ",\"key_size\":256}", StringComparison.Ordinal), good.Replace("}", ",\"\\ud800\":1}", StringComparison.Ordinal)]);
        await using FakeKeyManager manager = await FakeKeyManager.StartAsync(call => FakeKeyManager.WriteAsync(call, 200, bodies.Dequeue()));
        using EtsiKeySource source = manager.Source();
        Assert.Equal(7, (await source.ReadStatusAsync(Consortium.CoordinatorName, Token)).StoredKeyCount);
        for (int wrong = 0; wrong < 3; wrong++)
            Assert.Equal(LinkFailure.Refused, await FailureOf(() => source.ReadStatusAsync(Consortium.CoordinatorName, Token)));

        static string Json(Dictionary<string, string> members) => $"{{{string.Join(',', members.Select(member => $"\"{member.Key}\":{member.Value}"))}}}";
    }

    [Theory]
    [InlineData(200)]
    [InlineData(503)]
    public async Task An_endless_answer_is_given_up(int status)
    {
        Requires.PostQuantum();
        byte[] spaces = [.. Enumerable.Repeat((byte)' ', 4096)];
        await using FakeKeyManager manager = await FakeKeyManager.StartAsync(async call =>
        {
            call.Response.StatusCode = status;
            while (!call.RequestAborted.IsCancellationRequested)
                await call.Response.Body.WriteAsync(spaces, call.RequestAborted);
        });
        using EtsiKeySource source = manager.Source();
        Assert.Equal(LinkFailure.Refused, await FailureOf(() => source.ObtainAsync(Consortium.CoordinatorName, Token)));
    }

    [Theory]
    [InlineData(16 * 1024, true)]
    [InlineData((16 * 1024) + 1, false)]
    public async Task An_answer_may_be_as_long_as_the_bound_and_no_longer(int size, bool taken)
    {
        Requires.PostQuantum();
        byte[] body = Encoding.UTF8.GetBytes(FakeKeyManager.Container(Id, new byte[32]).PadRight(size));
        await using FakeKeyManager manager = await FakeKeyManager.StartAsync(200, body);
        using EtsiKeySource source = manager.Source();
        if (taken)
            (await source.ObtainAsync(Consortium.CoordinatorName, Token)).Dispose();
        else
            Assert.Equal(LinkFailure.Refused, await FailureOf(() => source.ObtainAsync(Consortium.CoordinatorName, Token)));
    }

    [Fact]
    public async Task An_answer_that_never_comes_ends_at_its_time()
    {
        Requires.PostQuantum();
        ManualTime time = new(TimeProvider.System.GetUtcNow());
        TaskCompletionSource arrived = new(), aborted = new();
        await using FakeKeyManager manager = await FakeKeyManager.StartAsync(async call =>
        {
            using CancellationTokenRegistration end = call.RequestAborted.Register(() => aborted.TrySetResult());
            arrived.SetResult();
            await aborted.Task;
        });
        using EtsiKeySource source = manager.Source(time: time);
        Task<QuantumKey> request = source.ObtainAsync(Consortium.CoordinatorName, Token);
        await arrived.Task.WaitAsync(Token);
        Assert.False(request.IsCompleted);
        time.Advance(new EtsiKeySourceOptions().AnswerTimeout);
        Assert.Equal(LinkFailure.Unreachable, await FailureOf(() => request));
        await aborted.Task.WaitAsync(Token);
    }

    [Fact]
    public async Task An_answer_that_trickles_ends_at_its_time()
    {
        ManualTime time = new(DateTimeOffset.UnixEpoch);
        using TricklingHandler handler = new();
        using EtsiKeySource source = new(
            new Uri("https://127.0.0.1:1"), Consortium.MemberName, FakeKeyManager.Name, new EtsiKeySourceOptions(), time, new HandshakeRefusal(), handler);
        Task<QuantumKey> request = source.ObtainAsync(Consortium.CoordinatorName, Token);
        for (int second = 1; second <= 10; second++)
        {
            await handler.Awaited.WaitAsync(Token);
            Assert.False(request.IsCompleted);
            handler.Trickle();
            await handler.Awaited.WaitAsync(Token);
            time.Advance(TimeSpan.FromSeconds(1));
            if (second < 10)
                handler.Trickle();
        }
        Assert.Equal(LinkFailure.Unreachable, await FailureOf(() => request.WaitAsync(Token)));
    }

    [Theory]
    [InlineData(HttpProtocols.Http1)]
    [InlineData(HttpProtocols.Http2)]
    public async Task A_connection_lost_in_an_answer_is_no_key(HttpProtocols protocols)
    {
        Requires.PostQuantum();
        await using FakeKeyManager manager = await FakeKeyManager.StartAsync(
            async call =>
            {
                await call.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(FakeKeyManager.Container(Id, new byte[32])), Token);
                await call.Response.Body.FlushAsync(Token);
                call.Abort();
            },
            protocols: protocols);
        using EtsiKeySource source = manager.Source();
        Assert.Equal(LinkFailure.Unreachable, await FailureOf(() => source.ObtainAsync(Consortium.CoordinatorName, Token)));
    }

    [Theory]
    [InlineData("http://127.0.0.1:1", "kme-1", 1)]
    [InlineData("https://127.0.0.1:1/api", "kme-1", 1)]
    [InlineData("https://user@127.0.0.1:1", "kme-1", 1)]
    [InlineData("https://127.0.0.1:1", null, 1)]
    [InlineData("https://127.0.0.1:1", "kme-1", 0)]
    [InlineData("https://127.0.0.1:1", "kme-1", 601)]
    public void An_address_a_name_or_a_time_out_of_range_is_refused(string address, string? name, int seconds)
    {
        Requires.PostQuantum();
        EtsiKeySourceOptions options = new() { AnswerTimeout = TimeSpan.FromSeconds(seconds) };
        Assert.ThrowsAny<ArgumentException>(() => EtsiKeySource.Create(new Uri(address), Consortium.Member, name is null ? default : MemberId.Parse(name), options));
    }

    [Fact]
    public async Task The_callers_cancellation_is_no_failure_of_the_key_manager()
    {
        Requires.PostQuantum();
        TaskCompletionSource arrived = new();
        await using FakeKeyManager manager = await FakeKeyManager.StartAsync(async call =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.Infinite, call.RequestAborted);
        });
        using EtsiKeySource source = manager.Source();
        using CancellationTokenSource cancel = new();
        Task<QuantumKey> request = source.ObtainAsync(Consortium.CoordinatorName, cancel.Token);
        await arrived.Task.WaitAsync(Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
    }

    [Theory]
    [InlineData("kme-2", false)]
    [InlineData("kme-1", true)]
    public async Task A_key_manager_of_another_name_or_consortium_is_not_asked(string name, bool foreign)
    {
        Requires.PostQuantum();
        FakeLink link = new(keys: 1);
        CertificateAuthority authority = foreign ? Consortium.OtherAuthority : Consortium.Authority;
        using NodeIdentity identity = authority.IssueServer(MemberId.Parse(name), ["localhost"], TimeSpan.FromDays(1));
        await using FakeKeyManager manager = await FakeKeyManager.StartAsync(link.AnswerAsync, identity);
        using EtsiKeySource source = manager.Source();
        QuantumKeyException error = await Assert.ThrowsAsync<QuantumKeyException>(() => source.ObtainAsync(Consortium.CoordinatorName, Token));
        Assert.Equal(LinkFailure.Unreachable, error.Failure);
        Assert.Contains(foreign ? "not signed by the consortium's root" : "the server is kme-2, not kme-1", error.Message, StringComparison.Ordinal);
        Assert.Empty(link.Requests);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    public async Task What_does_not_listen_or_speak_TLS_is_unreachable(string? greeting)
    {
        Requires.PostQuantum();
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task stranger = greeting is null ? Task.CompletedTask : GreetAsync();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        if (greeting is null)
            listener.Stop();
        using EtsiKeySource source = EtsiKeySource.Create(new Uri($"https://127.0.0.1:{port}"), Consortium.Member, FakeKeyManager.Name);
        Assert.Equal(LinkFailure.Unreachable, await FailureOf(() => source.ObtainAsync(Consortium.CoordinatorName, Token)));
        await stranger;

        async Task GreetAsync()
        {
            using TcpClient client = await listener.AcceptTcpClientAsync(Token);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(greeting), Token);
        }
    }

    private static async Task<LinkFailure> FailureOf<T>(Func<Task<T>> request) => (await Assert.ThrowsAsync<QuantumKeyException>(request)).Failure;
}
