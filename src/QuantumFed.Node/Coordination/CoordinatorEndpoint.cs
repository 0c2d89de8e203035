using System.Runtime.CompilerServices;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using QuantumFed.Federation;
using QuantumFed.Protocol;
using QuantumFed.Protocol.Wire;
using QuantumFed.Transport;

namespace QuantumFed.Node;

/// <summary>
/// The coordinator's side of the wire: turns calls into messages for the desk and refusals into gRPC statuses. A caller is who its
/// certificate says, and must be a member of the agreement.
/// </summary>
internal sealed partial class CoordinatorEndpoint(
    ConsortiumAgreement agreement, CoordinatorDesk desk, NoticeBoard board, RoundArchive archive, PartyKeys keys, CoordinatorLinks links,
    Func<RoundId, CancellationToken, Task<RecordedRound>> readLedger, TrafficMeter traffic, TimeProvider time, ILogger logger)
{
    // What an update may take beyond its ciphertext: manifest, signature and one sealed share for each committee member.
    private const int ManifestAllowance = 64 * 1024;
    private const int ShareAllowance = 64 * 1024;
    private const int ObjectPartSize = 1 << 20;

    /// <summary>The methods with their handlers.</summary>
    public GrpcServiceMap Map() => new GrpcServiceMap()
        .MapServerStreaming(CoordinatorMethods.Watch, Watch)
        .MapUnary(CoordinatorMethods.SubmitRecord, SubmitRecord)
        .MapClientStreaming(CoordinatorMethods.SubmitUpdate, SubmitUpdate)
        .MapServerStreaming(CoordinatorMethods.ReceiveShares, ReceiveShares)
        .MapUnary(CoordinatorMethods.ReadRound, ReadRound)
        .MapServerStreaming(CoordinatorMethods.ReadObject, ReadObject);

    private async IAsyncEnumerable<RoundNotice> Watch(WatchRequest request, GrpcCall call)
    {
        MemberId member = Caller(call);
        if (!request.Agreement.Span.SequenceEqual(agreement.Digest.ToArray()))
            throw new GrpcException(GrpcStatusCode.FailedPrecondition, "You hold another agreement than the coordinator.");
        Log.MemberConnected(logger, member);
        if (call.Link is { } link)
            Log.MemberLink(logger, member, link.Protocol, link.CipherSuite, link.CertificateSignature);
        try
        {
            // Members may suspend the caller meanwhile.
            await foreach (RoundNotice notice in board.FollowAsync(call.CancellationToken, () => Caller(call)))
            {
                traffic.Sent(TrafficKind.Notices, notice);
                yield return notice;
            }
        }
        finally
        {
            Log.MemberDisconnected(logger, member);
        }
    }

    private async Task<Acknowledgement> SubmitRecord(SignedRecord request, GrpcCall call)
    {
        MemberId member = Caller(call);
        traffic.Received(TrafficKind.Records, request);
        if (!SignedMessage.TryParse(request.Message.Span, out SignedMessage? message))
            throw new GrpcException(GrpcStatusCode.InvalidArgument, "This is not a signed record.");
        string? failure;
        if (message.Kind != RecordKind.LinkReport)
        {
            if (!desk.TrySubmit(member, message, out failure))
                throw Refused(member, failure);
            return Acknowledge(message.Digest);
        }
        // Whoever cannot have one does not get the ledger read.
        if (message.Signer != member || desk.InForce.Find(member) is not { Link: not null, Key: var key } || !message.TryOpen(key, out LinkReport? report))
            throw Refused(member, "It is no signed report of the caller on a quantum link that the agreement gives it.");
        // It counts only if the ledger has it, and that is asked before the desk is locked.
        RoundId round = desk.TryUse(current => current.Context.Plan.Round) ?? throw Refused(member, "No round is in progress.");
        RecordedRound ledger = await readLedger(round, call.CancellationToken);
        if (!desk.TrySubmitLinkReport(member, message, ledger, out failure))
            throw Refused(member, failure);
        Log.LinkReported(logger, round, member, report.Outcome, report.Failure);
        return Acknowledge(message.Digest);
    }

    private async Task<Acknowledgement> SubmitUpdate(IAsyncEnumerable<UpdatePart> parts, GrpcCall call)
    {
        MemberId member = Caller(call);
        (RoundId round, int limit) = desk.TryUse(current => (
            current.Context.Plan.Round,
            current.Context.Parameters.CiphertextSizeInBytes(current.Context.Blocks) + ManifestAllowance
                + current.Context.Plan.Committee.Count * ShareAllowance)) ?? throw Refused(member, "No round is in progress.");
        (Digest commitment, SignedMessage seal, byte[] payload) = await ReceivePayloadAsync(member, round, limit, parts, call.CancellationToken);
        if (!PreparedUpdate.TryParse(payload, out PreparedUpdate? update)
            || !update.Manifest.TryReadUnverified(out UpdateManifest? manifest) || manifest.Commitment != commitment)
            throw Refused(member, "The payload is not the update that its header names.");
        if (!desk.TrySubmit(member, update, seal, out string? failure))
            throw Refused(member, failure);
        Log.UpdateReceived(logger, round, member, payload.Length);
        return Acknowledge(Digest.Of(payload));
    }

    private async Task<(Digest Commitment, SignedMessage Seal, byte[] Payload)> ReceivePayloadAsync(
        MemberId member, RoundId round, int limit, IAsyncEnumerable<UpdatePart> parts, CancellationToken cancellation)
    {
        using var payload = new MemoryStream();
        PayloadOpener? opener = null;
        SignedMessage? seal = null;
        Digest commitment = default;
        bool complete = false;
        try
        {
            await foreach (UpdatePart part in parts)
            {
                traffic.Received(TrafficKind.Updates, part);
                if (part.PartCase == UpdatePart.PartOneofCase.Header && opener is null)
                {
                    (opener, seal, commitment) = await OpenSealAsync(desk.InForce.Find(member)!, round, part.Header.Memory, cancellation);
                }
                else if (part.PartCase == UpdatePart.PartOneofCase.Chunk && opener is not null && !complete)
                {
                    if (!opener.TryOpenNext(part.Chunk.Data.Span, part.Chunk.Last, out byte[]? chunk))
                        throw Refused(member, "A chunk of the sealed payload does not open.");
                    if (payload.Length + chunk.Length > limit)
                        throw Refused(member, $"The update is longer than the {limit} bytes that the plan allows.");
                    payload.Write(chunk);
                    complete = part.Chunk.Last;
                }
                else
                {
                    throw Refused(member, "The parts of the update are out of order.");
                }
            }
        }
        finally
        {
            opener?.Dispose();
        }
        return complete && seal is not null ? (commitment, seal, payload.ToArray()) : throw Refused(member, "The update ended before its last chunk.");
    }

    private async Task<(PayloadOpener Opener, SignedMessage Seal, Digest Commitment)> OpenSealAsync(
        AgreedMember member, RoundId round, ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        if (!SignedMessage.TryParse(data.Span, out SignedMessage? message) || message.Signer != member.Id
            || !message.TryOpen(member.Key, out PayloadHeader? record) || !SealHeader.TryRead(record.Header.Span, out SealHeader? header))
            throw Refused(member.Id, "The payload's header is malformed, or not signed by the caller.");
        PayloadFloor floor = links.FloorOf(member);
        // Before the key is fetched: a key that is fetched is gone.
        if (floor == PayloadFloor.QuantumKey && header.Mode != PayloadMode.MLKemAndQuantumKey)
            throw Refused(member.Id, $"The payload is not sealed with a key of your quantum link, which this coordinator requires ({member.Link}).");
        QuantumKey? key = await FetchKeyAsync(member, round, header, cancellation);
        if (!PayloadOpener.TryCreate(
            keys.PayloadKeyOf(desk.InForce.Coordinator.PayloadKey), header, PayloadContexts.Of(desk.InForce, round, member, record.Commitment), key, floor, out PayloadOpener? opener, out PayloadRefusal refusal))
            throw Refused(member.Id, $"The payload is not sealed to this coordinator for this round ({refusal}).");
        if (member.Link is not null)
            Log.SealOpened(logger, round, member.Id, opener.Mode);
        return (opener, message, record.Commitment);
    }

    private async Task<QuantumKey?> FetchKeyAsync(AgreedMember member, RoundId round, SealHeader header, CancellationToken cancellation)
    {
        try
        {
            return await links.KeyOfAsync(member, header, time, cancellation);
        }
        catch (QuantumKeyException error)
        {
            Log.QuantumKeyMissing(logger, round, member.Id, error.Failure, error.Message, error.KeyManagerMessage);
            // What may pass is worth another seal under another key; the member decides by its policy.
            throw new GrpcException(
                error.Failure is LinkFailure.Unreachable or LinkFailure.NoneAvailable or LinkFailure.LinkAlarm
                    ? GrpcStatusCode.Unavailable : GrpcStatusCode.FailedPrecondition,
                $"The coordinator's key manager did not give the key that your seal names ({error.Failure}).");
        }
    }

    private async IAsyncEnumerable<DealtShare> ReceiveShares(ShareRequest request, GrpcCall call)
    {
        MemberId member = Caller(call);
        foreach (DealtManifest dealt in desk.SharesFor(member, new RoundId(request.Round)) ?? throw Refused(member, "That round is not in progress."))
        {
            var share = new DealtShare
            {
                Manifest = ByteString.CopyFrom(dealt.Manifest.ToArray()),
                SealedShare = ByteString.CopyFrom(dealt.SealedShare),
            };
            traffic.Sent(TrafficKind.Shares, share);
            yield return share;
        }
        await Task.CompletedTask;
    }

    private Task<SignedRecord> ReadRound(RoundRequest request, GrpcCall call)
    {
        Caller(call);
        if (!archive.TryReadRound(new RoundId(request.Round), out RoundIndex? index) || !archive.Objects.TryRead(index.Finalization, out byte[]? data))
            throw new GrpcException(GrpcStatusCode.NotFound, $"Round {request.Round} is not in the archive.");
        var record = new SignedRecord { Message = ByteString.CopyFrom(data) };
        traffic.Sent(TrafficKind.Objects, record);
        return Task.FromResult(record);
    }

    private async IAsyncEnumerable<ObjectPart> ReadObject(ObjectRequest request, GrpcCall call)
    {
        Caller(call);
        if (request.Digest.Length != Digest.SizeInBytes || !archive.Objects.TryRead(new Digest(request.Digest.Span), out byte[]? data))
            throw new GrpcException(GrpcStatusCode.NotFound, "The archive has no such object.");
        for (int offset = 0; offset == 0 || offset < data.Length; offset += ObjectPartSize)
        {
            var part = new ObjectPart { Data = ByteString.CopyFrom(data.AsSpan(offset, Math.Min(ObjectPartSize, data.Length - offset))) };
            traffic.Sent(TrafficKind.Objects, part);
            yield return part;
        }
        await Task.CompletedTask;
    }

    private MemberId Caller(GrpcCall call)
    {
        if (call.Peer is not { } peer || desk.InForce.Find(peer) is not { } member)
            throw new GrpcException(GrpcStatusCode.PermissionDenied, "You are not a member of this consortium.");
        return member.Suspended
            ? throw new GrpcException(GrpcStatusCode.FailedPrecondition, "The members of the consortium have suspended you.")
            : peer;
    }

    private GrpcException Refused(MemberId member, string reason)
    {
        Log.MessageRefused(logger, member, reason);
        return new GrpcException(GrpcStatusCode.FailedPrecondition, reason);
    }

    private static Acknowledgement Acknowledge(Digest digest) => new() { Digest = ByteString.CopyFrom(digest.ToArray()) };

    private static partial class Log
    {
        [LoggerMessage(1101, LogLevel.Information, "{Member} connected.")]
        public static partial void MemberConnected(ILogger logger, MemberId member);

        [LoggerMessage(1102, LogLevel.Information, "{Member} disconnected.")]
        public static partial void MemberDisconnected(ILogger logger, MemberId member);

        [LoggerMessage(1103, LogLevel.Information, "Round {Round}: received the update of {Member}, {Bytes} bytes.")]
        public static partial void UpdateReceived(ILogger logger, RoundId round, MemberId member, int bytes);

        [LoggerMessage(1105, LogLevel.Information, "The link to {Member} is {Protocol} with {CipherSuite}, certificate {CertificateSignature}.")]
        public static partial void MemberLink(ILogger logger, MemberId member, string protocol, string cipherSuite, string certificateSignature);

        [LoggerMessage(1106, LogLevel.Information, "Round {Round}: the update of {Member} came under {Mode}.")]
        public static partial void SealOpened(ILogger logger, RoundId round, MemberId member, PayloadMode mode);

        [LoggerMessage(1107, LogLevel.Warning, "Round {Round}: no key of the quantum link to {Member} ({Failure}): {Reason} {KeyManager}")]
        public static partial void QuantumKeyMissing(ILogger logger, RoundId round, MemberId member, LinkFailure failure, string reason, string keyManager);

        [LoggerMessage(1108, LogLevel.Warning, "Round {Round}: {Member} reported on the ledger: {Outcome}, because its quantum link gave no key ({Failure}).")]
        public static partial void LinkReported(ILogger logger, RoundId round, MemberId member, LinkOutcome outcome, LinkFailure failure);

        [LoggerMessage(1104, LogLevel.Warning, "Refused a message of {Member}: {Reason}")]
        public static partial void MessageRefused(ILogger logger, MemberId member, string reason);
    }
}
