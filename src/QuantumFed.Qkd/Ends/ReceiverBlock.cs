using System.Buffers.Binary;
using System.Security.Cryptography;

namespace QuantumFed.Qkd;

/// <summary>One block at the receiver, from hello to settlement. See docs/qkd-post-processing.md for the messages.</summary>
internal sealed class ReceiverBlock(JournaledState journaled, LinkAgreement agreement, LinkSession session, ReceiverNotes notes) : IDisposable
{
    private readonly long _consumedBefore = journaled.State.Ledger.ConsumedBits;
    private readonly ulong _number = journaled.State.Ledger.Blocks;
    private BlockAuthentication? _keys;
    private BlockSifting? _sifting;
    private BlockEstimation? _estimation;
    private long[] _sent = [];
    private byte[] _cascadeSeed = [];
    private ulong[] _corrected = [], _joined = [];
    private int _keyBits, _keptBits;

    internal async Task<DistilledBlock> RunAsync()
    {
        try
        {
            if (!await GreetAsync().ConfigureAwait(false))
                return Ended(BlockOutcome.ReserveEmpty);
            if (await EstimateAsync().ConfigureAwait(false) is { } abort)
                return Ended(BlockOutcome.Aborted, abort);
            if (await ReconcileAsync().ConfigureAwait(false) is { } failed)
                return failed;
            byte[] amplification = await session.ReceiveAsync(LinkMessageKind.Amplification).ConfigureAwait(false);
            if (RequireMatrix(amplification) is { } aborted)
                return Ended(BlockOutcome.Aborted, aborted);
            return await FinishAsync(amplification).ConfigureAwait(false);
        }
        catch (LinkProtocolException refused) when (journaled.State.Pending is null && refused.Refusal is LinkRefusal.ReserveEmpty)
        {
            return Ended(BlockOutcome.ReserveEmpty);
        }
        catch (LinkProtocolException refused) when (journaled.State.Pending is null && refused.Refusal is LinkRefusal.AuthenticationFailed)
        {
            return Ended(BlockOutcome.AuthenticationFailed);
        }
    }

    public void Dispose()
    {
        _keys?.Dispose();
        _sifting?.Dispose();
        BitPlane.Erase(_corrected);
        BitPlane.Erase(_joined);
    }

    private async Task<bool> GreetAsync()
    {
        byte[] own = new BlockHello(_number, notes.RunId, notes.IsSecret, notes.Detections, [notes.LivePulses, 0, 0]).ToMessage(agreement);
        bool isPaid = journaled.State.Ledger.TryLookAt(_number, out _keys);
        if (isPaid)
            session.Record(_keys!);
        await session.SendAsync(own).ConfigureAwait(false);
        byte[] first = await session.ReceiveAsync(LinkMessageKind.Hello, BlockHello.Size).ConfigureAwait(false);
        BlockHello theirs = BlockHello.Read(first);
        if (!BlockHello.Agree(first, own))
            throw new LinkProtocolException("The ends hold different agreements, or notes of different transmissions.", LinkRefusal.Disagreement);
        if (theirs.Block != _number)
            throw new LinkProtocolException("The transmitter answers with another block's number.");
        if (theirs.Counts.Sum() < notes.LivePulses)
            throw new LinkProtocolException("The transmitter says that it sent fewer pulses than came.");
        _sent = theirs.Counts;
        if (!isPaid)
            await session.RefuseAsync(LinkRefusal.ReserveEmpty).ConfigureAwait(false);
        return isPaid;
    }

