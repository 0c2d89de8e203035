using System.Globalization;
using System.Net;

namespace QuantumFed.Transport.Tests;

/// <summary>
/// The published service with answers made up, and the echo service, in cleartext on the loopback address: for whoever writes a client in another
/// language (docs/grpc.md). It serves until its standard input ends.
/// </summary>
internal static class TrialServer
{
    /// <summary>Names the port to serve on; 0 takes a free one.</summary>
    public const string Variable = "QF_GRPC_TRIAL_PORT";

    public static async Task<int> ServeAsync(string port)
    {
        GrpcServerOptions options = new() { EndPoint = new IPEndPoint(IPAddress.Loopback, ushort.Parse(port, CultureInfo.InvariantCulture)) };
        await using GrpcServer server = await GrpcServer.StartLoopbackCleartextForInteropTestsAsync(FakeCoordinator.Map(new InteropEcho().Services()), options);
        await Console.Out.WriteLineAsync($"{FakeCoordinator.Service} and test.Echo, in cleartext, on {server.EndPoint}; ends with its standard input");
        await Console.In.ReadToEndAsync();
        return 0;
    }
}
