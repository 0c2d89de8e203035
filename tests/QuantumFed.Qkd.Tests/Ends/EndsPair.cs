using QuantumFed.Randomness;

namespace QuantumFed.Qkd.Tests;

/// <summary>Both ends of a simulated link with their journals, each end opened again from its journal for every block, as after a restart.</summary>
internal sealed class EndsPair
{
    /// <summary>A quiet link with bright decoys: 40,000 sifted bits leave a key.</summary>
    public static DecoyProtocol Protocol { get; } = DecoyProtocol.Create(0.6, 0.3, 0, 0.3, 0.5, 0.5);

    public static LinkAgreement Agreement { get; } = new(Protocol, FiniteKeySecurity.Default);

    public static OpticalChannel Quiet { get; } = OpticalChannel.Create(0, 0.21, 0.045, 1.7e-6, 0.002, 0);

    public const long SmallRun = 11_000_000;

    public EndsPair(int secretBytes = 512, LinkAgreement? agreement = null)
    {
        agreement ??= Agreement;
        LinkAgreement = agreement;
        byte[] secret = new byte[secretBytes];
        using RandomStream random = RandomStream.FromSeed("first secret"u8, "ends");
        random.Fill(secret);
        using LinkEndState transmitter = LinkEndState.Create(LinkRole.Transmitter, secret), receiver = LinkEndState.Create(LinkRole.Receiver, secret);
        TransmitterJournal.State = transmitter.ToBytes();
        ReceiverJournal.State = receiver.ToBytes();
    }

    public LinkAgreement LinkAgreement { get; }

    public MemoryJournal TransmitterJournal { get; } = new();

    public MemoryJournal ReceiverJournal { get; } = new();

    public static LinkNotes Notes(ulong seed, long pulses = SmallRun, IEavesdropper? eve = null, OpticalChannel? channel = null, DecoyProtocol? protocol = null)
    {
        using LinkRandomness randomness = LinkRandomness.FromSeed(seed);
        using LinkRun run = BlockSimulator.Run(
            new SimulatedLink(channel ?? Quiet, protocol ?? Protocol, eve ?? new NoEavesdropper()), pulses, randomness, TestContext.Current.CancellationToken);
        return Assert.Single(LinkNotes.Split(run));
    }

    /// <summary>Distils a block at both ends at the same time. An end that throws closes the channel, as hosting code does.</summary>
    public async Task<(DistilledBlock? Transmitter, Exception? TransmitterError, DistilledBlock? Receiver, Exception? ReceiverError)> RunAsync(
        LinkNotes notes, MemoryChannel? channel = null, CancellationToken cancellation = default)
    {
        channel ??= new MemoryChannel();
        using TransmitterEnd transmitter = TransmitterEnd.Open(Read(TransmitterJournal), LinkAgreement, TransmitterJournal);
        using ReceiverEnd receiver = ReceiverEnd.Open(Read(ReceiverJournal), LinkAgreement, ReceiverJournal);
        Task<(DistilledBlock?, Exception?)> one = Of(transmitter.DistilAsync(notes.Transmitter, channel.Transmitter, cancellation), channel.Transmitter);
        Task<(DistilledBlock?, Exception?)> other = Of(Task.Run(() => receiver.DistilAsync(notes.Receiver, channel.Receiver, cancellation), CancellationToken.None), channel.Receiver);
        (DistilledBlock? sent, Exception? sentError) = await one;
        (DistilledBlock? received, Exception? receivedError) = await other;
        return (sent, sentError, received, receivedError);

        static async Task<(DistilledBlock?, Exception?)> Of(Task<DistilledBlock> task, MemoryChannel.End end)
        {
            try
            {
                return (await task, null);
            }
            catch (Exception e) when (e is LinkChannelException or LinkProtocolException or OperationCanceledException or CrashException)
            {
                return (null, e);
            }
            finally
            {
                end.Close();
            }
        }
    }

    /// <summary>Distils a block that nobody disturbs, after which both ends have delivered the same and their accounts are alike.</summary>
    public async Task<(DistilledBlock Transmitter, DistilledBlock Receiver)> DeliverAsync(LinkNotes notes)
    {
        (DistilledBlock? one, Exception? error, DistilledBlock? other, Exception? otherError) = await RunAsync(notes, null, TestContext.Current.CancellationToken);
        Assert.True(error is null && otherError is null, $"{error} {otherError}");
        Assert.Equal(BlockOutcome.Delivered, one!.Outcome);
        Assert.Equal(BlockOutcome.Delivered, other!.Outcome);
        Assert.True(one.Key.SequenceEqual(other.Key));
        RequireAgreement();
        return (one, other);
    }

    /// <summary>No block may ever be delivered with different keys; what only one end has delivered so far is pending at the other.</summary>
    public void RequireNoDifference()
    {
        foreach ((ulong block, byte[] key) in TransmitterJournal.Delivered)
        {
            if (ReceiverJournal.Delivered.TryGetValue(block, out byte[]? other))
                Assert.Equal(key, other);
            else
                Assert.Equal(block, Read(ReceiverJournal).PendingBlockNumber);
        }
        Assert.All(ReceiverJournal.Delivered.Keys, block => Assert.True(TransmitterJournal.Delivered.ContainsKey(block)));
    }

    /// <summary>Both ends delivered the same blocks and hold the same reserve at the same position.</summary>
    public void RequireAgreement()
    {
        Assert.Equal(TransmitterJournal.Delivered.OrderBy(pair => pair.Key), ReceiverJournal.Delivered.OrderBy(pair => pair.Key));
        using LinkEndState one = Read(TransmitterJournal), other = Read(ReceiverJournal);
        Assert.Null(one.PendingBlockNumber);
        Assert.Null(other.PendingBlockNumber);
        Assert.Equal(Account(one), Account(other));
        Assert.True(one.Ledger.IsBalanced && other.Ledger.IsBalanced);
    }

    public static LinkEndState Read(MemoryJournal journal)
    {
        Assert.True(LinkEndState.TryRead(journal.State, out LinkEndState? state));
        return state;
    }

    private static string Account(LinkEndState state)
    {
        KeyLedger ledger = state.Ledger;
        byte[] reserve = new byte[ledger.ReserveBits / 8];
        ledger.WriteReserve(reserve);
        return $"{ledger.Blocks} {ledger.AcceptedBlocks} {ledger.ConsumedBits} {ledger.ProducedBits} {ledger.DeliveredBits} {Convert.ToHexString(reserve)}";
    }
}