    private async Task<AbortReason?> EstimateAsync()
    {
        int detections = notes.Detections, plane = BitPlane.SizeInBytes(detections);
        byte[] bases = LinkSession.Message(LinkMessageKind.Bases, plane);
        BitPlane.Bytes(notes.Bases).CopyTo(bases.AsSpan(1));
        await session.SendAsync(bases).ConfigureAwait(false);

        byte[] message = await session.ReceiveAsync(LinkMessageKind.Sifting).ConfigureAwait(false);
        if (message.Length < 1 + 3 * plane + CascadeParts.SeedSize)
            throw new LinkProtocolException("The transmitter's announcement is too short.");
        bool valid = BitPlane.TryRead(message.AsSpan(1), detections, out ulong[] sentBasis)
            & BitPlane.TryRead(message.AsSpan(1 + plane), detections, out ulong[] low) & BitPlane.TryRead(message.AsSpan(1 + 2 * plane), detections, out ulong[] high);
        if (!valid || !BlockSifting.AreIntensities(low, high))
            throw new LinkProtocolException("The transmitter's announcement is malformed.");
        _sifting = new BlockSifting(detections, notes.Bits, sentBasis, notes.Bases, low, high);
        if (_sifting.KeyBits > LinkNotes.MostSiftedBits)
            throw new LinkProtocolException($"The sifted key has {_sifting.KeyBits} bits; a block takes {LinkNotes.MostSiftedBits}.");
        int test = BitPlane.SizeInBytes(_sifting.TestBits);
        if (message.Length != 1 + 3 * plane + test + CascadeParts.SeedSize || !BitPlane.TryRead(message.AsSpan(1 + 3 * plane), _sifting.TestBits, out ulong[] othersTest))
            throw new LinkProtocolException("The transmitter's test bits are not those of its bases.");
        _cascadeSeed = message[^CascadeParts.SeedSize..];

        _estimation = new BlockEstimation(agreement, _sifting, othersTest, _sent, notes.LivePulses);
        byte[] tested = LinkSession.Message(LinkMessageKind.TestBits, 1 + test);
        tested[1] = BlockEstimation.Verdict(_estimation.Abort);
        BitPlane.Bytes(_sifting.Test).CopyTo(tested.AsSpan(2));
        await session.SendAsync(tested).ConfigureAwait(false);
        byte[] verdict = await session.ReceiveAsync(LinkMessageKind.Verdict, 2).ConfigureAwait(false);
        return _estimation.Abort ?? BlockEstimation.ReadVerdict(verdict[1]);
    }

    private async Task<DistilledBlock?> ReconcileAsync()
    {
        BlockSifting sifting = _sifting!;
        using var parts = new CascadeParts(sifting.KeyBits, _estimation!.ErrorRate, _cascadeSeed);
        _corrected = BitPlane.Allocate(sifting.KeyBits);
        sifting.Key.CopyTo(_corrected, 0);
        using var asker = new CascadeAsker(parts, _corrected);
        while (asker.IsAsking)
        {
            await session.SendAsync(asker.Questions()).ConfigureAwait(false);
            asker.Handle(await session.ReceiveAsync(LinkMessageKind.CascadeAnswers).ConfigureAwait(false));
        }
        byte[] kept = asker.Reconciled;
        int hashes = kept.Count(part => part == 1);
        byte[] ended = LinkSession.Message(LinkMessageKind.CascadeEnd, parts.Count);
        kept.CopyTo(ended, 1);
        await session.SendAsync(ended).ConfigureAwait(false);

        byte[] verification = await session.ReceiveAsync(LinkMessageKind.Verification, 1 + hashes * KeyVerification.MessageSizeInBytes).ConfigureAwait(false);
        int at = 1;
        ulong[] errors = new ulong[_corrected.Length];
        for (int part = 0; part < parts.Count; part++)
        {
            if (kept[part] == 0)
                continue;
            if (KeyVerification.Confirms(parts.Of(_corrected, part), verification.AsSpan(at, KeyVerification.MessageSizeInBytes)))
                Differences(parts.Of(_corrected, part), parts.Of(sifting.Key, part), parts.Of(errors, part));
            else
                kept[part] = 0;
            at += KeyVerification.MessageSizeInBytes;
        }
        int[] counts = [.. sifting.KeyPerIntensity(errors).Select(count => (int)count)];
        _keptBits = parts.BitsOf(kept);
        if (_keptBits > 0)
            _estimation.Reconciled(counts, _keptBits, asker.LeakedBits + hashes * KeyVerification.LeakedBits);
        await session.SendAsync(new VerifiedMessage(kept, counts, _estimation.Abort, _estimation.KeyBits).ToMessage()).ConfigureAwait(false);
        if (_keptBits == 0)
            return Ended(BlockOutcome.VerificationFailed);
        if (_estimation.Abort is { } abort)
            return Ended(BlockOutcome.Aborted, abort);
        _joined = parts.Join(_corrected, kept);
        return null;
    }

