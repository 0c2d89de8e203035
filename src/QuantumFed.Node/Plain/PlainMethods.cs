using QuantumFed.Protocol.Wire.Plain;
using QuantumFed.Transport;

namespace QuantumFed.Node;

/// <summary>The methods of <c>quantumfed.plain.v1.PlainFederation</c>, for both sides of the wire.</summary>
internal static class PlainMethods
{
    private const string Service = "quantumfed.plain.v1.PlainFederation";

    public static readonly GrpcMethod<ModelRequest, ModelPart> ReadModel = new(Service, nameof(ReadModel), ModelRequest.Parser, ModelPart.Parser);

    public static readonly GrpcMethod<PlainUpdatePart, PlainAcknowledgement> SubmitUpdate =
        new(Service, nameof(SubmitUpdate), PlainUpdatePart.Parser, PlainAcknowledgement.Parser);
}
