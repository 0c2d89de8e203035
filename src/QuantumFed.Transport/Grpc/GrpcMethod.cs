using Google.Protobuf;

namespace QuantumFed.Transport;

/// <summary>One method of a service, the same object on both sides of the wire.</summary>
/// <param name="Service">The service's full name, such as <c>quantumfed.v1.Coordinator</c>.</param>
/// <param name="Name">The method's name in it.</param>
/// <param name="RequestParser">Reads requests.</param>
/// <param name="ResponseParser">Reads responses.</param>
/// <typeparam name="TRequest">The request message.</typeparam>
/// <typeparam name="TResponse">The response message.</typeparam>
public sealed record GrpcMethod<TRequest, TResponse>(
    string Service,
    string Name,
    MessageParser<TRequest> RequestParser,
    MessageParser<TResponse> ResponseParser)
    where TRequest : IMessage<TRequest>
    where TResponse : IMessage<TResponse>
{
    /// <summary>The HTTP path: <c>/service/name</c>.</summary>
    public string Path => $"/{Service}/{Name}";
}
