using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace QuantumFed.System.Tests;

/// <summary>The machine's processes, as /proc has them.</summary>
internal static class ProcessTable
{
    public const int Interrupt = 2;
    public const int KillNow = 9;
    public const int Terminate = 15;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Every process whose command line names the folder, with that command line.</summary>
    public static IReadOnlyDictionary<int, string[]> Naming(string folder)
    {
        var found = new Dictionary<int, string[]>();
        foreach (string entry in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(entry), NumberStyles.None, CultureInfo.InvariantCulture, out int id) || id == Environment.ProcessId)
                continue;
            try
            {
                string line = File.ReadAllText(Path.Combine(entry, "cmdline"), Encoding.UTF8);
                if (line.Contains(folder, StringComparison.Ordinal))
                    found[id] = line.Split('\0', StringSplitOptions.RemoveEmptyEntries);
            }
            catch (IOException)
            {
                // It ended while this looked.
            }
        }
        return found;
    }

    /// <summary>The process of a party of a workspace: ledger, coordinator, a member's name; or anvil.</summary>
    public static int PartyOf(string workspace, string party) => Assert.Single(Naming(workspace), process => party == "anvil"
        ? Path.GetFileName(process.Value[0]) == "anvil"
        : process.Value.Contains("--settings") && process.Value.Any(argument => argument.EndsWith($"/{party}/settings.json", StringComparison.Ordinal))).Key;

    /// <summary>Waits until no process names the folder; fails with those that are left.</summary>
    public static async Task NoneAsync(string folder, TimeSpan limit)
    {
        long started = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(Interval);
        while (Naming(folder) is { Count: > 0 } left)
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(started) < limit,
                "left running: " + string.Join("; ", left.Select(process => $"{process.Key} {string.Join(' ', process.Value)}")));
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits until the process has ended, or for the limit.</summary>
    public static async Task EndAsync(int id, TimeSpan limit)
    {
        long started = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(Interval);
        while (Directory.Exists($"/proc/{id}") && TimeProvider.System.GetElapsedTime(started) < limit)
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Bytes of memory that are the process's own or its share of what it shares (PSS).</summary>
    public static long ProportionalSize(int id)
    {
        string line = File.ReadLines($"/proc/{id}/smaps_rollup").First(line => line.StartsWith("Pss:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    public static void Signal(int id, int signal) => Assert.Equal(0, Kill(id, signal));

    /// <summary>Sends the signal; <see langword="false"/> if there is no such process.</summary>
    public static bool TrySignal(int id, int signal) => Kill(id, signal) == 0;

    /// <summary>Waits until every thread of a process that got SIGSTOP has stopped: from then on it has done nothing that it has not done yet.</summary>
    public static async Task StoppedAsync(int id)
    {
        using var timer = new PeriodicTimer(Interval);
        while (Directory.EnumerateDirectories($"/proc/{id}/task").Any(thread => StateOf(thread) is not ('T' or 'Z' or 'X')))
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
    }

    // The name before it may hold anything, parentheses too. A thread that is gone has stopped.
    private static char StateOf(string thread)
    {
        try
        {
            string stat = File.ReadAllText(Path.Combine(thread, "stat"), Encoding.Latin1);
            return stat[stat.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return 'X';
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int id, int signal);
}
