using System.Buffers.Binary;
using QuantumFed.Randomness;

namespace QuantumFed.Qkd.Tests;

/// <summary>Whatever is done to any one message of a block, both ends deliver the same bytes under its number or nothing, agree again after the next block, and no tag's keys are used twice.</summary>
public sealed class HostileChannelTests
{
    public static TheoryData<string> Attacks => ["flip first bit", "flip last bit", "flip middle bit", "twice", "cut short", "empty", "longer", "replayed", "refusal"];

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task Changing_any_message_never_makes_the_ends_deliver_different_keys(string attack)
    {
        foreach (AttackedMessage target in AttackedMessage.All)
        {
            var pair = new EndsPair();
            bool found = false;
            await AttackAsync(pair, (number, role, message, before) =>
            {
                if (found || !target.Is(number, role, message))
                    return [message];
                found = true;
                return Changed(attack, message, before);
            });
            Assert.True(found, target.ToString());
            // Nobody reads second copies of the last two messages; what the first two say matters only while a block is pending.
            if (target.Number is not (0 or 1) && !(attack == "twice" && target.Kind is (LinkMessageKind.Ready or LinkMessageKind.Settled)))
                Assert.Empty(pair.ReceiverJournal.Delivered);
            await RecoverAsync(pair);
        }
    }

    [Fact]
    public async Task Dropping_any_message_ends_with_the_callers_cancellation()
    {
        foreach (AttackedMessage target in AttackedMessage.All)
        {
            var pair = new EndsPair();
            bool found = false;
            await AttackAsync(pair, (number, role, message, _) =>
            {
                bool drop = !found && target.Is(number, role, message);
                found |= drop;
                return drop ? [] : [message];
            });
            Assert.True(found);
            Assert.Empty(pair.ReceiverJournal.Delivered);
            await RecoverAsync(pair);
        }
    }

    [Fact]
    public async Task Exchanging_a_message_with_one_of_another_time_never_makes_the_ends_deliver_different_keys()
    {
        // The channel answers with what the same end said in an earlier block, from this message on.
        var earlier = new MemoryChannel();
        var pair = new EndsPair();
        await pair.RunAsync(EndsPair.Notes(4), earlier, TestContext.Current.CancellationToken);
        int delivered = pair.ReceiverJournal.Delivered.Count;
        foreach (AttackedMessage target in AttackedMessage.All)
        {
            bool found = false;
            int next = 0;
            await AttackAsync(pair, (number, role, message, _) =>
            {
                if (!found && !target.Is(number, role, message))
                    return [message];
                if (!found)
                    next = earlier.Sent.FindIndex(sent => sent.Sender == role && sent.Message[0] == message[0]);
                found = true;
                while (next < earlier.Sent.Count && earlier.Sent[next].Sender != role)
                    next++;
                return next < earlier.Sent.Count ? [earlier.Sent[next++].Message] : [];
            });
            Assert.True(found);
        }
        await RecoverAsync(pair);
        Assert.True(pair.ReceiverJournal.Delivered.Count <= delivered + 3);
    }

    [Fact]
    public async Task An_honest_looking_change_of_every_kind_of_message_is_refused_by_the_tags()
    {
        // Each change is well formed, so that only the transcript's tag can tell.
        foreach (LinkMessageKind kind in (LinkMessageKind[])[LinkMessageKind.Hello, LinkMessageKind.Bases, LinkMessageKind.Sifting, LinkMessageKind.TestBits, LinkMessageKind.Verified, LinkMessageKind.Amplification])
        {
            foreach (LinkRole from in (LinkRole[])[LinkRole.Transmitter, LinkRole.Receiver])
            {
                var pair = new EndsPair();
                bool found = false;
                await AttackAsync(pair, (_, role, message, _) =>
                {
                    if (role != from || message[0] != (byte)kind)
                        return [message];
                    found = true;
                    if (kind == LinkMessageKind.Hello)
                        BinaryPrimitives.WriteInt64LittleEndian(message.AsSpan(30), BinaryPrimitives.ReadInt64LittleEndian(message.AsSpan(30)) - (role == LinkRole.Receiver ? 1 : -1));
                    else
                        message[kind == LinkMessageKind.Verified ? 3 : 40] ^= 1;
                    return [message];
                });
                Assert.True(!found || pair.TransmitterJournal.Delivered.Count == 0);
                await RecoverAsync(pair);
            }
        }
    }

