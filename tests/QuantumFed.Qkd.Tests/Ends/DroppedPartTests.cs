namespace QuantumFed.Qkd.Tests;

/// <summary>A part that verification finds different, though both ends are honest: its hash is changed on the way, and the tag is made again with the transmitter's own keys.</summary>
public sealed class DroppedPartTests
{
    [Fact]
    public async Task A_part_that_differs_is_dropped_with_all_its_bits_and_the_others_make_the_key()
    {
        const long Pulses = 8 * EndsPair.SmallRun;
        (DistilledBlock whole, _) = await new EndsPair().DeliverAsync(EndsPair.Notes(5, Pulses));
        Assert.InRange(whole.Figures.SiftedBits, 300_001, 400_000);
        var pair = new EndsPair();
        (DistilledBlock? sent, _, DistilledBlock? received, _) = await pair.RunAsync(EndsPair.Notes(5, Pulses), Changing(pair, [1]), TestContext.Current.CancellationToken);
        Assert.Equal(BlockOutcome.Delivered, sent!.Outcome);
        Assert.True(sent.Key.SequenceEqual(received!.Key));
        Assert.Equal(sent.Figures, received.Figures);
        // A quarter of the sifted bits is given away, and as many bits of key are lost: more than its share of the key.
        Assert.InRange(sent.Figures.LeakedBits - whole.Figures.LeakedBits, whole.Figures.SiftedBits / 4 - 2000, whole.Figures.SiftedBits / 4 + 2000);
        Assert.InRange(whole.Figures.KeyLengthInBits - sent.Figures.KeyLengthInBits, whole.Figures.SiftedBits / 4 - 2000, whole.Figures.SiftedBits / 4 + 2000);
        pair.RequireAgreement();
    }

    [Fact]
    public async Task Where_every_part_differs_both_ends_say_so_and_no_key_was_used()
    {
        var pair = new EndsPair();
        byte[] before = pair.ReceiverJournal.State;
        (DistilledBlock? sent, _, DistilledBlock? received, _) = await pair.RunAsync(EndsPair.Notes(5), Changing(pair, [0]), TestContext.Current.CancellationToken);
        Assert.Equal(BlockOutcome.VerificationFailed, sent!.Outcome);
        Assert.Equal(BlockOutcome.VerificationFailed, received!.Outcome);
        Assert.Equal(before, pair.ReceiverJournal.State);
    }

    private static MemoryChannel Changing(EndsPair pair, int[] parts)
    {
        Assert.True(EndsPair.Read(pair.TransmitterJournal).Ledger.TryLookAt(0, out BlockAuthentication? keys));
        return new MemoryChannel
        {
            Attack = (_, sender, message) =>
            {
                if (sender == LinkRole.Receiver || message[0] == (byte)LinkMessageKind.Settlement || message[0] > (byte)LinkMessageKind.Tag)
                    return [message];
                if (message[0] == (byte)LinkMessageKind.Tag)
                    return [[message[0], .. keys.FromReference.CreateTag()]];
                if (message[0] == (byte)LinkMessageKind.Verification)
                {
                    foreach (int part in parts)
                        message[1 + part * KeyVerification.MessageSizeInBytes + 20] ^= 1;
                }
                keys.FromReference.Record(message);
                return [message];
            },
        };
    }
}
