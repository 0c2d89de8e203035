using System.ComponentModel;
using System.Security.Cryptography;
using QuantumFed.KeyManagement;
using QuantumFed.Learning;
using QuantumFed.Ledger;
using QuantumFed.Models;
using QuantumFed.Node;
using QuantumFed.Tables;
using QuantumFed.Transport;

namespace QuantumFed.Cli;

/// <summary>Runs a command's work and turns what the environment did to it into one line and an exit code.</summary>
internal static class CommandRunner
{
    public static Task<int> RunAsync(Func<CancellationToken, Task<ExitCode>> work, CancellationToken cancellation) =>
        RunAsync(work, (_, _) => { }, cancellation);

    /// <summary>As above; the view has left the terminal, and knows of the failure, before the line is printed.</summary>
    public static async Task<int> RunAsync(IRunView view, Func<IRunView, CancellationToken, Task<ExitCode>> work, CancellationToken cancellation) =>
        await RunAsync(
            async token =>
            {
                await using (view)
                    return await work(view, token);
            },
            view.Fail,
            cancellation);

    private static async Task<int> RunAsync(
        Func<CancellationToken, Task<ExitCode>> work, Action<ExitCode, string> failed, CancellationToken cancellation)
    {
        // System.CommandLine waits for a command that a signal cancels only once it has its task; until then it would end the process on the spot.
        await Task.Yield();
        try
        {
            return (int)await work(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            const string Interrupted = "interrupted; everything that was started has been stopped.";
            return await EndedAsync(ExitCode.Cancelled, Interrupted, failed);
        }
        catch (Exception error) when (CodeOf(error) is { } code)
        {
            // What another machine had to say may hold anything.
            string message = error is GrpcException or LedgerUnavailableException or LedgerRejectedException or LedgerMismatchException
                ? NodeEvent.OneLine(error.Message) : error.Message;
            return await EndedAsync(code, message, failed);
        }
    }

    // Where one of the two outputs is a file on a full disk, the other still says what happened, and the exit code does.
    private static async Task<int> EndedAsync(ExitCode code, string message, Action<ExitCode, string> failed)
    {
        try
        {
            failed(code, message);
        }
        catch (IOException)
        {
            // Standard error says it.
        }
        try
        {
            await Console.Error.WriteLineAsync($"qf: {message}");
        }
        catch (IOException)
        {
            // The exit code is left.
        }
        return (int)code;
    }

    /// <summary>A path of the command line in full.</summary>
    /// <exception cref="UsageException">It is no path.</exception>
    public static string PathOf(string option, string path)
    {
        try
        {
            return Path.GetFullPath(path);
        }
        catch (ArgumentException)
        {
            throw new UsageException($"{option} takes a path, not '{NodeEvent.OneLine(path)}'.");
        }
    }

    private static ExitCode? CodeOf(Exception error) => error switch
    {
        UsageException => ExitCode.Usage,
        AuditFailedException => ExitCode.AuditFailed,
        TransportProfileException => ExitCode.Prerequisite,
        SettingsException or IdentityFileException or DatasetUnavailableException or DatasetFormatException or TableException or ModelFileException
            or CryptographicException or InvalidDataException or KeyStoreException => ExitCode.Settings,
        LedgerUnavailableException or LedgerRejectedException or LedgerMismatchException or GrpcException => ExitCode.Unreachable,
        // Win32Exception: a program that does not start, and (SocketException) an address that cannot be served on.
        RoundFailedException or ChildProcessException or MemberFailedException or TrainingDivergedException or IOException or UnauthorizedAccessException or Win32Exception => ExitCode.Failure,
        _ => null,
    };
}
