using QuantumFed.Protocol.Wire;
using QuantumFed.Transport;

namespace QuantumFed.Node;

/// <summary>The methods of <c>quantumfed.v1.Coordinator</c>, for both sides of the wire.</summary>
internal static class CoordinatorMethods
{
    private const string Service = "quantumfed.v1.Coordinator";

    public static readonly GrpcMethod<WatchRequest, RoundNotice> Watch = new(Service, nameof(Watch), WatchRequest.Parser, RoundNotice.Parser);

    public static readonly GrpcMethod<SignedRecord, Acknowledgement> SubmitRecord =
        new(Service, nameof(SubmitRecord), SignedRecord.Parser, Acknowledgement.Parser);

    public static readonly GrpcMethod<UpdatePart, Acknowledgement> SubmitUpdate =
        new(Service, nameof(SubmitUpdate), UpdatePart.Parser, Acknowledgement.Parser);

    public static readonly GrpcMethod<ShareRequest, DealtShare> ReceiveShares =
        new(Service, nameof(ReceiveShares), ShareRequest.Parser, DealtShare.Parser);

    public static readonly GrpcMethod<RoundRequest, SignedRecord> ReadRound = new(Service, nameof(ReadRound), RoundRequest.Parser, SignedRecord.Parser);

    public static readonly GrpcMethod<ObjectRequest, ObjectPart> ReadObject = new(Service, nameof(ReadObject), ObjectRequest.Parser, ObjectPart.Parser);
}
