using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;

namespace QuantumFed.Trainers;

/// <summary>One run of a trainer's program. Neither it nor what it started in its session outlives this process, even one killed with SIGKILL.</summary>
/// <remarks>
/// A shell stands between. It starts the program in a session of its own and holds the read end of a pipe, the lifeline, whose write end only
/// this process has. The kernel closes that however this process ends; then a reader in the shell kills the program's process group.
/// </remarks>
internal sealed class TrainerProcess : IAsyncDisposable
{
    // Descriptor 3 is the lifeline, 4 the program's standard input. The shell keeps none of the program's streams, so that each ends when the
    // program closes it. The group is killed by its leader's id; before setsid has run there is no group, and the id alone is killed.
    private const string Script = """
        exec 3<"$1" 4<&0 </dev/null
        shift
        setsid "$@" <&4 3<&- 4<&- &
        trainer=$!
        exec 4<&- >/dev/null 2>&1
        ( read -r _ <&3; kill -KILL "-$trainer" || kill -KILL "$trainer" ) &
        reader=$!
        wait "$trainer"
        status=$?
        kill -KILL "$reader" "-$trainer"
        exit "$status"
        """;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LastWordsWait = TimeSpan.FromSeconds(5);

    private readonly Process _shell;
    private readonly AnonymousPipeServerStream _lifeline;
    private readonly TimeProvider _time;
    private readonly ErrorLines _errors;
    private readonly Task _readingErrors;
    private readonly Task _exited;

    private TrainerProcess(Process shell, AnonymousPipeServerStream lifeline, Action<string> onErrorLine, TimeProvider time)
    {
        _shell = shell;
        _lifeline = lifeline;
        _time = time;
        _errors = new ErrorLines(onErrorLine);
        _readingErrors = _errors.ReadAsync(shell.StandardError.BaseStream);
        _exited = shell.WaitForExitAsync();
        Replies = new FrameReader(shell.StandardOutput.BaseStream);
    }

    /// <summary>The program's standard output.</summary>
    public FrameReader Replies { get; }

    /// <summary>The program's standard input.</summary>
    public Stream Requests => _shell.StandardInput.BaseStream;

    /// <summary>Its standard error.</summary>
    public ErrorLines Errors => _errors;

    /// <summary>Requests this process has answered.</summary>
    public int Answered { get; set; }

    /// <summary>Starts the program.</summary>
    /// <exception cref="TrainerException">There is no such program or folder, or it may not be executed.</exception>
    public static TrainerProcess Start(TrainerSettings settings, string workingFolder, Action<string> onErrorLine, TimeProvider time)
    {
        if (!Directory.Exists(workingFolder))
        {
            throw new TrainerException(
                settings.CommandLine, $"The trainer '{settings.CommandLine}' cannot be started: its folder {workingFolder} does not exist.");
        }
        RequireProgram(settings, workingFolder);
        var lifeline = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.Inheritable);
        try
        {
            ProcessStartInfo start = new("/bin/sh")
            {
                WorkingDirectory = workingFolder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            string readEnd = "/proc/self/fd/" + lifeline.GetClientHandleAsString();
            foreach (string argument in (string[])["-c", Script, "quantumfed-trainer", readEnd, .. settings.Command])
                start.ArgumentList.Add(argument);
            // The OpenSSL configuration is made for this program's own connections.
            start.Environment.Remove("OPENSSL_CONF");
            foreach ((string name, string value) in settings.Environment ?? new Dictionary<string, string>())
                start.Environment[name] = value;
            Process shell = Process.Start(start) ?? throw new InvalidOperationException("A new process was asked for.");
            lifeline.DisposeLocalCopyOfClientHandle();
            return new TrainerProcess(shell, lifeline, onErrorLine, time);
        }
        catch (Win32Exception e)
        {
            lifeline.Dispose();
            throw new TrainerException(settings.CommandLine, $"The trainer '{settings.CommandLine}' cannot be started: {e.Message}", e);
        }
        catch
        {
            lifeline.Dispose();
            throw;
        }
    }

    /// <summary>How it ended, or that it did not, and its last words: what goes on after "The trainer '...' ".</summary>
    public async Task<string> EndAsync()
    {
        await WithinAsync(_exited, LastWordsWait).ConfigureAwait(false);
        if (!_exited.IsCompleted)
            return "closed its standard output";
        await WithinAsync(_readingErrors, LastWordsWait).ConfigureAwait(false);
        int code = _shell.ExitCode;
        string number = code.ToString(CultureInfo.InvariantCulture);
        // A shell's convention, which this shell follows: 128 and the signal's number.
        return code <= 128 ? $"ended with exit code {number}" : (code - 128) switch
        {
            6 => "was ended by signal 6 (SIGABRT)",
            9 => "was ended by signal 9 (SIGKILL: the kernel does so where memory runs out)",
            11 => "was ended by signal 11 (SIGSEGV)",
            15 => "was ended by signal 15 (SIGTERM)",
            int signal => $"ended with exit code {number} (signal {signal.ToString(CultureInfo.InvariantCulture)}, if it was one)",
        };
    }

    /// <summary>Closes its standard input, which asks it to end, and kills what has not ended after the grace time.</summary>
    public async Task StopAsync()
    {
        await CloseInputAsync().ConfigureAwait(false);
        await WithinAsync(_exited, Grace).ConfigureAwait(false);
        await DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Kills it with all it started in its session, and waits for the end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _lifeline.DisposeAsync().ConfigureAwait(false);
        await _exited.ConfigureAwait(false);
        await WithinAsync(_readingErrors, LastWordsWait).ConfigureAwait(false);
        await CloseInputAsync().ConfigureAwait(false);
        _shell.StandardOutput.Close();
        _shell.StandardError.Close();
        await _readingErrors.ConfigureAwait(false);
        _shell.Dispose();
    }

    private async Task CloseInputAsync()
    {
        try
        {
            await _shell.StandardInput.DisposeAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It has ended already, and the pipe with it.
        }
    }

    private async Task WithinAsync(Task task, TimeSpan limit) =>
        await task.WaitAsync(limit, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static void RequireProgram(TrainerSettings settings, string workingFolder)
    {
        string program = settings.Command[0];
        string shown = $"The trainer '{settings.CommandLine}' cannot be started: ";
        string[] candidates = program.Contains('/')
            ? [Path.Combine(workingFolder, program)]
            : [.. SearchPath(settings).Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(workingFolder, folder, program))];
        if (candidates.Any(IsExecutable))
            return;
        if (candidates.FirstOrDefault(File.Exists) is { } found)
            throw new TrainerException(settings.CommandLine, $"{shown}{found} is not executable; chmod +x it, or name its interpreter first.");
        string hint = program.Contains(' ') ? " Give the program and each argument as an entry of its own." : "";
        string where = program.Contains('/') ? candidates[0] : $"'{ErrorLines.Clean(program, 80)}' in PATH";
        throw new TrainerException(settings.CommandLine, $"{shown}there is no program {where}.{hint}");
    }

    private static string SearchPath(TrainerSettings settings) =>
        (settings.Environment?.TryGetValue("PATH", out string? named) == true ? named : Environment.GetEnvironmentVariable("PATH")) ?? "/usr/local/bin:/usr/bin:/bin";

    // Whether this account may is for the kernel to say: a wrong guess here would refuse a program that runs.
    private static bool IsExecutable(string path) =>
        File.Exists(path) && (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;
}
