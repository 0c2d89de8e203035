using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace QuantumFed.Ledger;

/// <summary>
/// The embedded development chain: an anvil process on 127.0.0.1 that never outlives the process that started it, even one killed with
/// SIGKILL. It has one writer and no consensus, and killed itself with SIGKILL it loses up to a second of acknowledged transactions: for
/// demonstrations and tests, and to be said so in every record.
/// </summary>
/// <remarks>
/// A shell stands between: it starts anvil, tells its process id, and a reader on the shell's standard input ends anvil when that
/// closes, which the kernel does however this process ends. Ctrl-C in a terminal reaches the shell too; it leaves the end to this process.
/// </remarks>
public sealed class AnvilProcess : IAsyncDisposable
{
    private const string Script = """
        trap '' INT
        exec 3<&0
        "$@" </dev/null 3<&- >/dev/null &
        anvil=$!
        echo "$anvil"
        ( read -r _ <&3; kill -TERM "$anvil"
          left=50
          while [ "$left" -gt 0 ] && kill -0 "$anvil"; do sleep 0.1; left=$((left - 1)); done
          kill -KILL "$anvil" ) >/dev/null 2>&1 &
        reader=$!
        wait "$anvil"
        status=$?
        kill -TERM "$reader" 2>/dev/null
        wait "$reader" 2>/dev/null
        exit "$status"
        """;

    private const string RelativeBinary = "network/dev/node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil";

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(8);

    private readonly Process _shell;
    private readonly string _binary;
    private readonly LineTail _errors;
    private readonly TaskCompletionSource _shellEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _disposed;

    private AnvilProcess(Process shell, string binary, int processId, int port, LineTail errors)
    {
        _shell = shell;
        _binary = binary;
        _errors = errors;
        ProcessId = processId;
        Endpoint = new Uri($"http://127.0.0.1:{port}/");
        // Not WaitForExitAsync: it waits for the error stream's end too, which an orphaned anvil would hold open.
        shell.Exited += (_, _) => _shellEnded.TrySetResult();
        shell.EnableRaisingEvents = true;
        Exited = WatchAsync();
    }

    /// <summary>Where it answers JSON-RPC.</summary>
    public Uri Endpoint { get; }

    /// <summary>Anvil's own process id.</summary>
    public int ProcessId { get; }

    /// <summary>Completes when anvil has ended, with its exit code (128 and the signal's number if one ended it), whoever ended it.</summary>
    public Task<int> Exited { get; }

    /// <summary>The last lines anvil wrote to its standard error.</summary>
    public string ErrorTail => _errors.ToString();

    /// <summary>
    /// The binary: what the environment variable QF_ANVIL names, or the one `npm ci --ignore-scripts` in network/dev installs; null if there
    /// is neither.
    /// </summary>
    public static string? FindBinary(string repositoryRoot)
    {
        string candidate = Environment.GetEnvironmentVariable("QF_ANVIL") is { Length: > 0 } named ? named : Path.Combine(repositoryRoot, RelativeBinary);
        return File.Exists(candidate) ? Path.GetFullPath(candidate) : null;
    }