    /// <summary>Checks the last message before the tags.</summary>
    /// <returns>The transmitter's reason to abort, or nothing.</returns>
    private AbortReason? RequireMatrix(byte[] message)
    {
        if (message.Length < 2 + sizeof(int))
            throw new LinkProtocolException("The transmitter's matrix is cut short.");
        if (BlockEstimation.ReadVerdict(message[1]) is { } abort)
            return abort;
        int bits = BinaryPrimitives.ReadInt32LittleEndian(message.AsSpan(2));
        // Never longer than the own counts allow.
        if (bits > _estimation!.KeyBits || bits % 8 != 0 || KeyLedger.NetGain(bits) < PendingBlock.SettlementBits
            || message.Length != 2 + sizeof(int) + BlockAmplification.SeedSize(_keptBits, bits))
            throw new LinkProtocolException("The transmitter wants an impossible length of the key.");
        _keyBits = bits;
        return null;
    }

    private async Task<DistilledBlock> FinishAsync(byte[] amplification)
    {
        session.EndRecord();
        // Before the tag leaves: its keys are used from then on.
        await journaled.TakeAsync(_number).ConfigureAwait(false);
        byte[] own = LinkSession.Message(LinkMessageKind.Tag, TranscriptAuthenticator.TagSizeInBytes);
        _keys!.FromCorrected.CreateTag().CopyTo(own.AsSpan(1));
        await session.SendAsync(own).ConfigureAwait(false);
        byte[] key = BlockAmplification.Run(_joined, _keptBits, _keyBits, amplification.AsSpan(2 + sizeof(int)));
        bool isKept = false;
        try
        {
            byte[] tag = await session.ReceiveAsync(LinkMessageKind.Tag, 1 + TranscriptAuthenticator.TagSizeInBytes).ConfigureAwait(false);
            if (!_keys.FromReference.Confirms(tag.AsSpan(1)))
            {
                await session.RefuseAsync(LinkRefusal.AuthenticationFailed).ConfigureAwait(false);
                return Ended(BlockOutcome.AuthenticationFailed);
            }
            isKept = true;
            await journaled.PrepareAsync(_number, notes.IsSecret, key).ConfigureAwait(false);
        }
        finally
        {
            if (!isKept)
                CryptographicOperations.ZeroMemory(key);
        }
        return await SettleAsync().ConfigureAwait(false);
    }

    private async Task<DistilledBlock> SettleAsync()
    {
        PendingBlock saved = journaled.State.Pending!;
        byte[] ready = LinkSession.Message(LinkMessageKind.Ready, PendingBlock.TokenSize);
        saved.ReadyToken.CopyTo(ready.AsSpan(1));
        await session.SendAsync(ready).ConfigureAwait(false);
        byte[] settled = await session.ReceiveAsync(LinkMessageKind.Settled, 2 + PendingBlock.TokenSize).ConfigureAwait(false);
        // Without proof the block stays pending: the transmitter's next settlement message tells.
        bool isSettled = settled[1] == 1;
        if (settled[1] > 1 || !CryptographicOperations.FixedTimeEquals(settled.AsSpan(2), isSettled ? saved.SettledToken : saved.AbandonedToken))
            throw new LinkProtocolException("The transmitter does not prove how it ended the block.");
        using PendingBlock pending = await journaled.EndAsync(isSettled).ConfigureAwait(false);
        return isSettled
            ? new DistilledBlock(_number, BlockOutcome.Delivered, null, notes.IsSecret, Figures(pending.ReturnedBytes), pending.Delivered.Span)
            : Ended(BlockOutcome.Abandoned);
    }

    private static void Differences(ReadOnlySpan<ulong> one, ReadOnlySpan<ulong> other, Span<ulong> differences)
    {
        for (int w = 0; w < differences.Length; w++)
            differences[w] = one[w] ^ other[w];
    }

    private DistilledBlock Ended(BlockOutcome outcome, AbortReason? abort = null) => new(_number, outcome, abort, notes.IsSecret, Figures(0), []);

    private BlockFigures Figures(int returnedBytes) =>
        (_estimation?.Figures(_keyBits) ?? new BlockFigures { Pulses = _sent.Sum(), Detections = notes.Detections }) with
        {
            ConsumedBits = journaled.State.Ledger.ConsumedBits - _consumedBefore, ReturnedBits = 8 * returnedBytes,
        };
}
