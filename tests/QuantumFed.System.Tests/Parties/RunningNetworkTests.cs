using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using QuantumFed.Ledger;
using QuantumFed.Node;
using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.System.Tests;

/// <summary>What a running network shows to an auditor with a ledger at hand, to an outsider with openssl, and to the machine's memory.</summary>
public sealed class RunningNetworkTests(KeptNetwork network, FinishedDemo demo) : IClassFixture<KeptNetwork>
{
    private const long MostMemory = 1_500_000_000;

    [Fact]
    public async Task The_live_ledger_says_what_the_archive_says()
    {
        await network.RunningAsync();
        QfResult audit = (await VerifyAsync(network.Workspace, network.LedgerRpc)).Ended(0);
        Assert.Contains("VERIFIED: 2 rounds", audit.Output, StringComparison.Ordinal);
        Assert.Contains("The live ledger says the same.", audit.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_live_ledger_of_another_consortium_says_something_else()
    {
        await network.RunningAsync();
        QfResult audit = (await VerifyAsync(await demo.WorkspaceAsync(), network.LedgerRpc)).Ended(4);
        Assert.Contains("block 0: The live ledger has another block there, or none.", audit.Output, StringComparison.Ordinal);
        Assert.Contains("NOT VERIFIED", audit.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_coordinator_on_the_same_port_says_that_it_is_taken()
    {
        await network.RunningAsync();
        using TemporaryFolder folder = new();
        string settings = MissingThingsTests.CopyParty(Path.Combine(network.Workspace, "coordinator"), folder.At("coordinator"));
        QfResult run = (await QfRun.ToEndAsync(["coordinator", "run", "--settings", settings])).Ended(1);
        string message = Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("qf: ", message, StringComparison.Ordinal);
        Assert.Contains($"{network.CoordinatorAddress}: address already in use", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fresh_chain_says_something_else()
    {
        string workspace = await demo.WorkspaceAsync();
        await using AnvilProcess anvil = await AnvilProcess.StartAsync(
            Checkout.Root, 0, 20260, stateFile: null, TimeProvider.System, TestContext.Current.CancellationToken);
        QfResult audit = (await VerifyAsync(workspace, anvil.Endpoint.ToString())).Ended(4);
        Assert.Contains("block 0: ", audit.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ledger_started_again_from_its_state_says_the_same()
    {
        string workspace = await demo.WorkspaceAsync();
        using TemporaryFolder folder = new();
        foreach (string path in Directory.EnumerateFiles(Path.Combine(workspace, "ledger"), "*", SearchOption.AllDirectories))
        {
            string copy = folder.At(Path.GetRelativePath(workspace, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }
        string settings = folder.At("ledger", PartyFolder.SettingsName);
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            SettingsFile.Write(settings, new LedgerSettings("consortium.json", ((IPEndPoint)free.LocalEndpoint).Port));
        }
        await using QfRun ledger = QfRun.Start(["ledger", "run", "--settings", settings]);
        await ledger.LineAsync("Contracts in place", TestContext.Current.CancellationToken);
        QfResult audit = (await VerifyAsync(workspace, $"http://127.0.0.1:{SettingsFile.Read<LedgerSettings>(settings).Port}")).Ended(0);
        Assert.Contains("The live ledger says the same.", audit.Output, StringComparison.Ordinal);
        ledger.Signal(ProcessTable.Terminate);
        await ledger.EndAsync(TestContext.Current.CancellationToken, TimeSpan.FromSeconds(180));
        await ProcessTable.NoneAsync(folder.Root, TimeSpan.FromSeconds(180));
    }

    [Fact]
    public async Task OpenSSL_sees_TLS_13_with_the_hybrid_group_and_an_ML_DSA_certificate()
    {
        await network.RunningAsync();
        (string served, string seen) = await ClientAsync(Identity(network.Workspace));
        Assert.Contains("Protocol version: TLSv1.3\n", seen, StringComparison.Ordinal);
        Assert.Contains("Negotiated TLS1.3 group: X25519MLKEM768\n", seen, StringComparison.Ordinal);
        Assert.Contains("Signature type: mldsa65\n", seen, StringComparison.Ordinal);
        Assert.Contains("Requested Signature Algorithms: id-ml-dsa-65\n", seen, StringComparison.Ordinal);
        Assert.Contains("Verification: OK\n", seen, StringComparison.Ordinal);
        Assert.NotEqual("", served);
    }

    [Theory]
    [InlineData("-groups", "X25519")]
    [InlineData("-groups", "P-256")]
    [InlineData("-groups", "MLKEM768")]
    [InlineData("-max_protocol", "TLSv1.2")]
    public async Task A_client_that_offers_less_is_refused(string option, string value)
    {
        await network.RunningAsync();
        (string served, string seen) = await ClientAsync(Identity(network.Workspace), option, value);
        Assert.Matches("alert (handshake failure|protocol version)", seen);
        Assert.DoesNotContain("CONNECTION ESTABLISHED", seen, StringComparison.Ordinal);
        Assert.Equal("", served);
    }

    // .NET looks at the client's certificate when the handshake is over and then ends the connection: no byte of HTTP/2 is served.
    [Fact]
    public async Task A_client_without_a_certificate_is_refused()
    {
        await network.RunningAsync();
        (string served, string seen) = await ClientAsync([]);
        Assert.Equal("", served);
        Assert.Contains("unexpected eof", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_with_another_consortiums_certificate_is_refused()
    {
        await network.RunningAsync();
        // The same hospital's name in another demo: only the root differs.
        (string served, string seen) = await ClientAsync(Identity(await demo.WorkspaceAsync()));
        Assert.Equal("", served);
        Assert.Contains("unexpected eof", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certified_outsider_of_the_agreement_is_not_served()
    {
        Requires.PostQuantum();
        QfRun run = await network.RunningAsync();
        // Certified by the consortium's own root, but no party to the agreement: the channel opens, no method answers.
        using CertificateAuthority authority = CertificateAuthority.Load(Path.Combine(network.Workspace, "authority"), TimeProvider.System);
        using NodeIdentity outsider = authority.IssueClient(MemberId.Parse("outsider"), TimeSpan.FromDays(1));
        using GrpcChannel channel = GrpcChannel.Create(
            new Uri($"https://localhost:{network.CoordinatorAddress.Split(':')[1]}"), outsider, MemberId.Parse("coordinator"), time: TimeProvider.System);
        GrpcException refused = await Assert.ThrowsAsync<GrpcException>(() => channel.UnaryAsync(
            CoordinatorMethods.ReadRound, new Protocol.Wire.RoundRequest { Round = 0 },
            new GrpcCallOptions { Deadline = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(120) }, TestContext.Current.CancellationToken));
        Assert.Equal(GrpcStatusCode.PermissionDenied, refused.Status);
        Assert.NotEmpty(ProcessTable.Naming(network.Workspace).Keys.Intersect([run.Id]));
    }

    [Fact]
    public async Task All_processes_together_stay_within_their_memory()
    {
        QfRun run = await network.RunningAsync();
        IReadOnlyDictionary<int, string[]> processes = ProcessTable.Naming(network.Workspace);
        Assert.Contains(run.Id, processes.Keys);
        Assert.True(processes.Count >= 8, "demo, ledger, its shell, anvil, coordinator, four members");
        long bytes = processes.Keys.Sum(ProcessTable.ProportionalSize);
        TestContext.Current.TestOutputHelper!.WriteLine($"{processes.Count} processes, {bytes / 1e6:F0} MB (sum of PSS)");
        Assert.InRange(bytes, 1, MostMemory);
    }

    private static Task<QfResult> VerifyAsync(string workspace, string rpc) =>
        QfRun.ToEndAsync(["audit", "verify", "--workspace", workspace, "--rpc", rpc]);

    private static string[] Identity(string workspace)
    {
        string folder = Path.Combine(workspace, "members", "north");
        return ["-cert", Path.Combine(folder, "tls.crt"), "-key", Path.Combine(folder, "tls.key")];
    }

    /// <summary>Speaks TLS to the coordinator and then nonsense after an HTTP/2 preface, to which a server that took the client answers and hangs up.</summary>
    /// <returns>What the server sent inside the channel, and what openssl says of the channel.</returns>
    private async Task<(string Served, string Seen)> ClientAsync(string[] identity, params string[] options)
    {
        string prefix = Requires.OpenSslPrefix();
        ProcessStartInfo start = new(Path.Combine(prefix, "bin", "openssl"),
        [
            "s_client", "-connect", network.CoordinatorAddress, "-alpn", "h2", "-brief", "-ign_eof",
            "-CAfile", Path.Combine(network.Workspace, "authority", "ca.crt"), .. identity, .. options,
        ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LD_LIBRARY_PATH"] = Path.Combine(prefix, "lib");
        start.Environment.Remove("OPENSSL_CONF");
        using Process process = Process.Start(start)!;
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(180));
        try
        {
            Task<string> seen = process.StandardError.ReadToEndAsync(patience.Token);
            Task<string> served = process.StandardOutput.ReadToEndAsync(patience.Token);
            try
            {
                await process.StandardInput.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nno frame of HTTP/2 looks like this one".AsMemory(), patience.Token);
                await process.StandardInput.FlushAsync(patience.Token);
            }
            catch (IOException)
            {
                // Refused before it could say anything.
            }
            return (await served, await seen);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}
