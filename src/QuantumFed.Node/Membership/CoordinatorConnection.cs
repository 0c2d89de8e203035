using System.Runtime.CompilerServices;
using Google.Protobuf;
using QuantumFed.Federation;
using QuantumFed.Lattice;
using QuantumFed.Protocol;
using QuantumFed.Protocol.Wire;
using QuantumFed.Transport;

namespace QuantumFed.Node;

/// <summary>
/// A member's side of the wire. Every object it fetches is kept in the member's own store under its digest, so the member can replay
/// without the coordinator, and a coordinator that sends other bytes is found out at once.
/// </summary>
internal sealed class CoordinatorConnection(ConsortiumAgreement agreement, GrpcChannel channel, ObjectStore objects, TimeProvider time)
{
    private const int ChunkSize = 1 << 20;
    // Beyond the largest ciphertext of the task: signed messages, indexes, and an outcome of eight bytes a value.
    private const int ObjectAllowance = 1 << 20;

    // Most objects are small, and asking for one takes longer than sending it.
    private const int ObjectsAtOnce = 4;

    private readonly int _maximumObjectSize = ObjectAllowance + LargestObject(agreement);

    /// <summary>The member's store of objects.</summary>
    public ObjectStore Objects => objects;

    /// <summary>Follows the rounds until the connection ends.</summary>
    public IAsyncEnumerable<RoundNotice> WatchAsync(CancellationToken cancellation) => channel.ServerStreamingAsync(
        CoordinatorMethods.Watch, new WatchRequest { Agreement = ByteString.CopyFrom(agreement.Digest.ToArray()) }, null, cancellation);

    /// <summary>Hands in a signed record.</summary>
    public async Task SubmitAsync(SignedMessage message, CancellationToken cancellation) => await channel.UnaryAsync(
        CoordinatorMethods.SubmitRecord, new SignedRecord { Message = ByteString.CopyFrom(message.ToArray()) }, WithinStep(), cancellation);

