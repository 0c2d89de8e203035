using System.Net;

namespace QuantumFed.Ledger.Tests;

/// <summary>A connection to a real node that goes wrong for chosen calls: the fault is given the method and how often it was called before.</summary>
internal sealed class FaultyNode(Func<string, int, FaultyNode.Fault> faultOf) : DelegatingHandler(new SocketsHttpHandler())
{
    private readonly Dictionary<string, int> _calls = [];

    public enum Fault
    {
        None,
        CallLost,
        AnswerLost,
        NullAnswer,
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using System.Text.Json.JsonDocument call = System.Text.Json.JsonDocument.Parse(await request.Content!.ReadAsByteArrayAsync(cancellationToken));
        string method = call.RootElement.GetProperty("method").GetString()!;
        int before = _calls.GetValueOrDefault(method);
        _calls[method] = before + 1;
        Fault fault = faultOf(method, before);
        if (fault == Fault.CallLost)
            throw new HttpRequestException("The call was lost.");
        if (fault == Fault.NullAnswer)
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent($"{{\"id\":{call.RootElement.GetProperty("id")},\"result\":null}}") };
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        return fault == Fault.AnswerLost ? throw new HttpRequestException("The answer was lost.") : response;
    }
}
