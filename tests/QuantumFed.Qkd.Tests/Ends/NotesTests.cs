using QuantumFed.Randomness;

namespace QuantumFed.Qkd.Tests;

/// <summary>The canonical bytes of notes and states: what is written is read, and nothing else is.</summary>
public sealed class NotesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(300_000)]
    public void Notes_are_read_as_they_were_written(long pulses)
    {
        using LinkNotes notes = EndsPair.Notes(1, pulses);
        byte[] sent = notes.Transmitter.ToBytes(), measured = notes.Receiver.ToBytes();
        Assert.True(TransmitterNotes.TryRead(sent, out TransmitterNotes? one));
        Assert.True(ReceiverNotes.TryRead(measured, out ReceiverNotes? other));
        Assert.Equal(sent, one.ToBytes());
        Assert.Equal(measured, other.ToBytes());
        Assert.Equal(one.RunId, other.RunId);
        Assert.Equal(pulses, one.Pulses);
        one.Dispose();
        Assert.Throws<ObjectDisposedException>(one.ToBytes);
        Assert.All(one.Bits, word => Assert.Equal(0UL, word));
    }

    [Fact]
    public void Damaged_notes_are_refused_or_mean_themselves()
    {
        using LinkNotes notes = EndsPair.Notes(1, 20_000);
        byte[] sent = notes.Transmitter.ToBytes(), measured = notes.Receiver.ToBytes();
        using RandomStream random = RandomStream.FromSeed("damage"u8, "notes");
        for (int run = 0; run < 5000; run++)
        {
            byte[] damaged = Damage(run % 2 == 0 ? sent : measured, run, random);
            if (TransmitterNotes.TryRead(damaged, out TransmitterNotes? one))
                Assert.Equal(damaged, one.ToBytes());
            if (ReceiverNotes.TryRead(damaged, out ReceiverNotes? other))
                Assert.Equal(damaged, other.ToBytes());
        }

        Assert.False(TransmitterNotes.TryRead(measured, out _));
        Assert.False(ReceiverNotes.TryRead(sent, out _));
        Assert.False(ReceiverNotes.TryRead([.. measured, 0], out _));
        Assert.False(TransmitterNotes.TryRead([], out _));
    }

    [Fact]
    public void An_intensity_that_does_not_exist_is_refused()
    {
        using LinkNotes notes = EndsPair.Notes(1, 20_000);
        notes.Transmitter.IntensityLow[0] |= 1;
        notes.Transmitter.IntensityHigh[0] |= 1;
        Assert.False(TransmitterNotes.TryRead(notes.Transmitter.ToBytes(), out _));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(7777)]
    [InlineData(40_000)]
    public void A_long_run_is_cut_into_blocks_that_fit_and_lose_nothing(int most)
    {
        using LinkRandomness randomness = LinkRandomness.FromSeed(7);
        using LinkRun run = BlockSimulator.Run(
            new SimulatedLink(EndsPair.Quiet, EndsPair.Protocol, new NoEavesdropper()), 5_000_000, randomness, TestContext.Current.CancellationToken);
        IReadOnlyList<LinkNotes> blocks = LinkNotes.Split(run, most);
        Assert.Equal(run.Detections.Count, blocks.Sum(block => (long)block.Transmitter.Detections));
        Assert.Equal(run.Pulses, blocks.Sum(block => block.Transmitter.Pulses));
        Assert.Equal(run.LivePulses, blocks.Sum(block => block.Receiver.LivePulses));
        Assert.Equal(blocks.Count, blocks.Select(block => block.Transmitter.RunId).Distinct().Count());
        SiftedCounts whole = Sifting.Count(run);
        double sifted = 0, errors = 0;
        foreach (LinkNotes block in blocks)
        {
            TransmitterNotes notes = block.Transmitter;
            using var ours = new BlockSifting(notes.Detections, notes.Bits, notes.Bases, block.Receiver.Bases, notes.IntensityLow, notes.IntensityHigh);
            using var theirs = new BlockSifting(notes.Detections, block.Receiver.Bits, notes.Bases, block.Receiver.Bases, notes.IntensityLow, notes.IntensityHigh);
            Assert.InRange(ours.KeyBits, 1, most);
            SiftedCounts counts = ours.Counts(theirs.Test, []);
            sifted += counts.KeyBasis.TotalDetections;
            errors += counts.TestBasis.TotalErrors;
        }

        Assert.Equal(whole.KeyBasis.TotalDetections, sifted);
        Assert.Equal(whole.TestBasis.TotalErrors, errors);
        Assert.InRange(blocks.Count, sifted / most, sifted / most * 1.2 + 2);
    }

    [Fact]
    public async Task States_are_read_as_they_were_written_and_damaged_ones_refused_or_mean_themselves()
    {
        var pair = new EndsPair();
        await pair.DeliverAsync(EndsPair.Notes(1));
        var cut = new MemoryChannel { Attack = (_, _, message) => message[0] == (byte)LinkMessageKind.Ready ? throw new LinkChannelException() : [message] };
        await pair.RunAsync(EndsPair.Notes(2), cut, TestContext.Current.CancellationToken);
        Assert.Equal(1UL, EndsPair.Read(pair.TransmitterJournal).PendingBlockNumber);
        Assert.Equal(1UL, EndsPair.Read(pair.ReceiverJournal).PendingBlockNumber);
        using RandomStream random = RandomStream.FromSeed("damage"u8, "states");
        foreach (byte[] bytes in (byte[][])[pair.TransmitterJournal.State, pair.ReceiverJournal.State])
        {
            Assert.True(LinkEndState.TryRead(bytes, out LinkEndState? state));
            Assert.Equal(bytes, state.ToBytes());
            for (int run = 0; run < 5000; run++)
            {
                byte[] damaged = Damage(bytes, run, random);
                if (LinkEndState.TryRead(damaged, out LinkEndState? read))
                    Assert.Equal(damaged, read.ToBytes());
            }
        }
    }

    private static byte[] Damage(byte[] bytes, int run, RandomStream random)
    {
        byte[] damaged = [.. bytes];
        switch (run % 5)
        {
            case 0:
                return damaged[..random.NextInt32(damaged.Length)];
            case 1:
                random.Fill(damaged.AsSpan(random.NextInt32(60), 4));
                return damaged;
            case 2:
                damaged[random.NextInt32(60)] ^= (byte)(1 << random.NextInt32(8));
                return damaged;
            default:
                damaged[random.NextInt32(damaged.Length)] ^= (byte)(1 << random.NextInt32(8));
                return damaged;
        }
    }
}