    /// <summary>Starts a chain and waits until it answers.</summary>
    /// <param name="repositoryRoot">The checkout that has network/dev.</param>
    /// <param name="port">The TCP port; 0 for a free one.</param>
    /// <param name="chainId">The chain's id.</param>
    /// <param name="stateFile">Where the chain is kept; a file that exists is gone on from. Null for a chain that is forgotten.</param>
    /// <param name="time">The clock of the wait.</param>
    /// <param name="cancellationToken">Gives up waiting, and ends what was started.</param>
    /// <exception cref="FileNotFoundException">There is no anvil.</exception>
    /// <exception cref="LedgerUnavailableException">It ended, or did not answer in time; the message has what it said.</exception>
    public static async Task<AnvilProcess> StartAsync(
        string repositoryRoot, int port, ulong chainId, string? stateFile, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(time);
        string binary = FindBinary(repositoryRoot)
            ?? throw new FileNotFoundException("There is no anvil: run `npm ci --ignore-scripts` in network/dev, or name one in QF_ANVIL.", RelativeBinary);
        int chosen = ReservePort(port);
        if (stateFile is not null)
            AnvilState.KeepOneGenesis(stateFile);
        ProcessStartInfo start = new("/bin/sh")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string number = chosen.ToString(CultureInfo.InvariantCulture);
        string id = chainId.ToString(CultureInfo.InvariantCulture);
        string[] arguments =
        [
            "-c", Script, "quantumfed-anvil", binary, "--host", "127.0.0.1", "--port", number, "--silent", "--chain-id", id,
            "--hardfork", "london", "--gas-price", "0", "--block-base-fee-per-gas", "0", "--disable-min-priority-fee",
            .. stateFile is null ? Array.Empty<string>() : ["--state", stateFile, "--state-interval", "1"],
        ];
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        Process shell = Process.Start(start) ?? throw new LedgerUnavailableException("The shell that starts anvil did not start.");
        LineTail errors = new();
        shell.ErrorDataReceived += (_, line) => errors.Add(line.Data);
        shell.BeginErrorReadLine();
        AnvilProcess anvil;
        try
        {
            string? line = await shell.StandardOutput.ReadLineAsync(cancellationToken).ConfigureAwait(false);
            int processId = int.Parse(line ?? throw new LedgerUnavailableException("The shell that starts anvil ended."), CultureInfo.InvariantCulture);
            anvil = new AnvilProcess(shell, binary, processId, chosen, errors);
        }
        catch
        {
            shell.StandardInput.Close();
            shell.Dispose();
            throw;
        }
        try
        {
            await anvil.WaitUntilItAnswersAsync(chainId, time, cancellationToken).ConfigureAwait(false);
            await anvil.MineAfterRestartAsync(time, cancellationToken).ConfigureAwait(false);
            return anvil;
        }
        catch
        {
            await anvil.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Ends the chain, which writes its state first, and waits for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        _shell.StandardInput.Close();
        try
        {
            _ = await Exited.WaitAsync(StopTimeout).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            KillAnvil();
            _shell.Kill(entireProcessTree: true);
            _ = await Exited.ConfigureAwait(false);
        }
        _shell.Dispose();
    }

    private async Task<int> WatchAsync()
    {
        await _shellEnded.Task.ConfigureAwait(false);
        // Whoever killed the shell left its child behind.
        KillAnvil();
        return _shell.ExitCode;
    }

    private void KillAnvil()
    {
        try
        {
            using Process anvil = Process.GetProcessById(ProcessId);
            // The number may be another's by now.
            if (anvil.MainModule?.FileName == _binary)
                anvil.Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has ended.
        }
    }

    private async Task WaitUntilItAnswersAsync(ulong chainId, TimeProvider time, CancellationToken cancellationToken)
    {
        using JsonRpcClient client = JsonRpcClient.Create(Endpoint, time, TimeSpan.FromSeconds(2));
        EthereumNode node = new(client);
        long start = time.GetTimestamp();
        while (time.GetElapsedTime(start) < StartTimeout)
        {
            if (Exited.IsCompleted)
                throw new LedgerUnavailableException($"anvil ended with code {await Exited.ConfigureAwait(false)}: {ErrorTail}");
            try
            {
                ulong answered = await node.ChainIdAsync(cancellationToken).ConfigureAwait(false);
                if (answered != chainId)
                    throw new LedgerMismatchException($"On {Endpoint} there is another chain: its id is {answered}, not {chainId}.");
                // Another anvil on the port would answer too; then ours is about to end, as it cannot listen there.
                if (!Exited.IsCompleted)
                    return;
            }
            catch (LedgerUnavailableException)
            {
                // Not listening yet.
            }
            await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellationToken).ConfigureAwait(false);
        }
        throw new LedgerUnavailableException($"anvil did not answer on {Endpoint} within {StartTimeout.TotalSeconds} s: {ErrorTail}");
    }

    // After a restart anvil answers the BLOCKHASH instruction wrongly for blocks of its former life, so a round opened right then would be
    // seeded from a hash that is no block's. One empty block, and the block before every transaction is of this life.
    private async Task MineAfterRestartAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        using JsonRpcClient client = JsonRpcClient.Create(Endpoint, time);
        BlockHeader? head = await new EthereumNode(client).HeaderAsync("latest", cancellationToken).ConfigureAwait(false);
        if (head is { Number: > 0 })
            await client.CallAsync("evm_mine", [], cancellationToken).ConfigureAwait(false);
    }

    // Asked for by listening there for a moment: another chain on the port would answer in ours' place.
    private static int ReservePort(int port)
    {
        try
        {
            using TcpListener listener = new(IPAddress.Loopback, port);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        catch (SocketException e)
        {
            throw new LedgerUnavailableException($"Port {port} of 127.0.0.1 is not free for the development chain: {e.Message}", e);
        }
    }
}
