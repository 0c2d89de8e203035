using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace QuantumFed.Trainers.Tests;

/// <summary>A folder for a test's trainers; their command lines name it, so that what is left running is found.</summary>
public sealed class TrainerBench : IDisposable
{
    private readonly ConcurrentQueue<string> _lines = new();

    public string Folder { get; } = Directory.CreateTempSubdirectory("qf-trainer-").FullName;

    /// <summary>What came over standard error so far.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>A trainer that is a shell script; <c>$0</c> is the folder.</summary>
    public TrainerProgram Shell(string script, TimeProvider? time = null, int limit = 600) => Program(["sh", "-c", script, Folder], time, limit);

    public TrainerProgram Program(IReadOnlyList<string> command, TimeProvider? time = null, int limit = 600) =>
        new(new TrainerSettings(command, limit), Folder, _lines.Enqueue, time ?? TimeProvider.System);

    /// <summary>Shell text that takes request number <paramref name="number"/> from standard input.</summary>
    public static string Take(TrainerRequest request, int number = 1) =>
        string.Create(CultureInfo.InvariantCulture, $"head -c {Frame(request.ToHeader(number), request.Parameters).Length} >/dev/null; ");

    /// <summary>Shell text that writes these bytes to standard output.</summary>
    public string Give(byte[] bytes)
    {
        string file = Path.Combine(Folder, Guid.NewGuid().ToString("N"));
        File.WriteAllBytes(file, bytes);
        return $"cat '{file}'; ";
    }

    /// <summary>The checkout these tests were built from.</summary>
    public static string RepositoryRoot([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../.."));

    /// <summary>An update's frame.</summary>
    public static byte[] Update(float[] delta, int number = 1, string rest = "\"rows\":5") => Frame(
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"protocol\":\"quantumfed-trainer/1\",\"type\":\"update\",\"request\":{number},{rest}}}")), delta);

    /// <summary>A frame with these bytes as its header.</summary>
    public static byte[] Frame(byte[] header, ReadOnlyMemory<float> payload)
    {
        using MemoryStream stream = new();
        TrainerFrame.WriteAsync(stream, header, payload, CancellationToken.None).GetAwaiter().GetResult();
        return stream.ToArray();
    }

    /// <summary>A request for a logistic model of this many features.</summary>
    public static TrainerRequest Request(int features = 2, string data = "/nowhere.csv") => new()
    {
        Round = 3,
        Step = 0,
        Seed = 7,
        Model = TrainerModel.Logistic([.. Enumerable.Range(0, features).Select(i => "x" + i.ToString(CultureInfo.InvariantCulture))]),
        Parameters = new float[features + 1],
        TrainingData = data,
    };

    /// <summary>A request whose payload no pipe holds: 40 MB.</summary>
    public static TrainerRequest LargeRequest() => Request() with
    {
        Model = TrainerModel.Opaque([], 2, 10_000_000),
        Parameters = new float[10_000_000],
    };

    /// <summary>Fails with the whole message where it lacks the part.</summary>
    public static void AssertSays(string expected, string message) => Assert.True(message.Contains(expected, StringComparison.Ordinal), $"'{expected}' is not in: {message}");

    /// <summary>The exception's message, checked to be one line that names the command.</summary>
    public static async Task<string> FailureAsync(TrainerProgram program, TrainerRequest request)
    {
        TrainerException failure = await Assert.ThrowsAsync<TrainerException>(() => program.TrainAsync(request, TestContext.Current.CancellationToken));
        Assert.DoesNotContain(failure.Message, char.IsControl);
        Assert.Contains(failure.Command, failure.Message, StringComparison.Ordinal);
        return failure.Message;
    }

    /// <summary>Waits until no process names the folder.</summary>
    public async Task NothingRunsAsync()
    {
        long started = TimeProvider.System.GetTimestamp();
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(20));
        while (Running() is { Length: > 0 } left)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromMinutes(3), "left running: " + string.Join("; ", left));
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The command lines of processes that name the folder, other than this one.</summary>
    public string[] Running()
    {
        List<string> found = [];
        foreach (string entry in Directory.EnumerateDirectories("/proc").Where(entry => char.IsAsciiDigit(Path.GetFileName(entry)[0])))
        {
            try
            {
                string line = File.ReadAllText(Path.Combine(entry, "cmdline"));
                if (line.Contains(Folder, StringComparison.Ordinal))
                    found.Add(Path.GetFileName(entry) + " " + line.Replace('\0', ' '));
            }
            catch (IOException)
            {
                // It ended while this looked.
            }
        }
        return [.. found];
    }
}
