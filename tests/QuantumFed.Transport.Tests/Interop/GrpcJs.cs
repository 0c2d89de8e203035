using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;

namespace QuantumFed.Transport.Tests;

/// <summary>
/// A Node process under tests/grpc-interop that speaks gRPC by grpc-js, and with the test by lines: JSON from it, words to it. Nothing of it
/// outlives the test: it is killed on disposal, and ends by itself when its standard input does.
/// </summary>
internal sealed class GrpcJs : IAsyncDisposable
{
    /// <summary>What no such process takes for all it does, even on a busy machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly CancellationTokenSource _patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    private GrpcJs(string script, string[] arguments)
    {
        string? node = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "node.exe" : "node")).FirstOrDefault(File.Exists);
        string path = Repository.File("tests/grpc-interop/" + script);
        string folder = Path.GetDirectoryName(path)!;
        Assert.SkipWhen(node is null, "needs Node 20 (node is not on the PATH)");
        Assert.SkipUnless(Directory.Exists(Path.Combine(folder, "node_modules", "@grpc")), "needs grpc-js: npm ci --ignore-scripts in tests/grpc-interop");
        ProcessStartInfo start = new(node, [path, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Node has an OpenSSL of its own, and these are for ours.
        foreach (string variable in (string[])["LD_LIBRARY_PATH", "OPENSSL_CONF", "NODE_OPTIONS"])
            start.Environment.Remove(variable);
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync(CancellationToken.None);
        _patience.CancelAfter(Patience);
    }

    /// <summary>The port a server listens on; 0 for a client.</summary>
    public int Port { get; private set; }

    /// <summary>grpc-js as a client of <paramref name="server"/>, in one of client.js's cases.</summary>
    public static GrpcJs Client(GrpcServer server, string name, params string[] more) =>
        new("client.js", [name, server.EndPoint.Port.ToString(CultureInfo.InvariantCulture), .. more]);

    /// <summary>Runs a client to its end; what it reported.</summary>
    public static async Task<JsonElement> CallAsync(GrpcServer server, string name, params string[] more)
    {
        await using GrpcJs client = Client(server, name, more);
        return await client.ReadAsync();
    }

    /// <summary>grpc-js as a server that listens.</summary>
    public static async Task<GrpcJs> ServeAsync(string mode = "plain")
    {
        GrpcJs server = new("server.js", [mode]);
        try
        {
            server.Port = (await server.ReadAsync()).GetProperty("port").GetInt32();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Our client, calling this server.</summary>
    public GrpcChannel Channel(TimeProvider? time = null) =>
        GrpcChannel.CreateLoopbackCleartextForInteropTests(new IPEndPoint(IPAddress.Loopback, Port), time: time);

    /// <summary>The next thing it reports.</summary>
    public async Task<JsonElement> ReadAsync()
    {
        string? line;
        try
        {
            line = await _process.StandardOutput.ReadLineAsync(_patience.Token);
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"grpc-js reported nothing within {Patience.TotalSeconds} s.");
        }
        if (line is null)
            Assert.Fail("grpc-js failed: " + await _errors.WaitAsync(_patience.Token));
        return JsonElement.Parse(line);
    }

    /// <summary>Says a word to it.</summary>
    public async Task TellAsync(string word)
    {
        await _process.StandardInput.WriteAsync((word + "\n").AsMemory(), _patience.Token);
        await _process.StandardInput.FlushAsync(_patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        await _errors;
        _process.Dispose();
        _patience.Dispose();
    }
}
