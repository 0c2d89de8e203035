using System.Collections.Concurrent;
using System.Net;
using System.Net.Http;

namespace QuantumFed.System.Tests;

/// <summary>Key managers that are killed while keys are taken: a key is given once or not at all, and what was promised stays.</summary>
public sealed class LinkKillTests
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10), Most = TimeSpan.FromSeconds(180);

    // Keys between two deaths, so that each death hits a link at work.
    private const int KeysBetween = 10;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ends_killed_again_and_again_give_no_key_twice_and_keep_every_key_that_was_promised()
    {
        using TestLink link = new();
        var ends = new Dictionary<string, QfRun> { [TestLink.Receiver] = link.Start(TestLink.Receiver), [TestLink.Transmitter] = link.Start(TestLink.Transmitter) };
        var obtained = new ConcurrentQueue<(string Master, string Id, string Key)>();
        using TestApplication north = link.ApplicationOf(TestLink.North), coordinator = link.ApplicationOf(TestLink.Coordinator);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task[] masters = [TakeAsync(north, TestLink.North, TestLink.Coordinator), TakeAsync(coordinator, TestLink.Coordinator, TestLink.North)];
        try
        {
            string[][] deaths = [[TestLink.Receiver], [TestLink.Transmitter], [TestLink.Receiver, TestLink.Transmitter], [TestLink.Transmitter], [TestLink.Receiver]];
            foreach (string[] victims in deaths)
            {
                await MoreKeysAsync(KeysBetween);
                foreach (string victim in victims)
                    ends[victim].Signal(ProcessTable.KillNow);
                foreach (string victim in victims)
                {
                    await ends[victim].DisposeAsync();
                    ends[victim] = link.Start(victim);
                }
            }
            await MoreKeysAsync(KeysBetween);
            await stop.CancelAsync();
            await Task.WhenAll(masters);

            TestContext.Current.TestOutputHelper!.WriteLine($"{obtained.Count} keys over {deaths.Sum(victims => victims.Length)} deaths");
            Assert.Equal(obtained.Count, obtained.Select(one => one.Id).Distinct().Count());
            Assert.Equal(obtained.Count, obtained.Select(one => one.Key).Distinct().Count());
            foreach ((string master, string id, string key) in obtained)
            {
                TestApplication slave = master == TestLink.North ? coordinator : north;
                Assert.Equal((HttpStatusCode.OK, id, key), await slave.RetrieveAsync(master, id));
                Assert.Equal(HttpStatusCode.BadRequest, (await slave.RetrieveAsync(master, id)).Status);
            }
        }
        finally
        {
            await stop.CancelAsync();
            foreach (QfRun end in ends.Values)
                await end.DisposeAsync();
        }

        async Task TakeAsync(TestApplication application, string self, string slave)
        {
            using var timer = new PeriodicTimer(Pace);
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    (HttpStatusCode status, string id, string key) = await application.ObtainAsync(slave);
                    if (status == HttpStatusCode.OK)
                        obtained.Enqueue((self, id, key));
                }
                catch (HttpRequestException)
                {
                    // Its key manager is dead: whatever it was about to give is lost.
                }
                await timer.WaitForNextTickAsync(CancellationToken.None);
            }
        }

        // Of both masters: the link works again in both directions.
        async Task MoreKeysAsync(int number)
        {
            long started = TimeProvider.System.GetTimestamp();
            using var timer = new PeriodicTimer(Pace);
            int[] before = [Count(TestLink.North), Count(TestLink.Coordinator)];
            while (Count(TestLink.North) < before[0] + number || Count(TestLink.Coordinator) < before[1] + number)
            {
                Assert.True(TimeProvider.System.GetElapsedTime(started) < Most, "the link does not go on");
                await timer.WaitForNextTickAsync(Token);
            }
        }

        int Count(string master) => obtained.Count(one => one.Master == master);
    }
}
