using System.Net;
using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.System.Tests;

/// <summary>The two ends of a link, each in a process of its own, and the keys that applications take there.</summary>
public sealed class LinkEndsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(TestLink.Receiver, TestLink.Transmitter)]
    [InlineData(TestLink.Transmitter, TestLink.Receiver)]
    public async Task Two_processes_started_in_either_order_give_the_same_keys_at_both_ends_in_both_directions(string first, string second)
    {
        using TestLink link = new();
        await using QfRun one = link.Start(first);
        await one.LineAsync("serves keys (ETSI GS QKD 014)", Token);
        await using QfRun two = link.Start(second);
        await Task.WhenAll(one.LineAsync("bits of key in", Token), two.LineAsync("bits of key in", Token));
        using (TestApplication north = link.ApplicationOf(TestLink.North), coordinator = link.ApplicationOf(TestLink.Coordinator))
        {
            var ids = new HashSet<string>();
            var keys = new HashSet<string>();
            for (int i = 0; i < 6; i++)
            {
                (TestApplication from, string master, TestApplication to, string slave) = i % 2 == 0
                    ? (north, TestLink.North, coordinator, TestLink.Coordinator)
                    : (coordinator, TestLink.Coordinator, north, TestLink.North);
                (HttpStatusCode status, string id, string key) = await from.ObtainAsync(slave);
                Assert.True(status == HttpStatusCode.OK, key);
                Assert.Equal(32, Convert.FromBase64String(key).Length);
                Assert.True(ids.Add(id) && keys.Add(key), "a key was given twice");
                Assert.Equal((HttpStatusCode.OK, id, key), await to.RetrieveAsync(master, id));
                Assert.Equal(HttpStatusCode.BadRequest, (await to.RetrieveAsync(master, id)).Status);
            }
        }
        one.Signal(ProcessTable.Terminate);
        two.Signal(ProcessTable.Terminate);
        Assert.Equal("", (await one.EndAsync(Token)).Ended(0).Error);
        Assert.Equal("", (await two.EndAsync(Token)).Ended(0).Error);
        Assert.Empty(ProcessTable.Naming(link.Folder));
    }

    [Fact]
    public async Task A_partys_key_source_takes_keys_of_a_running_link_and_names_what_it_is_refused()
    {
        using TestLink link = new();
        await using QfRun run = link.Start(TestLink.Both);
        await run.LineAsync("bits of key in", Token);
        MemberId northName = MemberId.Parse(TestLink.North), coordinatorName = MemberId.Parse(TestLink.Coordinator);
        using NodeIdentity northIdentity = link.IdentityOf(TestLink.North), coordinatorIdentity = link.IdentityOf(TestLink.Coordinator);
        using NodeIdentity southIdentity = link.IdentityOf("south");
        using EtsiKeySource north = link.SourceOf(northIdentity), coordinator = link.SourceOf(coordinatorIdentity);
        using EtsiKeySource south = link.SourceOf(southIdentity);

        using QuantumKey obtained = await north.ObtainAsync(coordinatorName, Token);
        using QuantumKey retrieved = await coordinator.RetrieveAsync(northName, obtained.Id, Token);
        Assert.Equal(32, retrieved.SizeInBytes);
        QuantumKeyStatus status = await coordinator.ReadStatusAsync(northName, Token);
        Assert.Equal((link.Settings.Receiver.Name, link.Settings.Transmitter.Name), (status.SourceKme, status.TargetKme));
        Assert.InRange(status.StoredKeyCount, 1, status.MaxKeyCount);

        Assert.Equal(LinkFailure.UnknownKey, await RefusedAsync(() => coordinator.RetrieveAsync(northName, obtained.Id, Token)));
        Assert.Equal(LinkFailure.NotGranted, await RefusedAsync(() => south.ObtainAsync(northName, Token)));
        Assert.Equal(LinkFailure.Refused, await RefusedAsync(() => north.ObtainAsync(MemberId.Parse("south"), Token)));
    }

    private static async Task<LinkFailure> RefusedAsync(Func<Task<QuantumKey>> ask) => (await Assert.ThrowsAsync<QuantumKeyException>(ask)).Failure;
}