    /// <summary>Uploads an update under a fresh payload seal; the update's own bytes are the stored ones. Returns the bytes sent.</summary>
    /// <param name="context">The round.</param>
    /// <param name="self">This member, in the round's agreement.</param>
    /// <param name="signer">Its record key in the round.</param>
    /// <param name="update">The update.</param>
    /// <param name="commitment">What the ledger has of it.</param>
    /// <param name="key">A key of the quantum link, used up here; null to seal with ML-KEM alone.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<long> SubmitAsync(
        RoundContext context, AgreedMember self, SigningKey signer, PreparedUpdate update, Digest commitment, QuantumKey? key, CancellationToken cancellation)
    {
        byte[] payload = update.ToArray();
        var sent = new StrongBox<long>();
        Acknowledgement answer = await channel.ClientStreamingAsync(
            CoordinatorMethods.SubmitUpdate, SealAsync(context, self, signer, payload, commitment, key, sent), WithinStep(), cancellation);
        return answer.Digest.Span.SequenceEqual(Digest.Of(payload).ToArray())
            ? sent.Value
            : throw new GrpcException(GrpcStatusCode.DataLoss, "The coordinator acknowledged other bytes than were sent.");
    }

    /// <summary>Fetches the shares dealt to this member.</summary>
    public async Task<IReadOnlyList<DealtManifest>> ReceiveSharesAsync(RoundId round, CancellationToken cancellation)
    {
        var dealt = new List<DealtManifest>();
        await foreach (DealtShare share in channel.ServerStreamingAsync(
            CoordinatorMethods.ReceiveShares, new ShareRequest { Round = round.Value }, WithinStep(), cancellation))
        {
            if (dealt.Count >= agreement.Members.Count || !SignedMessage.TryParse(share.Manifest.Span, out SignedMessage? manifest))
                throw new GrpcException(GrpcStatusCode.DataLoss, "The coordinator sent shares that cannot be read.");
            dealt.Add(new DealtManifest(manifest, share.SealedShare.ToByteArray()));
        }
        return dealt;
    }

    /// <summary>Fetches the signed finalisation of a round, and with it every object of its transcript.</summary>
    public async Task<SignedMessage> ReceiveRoundAsync(RoundId round, VerificationKey coordinator, Digest transcriptRoot, CancellationToken cancellation)
    {
        SignedRecord record = await channel.UnaryAsync(CoordinatorMethods.ReadRound, new RoundRequest { Round = round.Value }, WithinStep(), cancellation);
        if (!SignedMessage.TryParse(record.Message.Span, out SignedMessage? message)
            || !message.TryOpen(coordinator, out Finalization? finalization))
            throw new GrpcException(GrpcStatusCode.DataLoss, $"What the coordinator sent as round {round} is not signed by it.");
        byte[] index = await ReceiveAsync(finalization.Transcript, cancellation);
        // What the ledger does not vouch for is not fetched: a member keeps what it fetches.
        if (!TranscriptIndex.TryParse(index, out TranscriptIndex? transcript) || transcript.Root != transcriptRoot)
            throw new GrpcException(GrpcStatusCode.DataLoss, $"The transcript index of round {round} is not the one on the ledger.");
        var options = new ParallelOptions { MaxDegreeOfParallelism = ObjectsAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(transcript.Entries, options, async (entry, token) => await ReceiveAsync(entry.Digest, token));
        return message;
    }

    /// <summary>Fetches a signed message by its digest.</summary>
    public async Task<SignedMessage> ReceiveMessageAsync(Digest digest, CancellationToken cancellation) =>
        SignedMessage.TryParse(await ReceiveAsync(digest, cancellation), out SignedMessage? message)
            ? message
            : throw new GrpcException(GrpcStatusCode.DataLoss, $"Object {digest} is not a signed message.");

    /// <summary>Fetches an object unless the member has it.</summary>
    public async Task<byte[]> ReceiveAsync(Digest digest, CancellationToken cancellation)
    {
        if (objects.TryRead(digest, out byte[]? known))
            return known;
        using var data = new MemoryStream();
        await foreach (ObjectPart part in channel.ServerStreamingAsync(
            CoordinatorMethods.ReadObject, new ObjectRequest { Digest = ByteString.CopyFrom(digest.ToArray()) }, WithinStep(), cancellation))
        {
            if (data.Length + part.Data.Length > _maximumObjectSize)
                throw new GrpcException(GrpcStatusCode.ResourceExhausted, $"Object {digest} is larger than {_maximumObjectSize} bytes.");
            part.Data.WriteTo(data);
        }
        byte[] received = data.ToArray();
        if (Digest.Of(received) != digest)
            throw new GrpcException(GrpcStatusCode.DataLoss, $"The coordinator sent other bytes than object {digest}.");
        objects.Put(received);
        return received;
    }

    private static async IAsyncEnumerable<UpdatePart> SealAsync(
        RoundContext context, AgreedMember self, SigningKey signer, byte[] payload, Digest commitment, QuantumKey? key, StrongBox<long> sent)
    {
        using PayloadSealer sealer = PayloadSealer.Create(
            context.Agreement.Coordinator.PayloadKey.Span, PayloadContexts.Of(context.Agreement, context.Plan.Round, self, commitment), key);
        byte[] header = SignedMessage.Sign(new PayloadHeader(commitment, sealer.Header), self.Id, signer).ToArray();
        sent.Value = header.Length;
        yield return new UpdatePart { Header = ByteString.CopyFrom(header) };
        for (int offset = 0; offset == 0 || offset < payload.Length; offset += ChunkSize)
        {
            int length = Math.Min(ChunkSize, payload.Length - offset);
            bool last = offset + length == payload.Length;
            byte[] chunk = sealer.SealNext(payload.AsSpan(offset, length), last);
            sent.Value += chunk.Length;
            yield return new UpdatePart { Chunk = new SealedChunk { Data = ByteString.CopyFrom(chunk), Last = last } };
        }
        await Task.CompletedTask;
    }

    // A ciphertext, an outcome's sums or a model with its optimiser's memory: all of them together bound each.
    private static int LargestObject(ConsortiumAgreement agreement)
    {
        long largest = 0;
        foreach (RoundPurpose purpose in RoundTask.PurposesOf(agreement.Task))
        {
            int values = RoundTask.ValueCount(agreement.Task, purpose);
            KaheParameters parameters = KaheParameters.For(agreement.Members.Count, RoundTask.BitsPerValue(agreement.Task, purpose), values);
            largest = Math.Max(largest, parameters.CiphertextSizeInBytes(parameters.BlocksFor(values)) + sizeof(ulong) * (long)values);
        }
        return checked((int)(largest + RoundTask.InitialModel(agreement.Task).ToCanonicalBytes().Length));
    }

    private GrpcCallOptions WithinStep() => new() { Deadline = time.GetUtcNow() + agreement.StepTime };
}
