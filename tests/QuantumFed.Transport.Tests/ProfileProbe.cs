using System.Diagnostics;
using System.Net;

namespace QuantumFed.Transport.Tests;

/// <summary>A child process of the tests that tries to serve under whatever OPENSSL_CONF it was given, and says how that went.</summary>
internal static class ProfileProbe
{
    /// <summary>Names the folder of the identity; set only for the child.</summary>
    public const string Variable = "QF_TRANSPORT_PROFILE_PROBE";

    /// <summary>Set only for the child: a configuration to name in .NET's environment alone, when OpenSSL no longer looks.</summary>
    public const string LateVariable = "QF_TRANSPORT_LATE_CONF";

    /// <summary>Set only for the child: to listen for messages instead of calls.</summary>
    public const string ListenVariable = "QF_TRANSPORT_PROFILE_LISTEN";

    public static async Task<int> ServeAsync(string directory)
    {
        if (Environment.GetEnvironmentVariable(LateVariable) is { Length: > 0 } late)
            Environment.SetEnvironmentVariable("OPENSSL_CONF", late);
        using NodeIdentity identity = NodeIdentity.Load(directory, TimeProvider.System);
        try
        {
            if (Environment.GetEnvironmentVariable(ListenVariable) is { Length: > 0 })
                await (await Peers.ListenAsync(identity)).DisposeAsync();
            else
                await ServeCallsAsync(identity);
            await Console.Out.WriteLineAsync("serves");
        }
        catch (TransportProfileException e)
        {
            await Console.Out.WriteLineAsync(e.Message);
        }
        return 0;
    }

    private static async Task ServeCallsAsync(NodeIdentity identity)
    {
        await using GrpcServer server = await GrpcServer.StartAsync(
            identity, new GrpcServiceMap(), new GrpcServerOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 0) });
    }

    /// <summary>Runs the child and returns what it said.</summary>
    public static async Task<string> TryToServeAsync(string? configuration, string? lateConfiguration = null, bool messages = false)
    {
        using TemporaryFolder folder = new();
        Consortium.Coordinator.Save(folder.Path);
        ProcessStartInfo start = new(Path.ChangeExtension(typeof(ProfileProbe).Assembly.Location, null)) { RedirectStandardOutput = true };
        start.Environment[Variable] = folder.Path;
        start.Environment.Remove("OPENSSL_CONF");
        if (configuration is not null)
            start.Environment["OPENSSL_CONF"] = configuration;
        if (lateConfiguration is not null)
            start.Environment[LateVariable] = lateConfiguration;
        if (messages)
            start.Environment[ListenVariable] = "1";
        return await ToolProcess.RunAsync(start);
    }
}