    [Theory]
    [InlineData(LinkRole.Transmitter)]
    [InlineData(LinkRole.Receiver)]
    public async Task A_stranger_who_says_that_the_pending_block_is_settled_or_abandoned_is_not_believed(LinkRole victim)
    {
        foreach (byte what in (byte[])[SettlementMessage.Nothing, SettlementMessage.Abandoned, SettlementMessage.Settled])
        {
            var pair = new EndsPair();
            LinkMessageKind last = victim == LinkRole.Receiver ? LinkMessageKind.Settled : LinkMessageKind.Ready;
            await AttackAsync(pair, (_, _, message, _) => message[0] == (byte)last ? [] : [message]);
            byte[] forged = SettlementMessage.Create(what, 0, new byte[PendingBlock.TokenSize]);
            await AttackAsync(pair, (_, role, message, _) => role != victim && message[0] == (byte)LinkMessageKind.Settlement ? [forged] : [message]);
            pair.RequireNoDifference();
            if (victim == LinkRole.Receiver)
                Assert.Equal(0UL, EndsPair.Read(pair.ReceiverJournal).PendingBlockNumber);
            await RecoverAsync(pair);
            Assert.Equal(victim == LinkRole.Receiver, pair.ReceiverJournal.Delivered.ContainsKey(0));
        }
    }

    [Fact]
    public async Task A_forged_position_moves_neither_end_and_an_older_state_is_refused()
    {
        foreach (ulong position in (ulong[])[1, 3, 7, 8, 1000, ulong.MaxValue])
        {
            var pair = new EndsPair();
            byte[] before = pair.TransmitterJournal.State;
            await AttackAsync(pair, (_, role, message, _) =>
            {
                if (role == LinkRole.Receiver && message[0] == (byte)LinkMessageKind.Hello)
                    BinaryPrimitives.WriteUInt64LittleEndian(message.AsSpan(1), position);
                return [message];
            });
            Assert.Equal(before, pair.TransmitterJournal.State);
            await RecoverAsync(pair);
        }

        var restored = new EndsPair();
        byte[] old = restored.ReceiverJournal.State;
        await restored.DeliverAsync(EndsPair.Notes(1));
        restored.ReceiverJournal.State = old;
        (_, Exception? error, _, Exception? otherError) = await restored.RunAsync(EndsPair.Notes(2), null, TestContext.Current.CancellationToken);
        Assert.Contains("old state", Assert.IsType<LinkProtocolException>(error).Message, StringComparison.Ordinal);
        Assert.Equal(LinkRefusal.OutOfStep, Assert.IsType<LinkProtocolException>(otherError).Refusal);
    }

    [Fact]
    public async Task Random_bytes_in_the_place_of_any_message_are_refused()
    {
        using RandomStream random = RandomStream.FromSeed("hostile"u8, "ends");
        int run = 0;
        foreach (AttackedMessage target in (IEnumerable<AttackedMessage>)[.. AttackedMessage.All, .. AttackedMessage.All, .. AttackedMessage.All])
        {
            var pair = new EndsPair();
            bool found = false, sameLength = run % 3 == 0, sameKind = run++ % 2 == 0;
            await AttackAsync(pair, (number, role, message, _) =>
            {
                if (found || !target.Is(number, role, message))
                    return [message];
                found = true;
                byte[] noise = new byte[sameLength ? message.Length : 1 + random.NextInt32(200)];
                random.Fill(noise);
                noise[0] = sameKind ? message[0] : noise[0];
                return [noise];
            });
            Assert.Empty(pair.ReceiverJournal.Delivered);
            await RecoverAsync(pair);
        }
    }

    private static async Task AttackAsync(EndsPair pair, Func<int, LinkRole, byte[], List<(LinkRole Sender, byte[] Message)>, IEnumerable<byte[]>> attack)
    {
        var channel = new MemoryChannel();
        channel.Attack = (number, role, message) => attack(number, role, message, channel.Sent);
        await pair.RunAsync(EndsPair.Notes(1), channel, channel.Silence.Token);
        TagKeys.RequireFresh(pair, channel);
        pair.RequireNoDifference();
    }

    private static async Task RecoverAsync(EndsPair pair)
    {
        var channel = new MemoryChannel();
        (DistilledBlock? one, Exception? error, DistilledBlock? other, _) = await pair.RunAsync(EndsPair.Notes(2), channel, TestContext.Current.CancellationToken);
        Assert.True(error is null, error?.ToString());
        Assert.True(one!.Outcome == BlockOutcome.Delivered && one.Key.SequenceEqual(other!.Key));
        TagKeys.RequireFresh(pair, channel);
        pair.RequireAgreement();
    }

    private static IEnumerable<byte[]> Changed(string attack, byte[] message, List<(LinkRole Sender, byte[] Message)> before)
    {
        switch (attack)
        {
            case "flip first bit":
                message[0] ^= 1;
                return [message];
            case "flip last bit":
                message[^1] ^= 0x80;
                return [message];
            case "flip middle bit":
                message[message.Length / 2] ^= 1;
                return [message];
            case "twice":
                return [message, message];
            case "cut short":
                return [message[..^1]];
            case "empty":
                return [[]];
            case "longer":
                return [[.. message, 0]];
            case "replayed":
                LinkRole sender = before[^1].Sender;
                return [before.First(sent => sent.Sender == sender).Message];
            default:
                return [[(byte)LinkMessageKind.Refusal, (byte)LinkRefusal.AuthenticationFailed]];
        }
    }
}
