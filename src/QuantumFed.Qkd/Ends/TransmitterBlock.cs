using System.Buffers.Binary;
using System.Security.Cryptography;
using QuantumFed.Randomness;

namespace QuantumFed.Qkd;

/// <summary>One block at the transmitter, from hello to settlement. See docs/qkd-post-processing.md for the messages.</summary>
internal sealed class TransmitterBlock(JournaledState journaled, LinkAgreement agreement, LinkSession session, TransmitterNotes notes) : IDisposable
{
    private readonly long _consumedBefore = journaled.State.Ledger.ConsumedBits;
    private ulong _number;
    private BlockAuthentication? _keys;
    private BlockSifting? _sifting;
    private BlockEstimation? _estimation;
    private ulong[] _joined = [];
    private long _livePulses;
    private int _keyBits, _keptBits;

    internal async Task<DistilledBlock> RunAsync()
    {
        try
        {
            if (!await GreetAsync().ConfigureAwait(false))
                return Ended(BlockOutcome.ReserveEmpty);
            byte[] cascadeSeed = RandomNumberGenerator.GetBytes(CascadeParts.SeedSize);
            if (await EstimateAsync(cascadeSeed).ConfigureAwait(false) is { } abort)
                return Ended(BlockOutcome.Aborted, abort);
            using var parts = new CascadeParts(_sifting!.KeyBits, _estimation!.ErrorRate, cascadeSeed);
            if (await ReconcileAsync(parts).ConfigureAwait(false) is { } failed)
                return failed;
            return await FinishAsync(await AmplifyAsync().ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (LinkProtocolException refused) when (refused.Refusal is LinkRefusal.ReserveEmpty)
        {
            return Ended(BlockOutcome.ReserveEmpty);
        }
    }

    public void Dispose()
    {
        _keys?.Dispose();
        _sifting?.Dispose();
        BitPlane.Erase(_joined);
    }

    private async Task<bool> GreetAsync()
    {
        byte[] first = await session.ReceiveAsync(LinkMessageKind.Hello, BlockHello.Size).ConfigureAwait(false);
        BlockHello theirs = BlockHello.Read(first);
        _number = theirs.Block;
        byte[] own = new BlockHello(_number, notes.RunId, notes.IsSecret, notes.Detections, notes.SentCounts).ToMessage(agreement);
        if (!BlockHello.Agree(first, own))
            throw new LinkProtocolException("The ends hold different agreements, or notes of different transmissions.", LinkRefusal.Disagreement);
        _livePulses = theirs.Counts[0];
        if (_livePulses < notes.Detections || _livePulses > notes.Pulses)
            throw new LinkProtocolException("The receiver counts more live pulses than were sent, or fewer than it detected.");
        // The receiver takes its keys first, so it is never behind. Where it is, an old state came back, whose keys were used.
        if (_number < journaled.State.Ledger.Blocks)
            throw new LinkProtocolException("The receiver offers keys that were used: it runs from an old state.", LinkRefusal.OutOfStep);
        if (!journaled.State.Ledger.TryLookAt(_number, out _keys))
        {
            await session.RefuseAsync(LinkRefusal.ReserveEmpty).ConfigureAwait(false);
            return false;
        }
        session.Record(_keys);
        session.RecordReceived(first);
        await session.SendAsync(own).ConfigureAwait(false);
        return true;
    }

    private async Task<AbortReason?> EstimateAsync(byte[] cascadeSeed)
    {
        int plane = BitPlane.SizeInBytes(notes.Detections);
        byte[] bases = await session.ReceiveAsync(LinkMessageKind.Bases, 1 + plane).ConfigureAwait(false);
        if (!BitPlane.TryRead(bases.AsSpan(1), notes.Detections, out ulong[] measuredBasis))
            throw new LinkProtocolException("The receiver announces bases beyond its last detection.");
        _sifting = new BlockSifting(notes.Detections, notes.Bits, notes.Bases, measuredBasis, notes.IntensityLow, notes.IntensityHigh);
        if (_sifting.KeyBits > LinkNotes.MostSiftedBits)
            throw new LinkProtocolException($"The sifted key has {_sifting.KeyBits} bits; a block takes {LinkNotes.MostSiftedBits}.");

        int test = BitPlane.SizeInBytes(_sifting.TestBits);
        byte[] sifting = LinkSession.Message(LinkMessageKind.Sifting, 3 * plane + test + CascadeParts.SeedSize);
        BitPlane.Bytes(notes.Bases).CopyTo(sifting.AsSpan(1));
        BitPlane.Bytes(notes.IntensityLow).CopyTo(sifting.AsSpan(1 + plane));
        BitPlane.Bytes(notes.IntensityHigh).CopyTo(sifting.AsSpan(1 + 2 * plane));
        BitPlane.Bytes(_sifting.Test).CopyTo(sifting.AsSpan(1 + 3 * plane));
        cascadeSeed.CopyTo(sifting.AsSpan(1 + 3 * plane + test));
        await session.SendAsync(sifting).ConfigureAwait(false);

        byte[] tested = await session.ReceiveAsync(LinkMessageKind.TestBits, 2 + test).ConfigureAwait(false);
        AbortReason? theirs = BlockEstimation.ReadVerdict(tested[1]);
        if (!BitPlane.TryRead(tested.AsSpan(2), _sifting.TestBits, out ulong[] othersTest))
            throw new LinkProtocolException("The receiver announces test bits beyond its last.");
        _estimation = new BlockEstimation(agreement, _sifting, othersTest, notes.SentCounts, _livePulses);
        byte[] verdict = LinkSession.Message(LinkMessageKind.Verdict, 1);
        AbortReason? abort = theirs ?? _estimation.Abort;
        verdict[1] = BlockEstimation.Verdict(abort);
        await session.SendAsync(verdict).ConfigureAwait(false);
        return abort;
    }

    private async Task<DistilledBlock?> ReconcileAsync(CascadeParts parts)
    {
        using var answerer = new CascadeAnswerer(parts, _sifting!.Key);
        byte[] message = await session.ReceiveEitherAsync(LinkMessageKind.CascadeQuestions, LinkMessageKind.CascadeEnd).ConfigureAwait(false);
        while (message[0] == (byte)LinkMessageKind.CascadeQuestions)
        {
            await session.SendAsync(answerer.Answer(message)).ConfigureAwait(false);
            message = await session.ReceiveEitherAsync(LinkMessageKind.CascadeQuestions, LinkMessageKind.CascadeEnd).ConfigureAwait(false);
        }
        if (message.Length != 1 + parts.Count || message.AsSpan(1).ContainsAnyExceptInRange((byte)0, (byte)1))
            throw new LinkProtocolException("The receiver's account of Cascade is malformed.");
        byte[] reconciled = message[1..];

        int hashes = reconciled.Count(part => part == 1);
        byte[] verification = LinkSession.Message(LinkMessageKind.Verification, hashes * KeyVerification.MessageSizeInBytes);
        using (RandomStream random = RandomStream.FromOperatingSystem())
        {
            for (int part = 0, at = 1; part < parts.Count; part++)
            {
                if (reconciled[part] == 0)
                    continue;
                KeyVerification.CreateMessage(parts.Of(_sifting.Key, part), random).CopyTo(verification.AsSpan(at));
                at += KeyVerification.MessageSizeInBytes;
            }
        }
        await session.SendAsync(verification).ConfigureAwait(false);

        VerifiedMessage verified = VerifiedMessage.Read(
            await session.ReceiveAsync(LinkMessageKind.Verified, VerifiedMessage.Size(parts.Count)).ConfigureAwait(false), parts.Count, reconciled);
        int kept = parts.BitsOf(verified.Kept);
        if (kept == 0)
            return Ended(BlockOutcome.VerificationFailed);
        if (verified.Errors.AsSpan().ContainsAnyExceptInRange(0, kept))
            throw new LinkProtocolException("The receiver counts more errors than bits.");
        _estimation!.Reconciled(verified.Errors, kept, answerer.LeakedBits + hashes * KeyVerification.LeakedBits);
        if (verified.Abort is { } theirs)
            return Ended(BlockOutcome.Aborted, theirs);
        if (_estimation.Abort is { } own)
        {
            byte[] verdict = LinkSession.Message(LinkMessageKind.Amplification, 1 + sizeof(int));
            verdict[1] = BlockEstimation.Verdict(own);
            await session.SendAsync(verdict).ConfigureAwait(false);
            return Ended(BlockOutcome.Aborted, own);
        }
        _keyBits = Math.Min(_estimation.KeyBits, verified.KeyBits);
        if (KeyLedger.NetGain(_keyBits) < PendingBlock.SettlementBits || _keyBits % 8 != 0)
            throw new LinkProtocolException("The receiver allows an impossible length of the key.");
        _keptBits = kept;
        _joined = parts.Join(_sifting.Key, verified.Kept);
        return null;
    }

    private async Task<byte[]> AmplifyAsync()
    {
        int size = BlockAmplification.SeedSize(_keptBits, _keyBits);
        byte[] message = LinkSession.Message(LinkMessageKind.Amplification, 1 + sizeof(int) + size);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(2), _keyBits);
        RandomNumberGenerator.Fill(message.AsSpan(2 + sizeof(int)));
        await session.SendAsync(message).ConfigureAwait(false);
        session.EndRecord();
        return BlockAmplification.Run(_joined, _keptBits, _keyBits, message.AsSpan(2 + sizeof(int)));
    }

    private async Task<DistilledBlock> FinishAsync(byte[] key)
    {
        bool isKept = false;
        try
        {
            byte[] tag = await session.ReceiveAsync(LinkMessageKind.Tag, 1 + TranscriptAuthenticator.TagSizeInBytes).ConfigureAwait(false);
            if (!_keys!.FromCorrected.Confirms(tag.AsSpan(1)))
            {
                await session.RefuseAsync(LinkRefusal.AuthenticationFailed).ConfigureAwait(false);
                return Ended(BlockOutcome.AuthenticationFailed);
            }
            // Before the own tag leaves: its keys are used from then on.
            isKept = true;
            await journaled.PrepareAsync(_number, notes.IsSecret, key).ConfigureAwait(false);
        }
        finally
        {
            if (!isKept)
                CryptographicOperations.ZeroMemory(key);
        }
        byte[] own = LinkSession.Message(LinkMessageKind.Tag, TranscriptAuthenticator.TagSizeInBytes);
        _keys.FromReference.CreateTag().CopyTo(own.AsSpan(1));
        await session.SendAsync(own).ConfigureAwait(false);
        return await SettleAsync().ConfigureAwait(false);
    }

    private async Task<DistilledBlock> SettleAsync()
    {
        bool isReady = false;
        try
        {
            byte[] ready = await session.ReceiveAsync(LinkMessageKind.Ready, 1 + PendingBlock.TokenSize).ConfigureAwait(false);
            isReady = CryptographicOperations.FixedTimeEquals(ready.AsSpan(1), journaled.State.Pending!.ReadyToken);
        }
        catch (LinkProtocolException refused) when (refused.Refusal is LinkRefusal.AuthenticationFailed)
        {
            // The receiver found the tag wrong and has saved nothing, or somebody says so: abandoned either way, with a token that proves it.
        }
        using PendingBlock pending = await journaled.EndAsync(isReady).ConfigureAwait(false);
        byte[] settled = LinkSession.Message(LinkMessageKind.Settled, 1 + PendingBlock.TokenSize);
        settled[1] = isReady ? (byte)1 : (byte)0;
        (isReady ? pending.SettledToken : pending.AbandonedToken).CopyTo(settled.AsSpan(2));
        try
        {
            await session.SendAsync(settled).ConfigureAwait(false);
        }
        catch (Exception e) when (e is LinkChannelException or OperationCanceledException)
        {
            // The block is settled here. The receiver hears of it by the next conversation.
        }
        return isReady
            ? new DistilledBlock(_number, BlockOutcome.Delivered, null, notes.IsSecret, Figures(pending.ReturnedBytes), pending.Delivered.Span)
            : Ended(BlockOutcome.AuthenticationFailed);
    }

    private DistilledBlock Ended(BlockOutcome outcome, AbortReason? abort = null) => new(_number, outcome, abort, notes.IsSecret, Figures(0), []);

    private BlockFigures Figures(int returnedBytes) =>
        (_estimation?.Figures(_keyBits) ?? new BlockFigures { Pulses = notes.Pulses, Detections = notes.Detections }) with
        {
            ConsumedBits = journaled.State.Ledger.ConsumedBits - _consumedBefore, ReturnedBits = 8 * returnedBytes,
        };
}
