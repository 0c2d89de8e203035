namespace QuantumFed.Qkd.Tests;

/// <summary>A process that dies at any moment: both ends agree again after the next conversation, at most one block is lost, and nothing is delivered twice or differently.</summary>
public sealed class CrashTests
{
    [Theory]
    [InlineData(LinkRole.Transmitter, false)]
    [InlineData(LinkRole.Transmitter, true)]
    [InlineData(LinkRole.Receiver, false)]
    [InlineData(LinkRole.Receiver, true)]
    public async Task Dying_at_any_save_before_or_after_the_disk_has_it(LinkRole victim, bool after)
    {
        int saves = victim == LinkRole.Transmitter ? 2 : 3;
        for (int at = 0; at <= saves; at++)
        {
            var pair = new EndsPair();
            await pair.DeliverAsync(EndsPair.Notes(1));
            MemoryJournal journal = victim == LinkRole.Transmitter ? pair.TransmitterJournal : pair.ReceiverJournal;
            Assert.Equal(saves, journal.Saves);
            (journal.CrashAt, journal.CrashAfter) = (saves + at, after);
            var channel = new MemoryChannel();
            (_, Exception? error, _, Exception? otherError) = await pair.RunAsync(EndsPair.Notes(2), channel, TestContext.Current.CancellationToken);
            Assert.Equal(at < saves, (victim == LinkRole.Transmitter ? error : otherError) is CrashException);
            journal.CrashAt = -1;
            await RecoverAsync(pair, channel);
        }
    }

    [Theory]
    [InlineData(LinkRole.Transmitter)]
    [InlineData(LinkRole.Receiver)]
    public async Task Dying_at_any_message_sent(LinkRole victim)
    {
        foreach (AttackedMessage target in AttackedMessage.All)
        {
            foreach (bool arrives in (bool[])[false, true])
            {
                var pair = new EndsPair();
                var channel = new MemoryChannel();
                bool dead = false;
                channel.Attack = (number, role, message) =>
                {
                    if (role != victim || !dead && !target.Is(number, role, message))
                        return [message];
                    if (dead || !arrives)
                        throw new CrashException();
                    dead = true;
                    return Last(channel, victim, message);
                };
                await pair.RunAsync(EndsPair.Notes(1), channel, TestContext.Current.CancellationToken);
                await RecoverAsync(pair, channel);
            }
        }
    }

    [Fact]
    public async Task A_settlement_that_dies_again_and_again_is_taken_up_again()
    {
        var pair = new EndsPair();
        var first = new MemoryChannel { Attack = (_, _, message) => message[0] == (byte)LinkMessageKind.Settled ? throw new LinkChannelException() : [message] };
        (DistilledBlock? sent, _, _, _) = await pair.RunAsync(EndsPair.Notes(1), first, TestContext.Current.CancellationToken);
        Assert.Equal(BlockOutcome.Delivered, sent!.Outcome);
        for (int again = 0; again < 5; again++)
        {
            Assert.Equal(0UL, EndsPair.Read(pair.ReceiverJournal).PendingBlockNumber);
            var cut = new MemoryChannel { Attack = (number, _, message) => number == again % 2 ? throw new LinkChannelException() : [message] };
            await pair.RunAsync(EndsPair.Notes(2), cut, TestContext.Current.CancellationToken);
            pair.RequireNoDifference();
        }

        var channel = new MemoryChannel();
        using TransmitterEnd transmitter = TransmitterEnd.Open(EndsPair.Read(pair.TransmitterJournal), EndsPair.Agreement, pair.TransmitterJournal);
        using ReceiverEnd receiver = ReceiverEnd.Open(EndsPair.Read(pair.ReceiverJournal), EndsPair.Agreement, pair.ReceiverJournal);
        Task resuming = transmitter.ResumeAsync(channel.Transmitter, TestContext.Current.CancellationToken);
        await receiver.ResumeAsync(channel.Receiver, TestContext.Current.CancellationToken);
        await resuming;
        pair.RequireAgreement();
        Assert.Equal(sent.Key.ToArray(), pair.ReceiverJournal.Delivered[0]);
    }

    [Fact]
    public async Task An_end_whose_journal_failed_takes_no_further_block()
    {
        var pair = new EndsPair();
        pair.ReceiverJournal.CrashAt = 0;
        using TransmitterEnd transmitter = TransmitterEnd.Open(EndsPair.Read(pair.TransmitterJournal), EndsPair.Agreement, pair.TransmitterJournal);
        using ReceiverEnd receiver = ReceiverEnd.Open(EndsPair.Read(pair.ReceiverJournal), EndsPair.Agreement, pair.ReceiverJournal);
        var channel = new MemoryChannel();
        LinkNotes notes = EndsPair.Notes(1);
        Task sending = transmitter.DistilAsync(notes.Transmitter, channel.Transmitter, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<CrashException>(() => receiver.DistilAsync(notes.Receiver, channel.Receiver, TestContext.Current.CancellationToken));
        channel.Receiver.Close();
        await Assert.ThrowsAsync<LinkChannelException>(() => sending);
        await Assert.ThrowsAsync<InvalidOperationException>(() => receiver.ResumeAsync(new MemoryChannel().Receiver, TestContext.Current.CancellationToken));
    }

    // The message arrives, and its sender dies with the next thing it does.
    private static IEnumerable<byte[]> Last(MemoryChannel channel, LinkRole victim, byte[] message)
    {
        MemoryChannel.End end = victim == LinkRole.Transmitter ? channel.Transmitter : channel.Receiver;
        yield return message;
        end.CloseIncoming();
    }

    private static async Task RecoverAsync(EndsPair pair, MemoryChannel broken)
    {
        TagKeys.RequireFresh(pair, broken);
        pair.RequireNoDifference();
        var channel = new MemoryChannel();
        (DistilledBlock? one, Exception? error, DistilledBlock? other, Exception? otherError) =
            await pair.RunAsync(EndsPair.Notes(3), channel, TestContext.Current.CancellationToken);
        Assert.True(error is null && otherError is null, $"{error} {otherError}");
        Assert.True(one!.Outcome == BlockOutcome.Delivered && one.Key.SequenceEqual(other!.Key));
        TagKeys.RequireFresh(pair, channel);
        pair.RequireAgreement();
    }
}
