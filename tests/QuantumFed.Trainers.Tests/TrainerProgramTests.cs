using System.Diagnostics;
using System.Globalization;

namespace QuantumFed.Trainers.Tests;

public sealed class TrainerProgramTests : IDisposable
{
    private const string ParentMark = "QF_TRAINER_PARENT_OF";

    private readonly TrainerBench _bench = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task An_update_is_what_the_program_wrote()
    {
        TrainerRequest request = TrainerBench.Request();
        await using TrainerProgram program = _bench.Shell(
            TrainerBench.Take(request) + _bench.Give(TrainerBench.Update([1, -2, 0.5f], 1, "\"rows\":7,\"metrics\":{\"loss\":0.5}")) + "read -r _");
        TrainerUpdate update = await program.TrainAsync(request, Cancellation);
        Assert.Equal([1, -2, 0.5f], update.Delta);
        Assert.Equal(7, update.RowCount);
        Assert.Equal(0.5, Assert.Single(update.Metrics).Value);
    }

    [Fact]
    public async Task A_program_is_kept_between_requests_and_ends_when_its_input_closes()
    {
        TrainerRequest request = TrainerBench.Request();
        string ended = Path.Combine(_bench.Folder, "ended");
        TrainerProgram program = _bench.Shell("echo started >&2; "
            + TrainerBench.Take(request) + _bench.Give(TrainerBench.Update([1, 1, 1]))
            + TrainerBench.Take(request, 2) + _bench.Give(TrainerBench.Update([2, 2, 2], 2))
            + $"read -r _; touch '{ended}'");
        Assert.Equal(1, (await program.TrainAsync(request, Cancellation)).Delta[0]);
        Assert.Equal(2, (await program.TrainAsync(request, Cancellation)).Delta[0]);
        await program.DisposeAsync();
        Assert.Equal(["started"], _bench.Lines);
        Assert.True(File.Exists(ended));
        await _bench.NothingRunsAsync();
    }

    [Fact]
    public async Task A_program_that_ended_after_an_answer_is_started_again()
    {
        TrainerRequest request = TrainerBench.Request();
        // It answers one request, whatever its number: the second is number 3 where the end of the first run is noticed only in sending number 2.
        string answers = string.Concat(Enumerable.Range(1, 3).Select(n => $"{n}) {_bench.Give(TrainerBench.Update([n, n, n], n))};; "));
        string script = $"n=$({TrainerBench.Take(request).Replace(">/dev/null; ", "", StringComparison.Ordinal)} | grep -ao '\"request\":[0-9]*' | tr -dc 0-9); case $n in {answers} esac";
        await using TrainerProgram program = _bench.Shell(script);
        Assert.Equal(1, (await program.TrainAsync(request, Cancellation)).Delta[0]);
        await _bench.NothingRunsAsync();
        Assert.InRange((await program.TrainAsync(request, Cancellation)).Delta[0], 2, 3);
    }

    [Fact]
    public async Task A_request_in_which_a_kept_program_dies_is_sent_again_once()
    {
        TrainerRequest request = TrainerBench.Request();
        string runs = Path.Combine(_bench.Folder, "runs");
        string dies = TrainerBench.Take(request, 2) + "kill -KILL $$";
        await using TrainerProgram program = _bench.Shell(
            $"echo run >>'{runs}'; if test $(wc -l <'{runs}') = 1; then {TrainerBench.Take(request)} {_bench.Give(TrainerBench.Update([1, 1, 1]))} {dies}; "
            + $"else {TrainerBench.Take(request, 3)} {_bench.Give(TrainerBench.Update([3, 3, 3], 3))} {TrainerBench.Take(request, 4)} exit 9; fi");
        Assert.Equal(1, (await program.TrainAsync(request, Cancellation)).Delta[0]);
        Assert.Equal(3, (await program.TrainAsync(request, Cancellation)).Delta[0]);
        Assert.Equal(2, File.ReadAllLines(runs).Length);
    }

    [Fact]
    public async Task A_reported_error_is_shown_and_the_program_kept()
    {
        TrainerRequest request = TrainerBench.Request();
        byte[] error = TrainerBench.Frame("{\"protocol\":\"quantumfed-trainer/1\",\"type\":\"error\",\"request\":1,\"message\":\"no GPU\"}"u8.ToArray(), default);
        await using TrainerProgram program = _bench.Shell(
            TrainerBench.Take(request) + _bench.Give(error) + TrainerBench.Take(request, 2) + _bench.Give(TrainerBench.Update([2, 2, 2], 2)) + "read -r _");
        Assert.EndsWith("reported an error: no GPU", await TrainerBench.FailureAsync(program, request), StringComparison.Ordinal);
        Assert.Equal(2, (await program.TrainAsync(request, Cancellation)).Delta[0]);
    }

    [Fact]
    public async Task A_large_model_goes_there_and_comes_back()
    {
        TrainerRequest request = TrainerBench.LargeRequest();
        float[] delta = new float[request.Parameters.Length];
        Array.Fill(delta, 0.125f);
        await using TrainerProgram program = _bench.Shell(TrainerBench.Take(request) + _bench.Give(TrainerBench.Update(delta)) + "read -r _");
        Assert.True((await program.TrainAsync(request, Cancellation)).Delta.AsSpan().SequenceEqual(delta));
    }

    [Fact]
    public async Task Nothing_is_left_running_after_dispose()
    {
        TrainerRequest request = TrainerBench.Request();
        TrainerProgram program = _bench.Shell(
            "trap '' TERM HUP INT; (sh -c 'trap \"\" TERM HUP; while :; do sleep 100; done' \"$0\") & "
            + TrainerBench.Take(request) + _bench.Give(TrainerBench.Update([1, 1, 1])) + "while :; do sleep 100; done",
            new ScaledTime(), 60_000);
        await program.TrainAsync(request, Cancellation);
        Assert.True(_bench.Running().Length >= 3, "a shell, the trainer and its child were expected");
        await program.DisposeAsync();
        await _bench.NothingRunsAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => program.TrainAsync(request, Cancellation));
    }

    [Fact]
    public async Task A_cancelled_request_ends_the_program_and_the_next_starts_it_anew()
    {
        TrainerRequest request = TrainerBench.LargeRequest();
        await using TrainerProgram program = _bench.Shell("echo here >&2; exec sleep 1000");
        using CancellationTokenSource cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task<TrainerUpdate> training = program.TrainAsync(request, cancel.Token);
        Task<TrainerUpdate> waiting = program.TrainAsync(request, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => training);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await _bench.NothingRunsAsync();
    }

    [Fact]
    public async Task Dispose_cancels_the_request_under_way()
    {
        TrainerProgram program = _bench.Shell("exec sleep 1000", new ScaledTime(), 60_000);
        Task<TrainerUpdate> training = program.TrainAsync(TrainerBench.LargeRequest(), Cancellation);
        await program.DisposeAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => training);
        await _bench.NothingRunsAsync();
    }

    /// <summary>The parent is this very program, with the test below in it; SIGKILL leaves it no time for anything.</summary>
    [Fact]
    public async Task A_killed_member_leaves_no_trainer()
    {
        ProcessStartInfo start = new(Environment.ProcessPath!, ["--filter-method", "*." + nameof(Waits_for_a_trainer_until_it_is_killed), "--no-progress", "--no-ansi"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Insert(0, typeof(TrainerProgramTests).Assembly.Location);
        foreach (string inherited in start.Environment.Keys.Where(name => name.StartsWith("TESTINGPLATFORM_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(inherited);
        start.Environment[ParentMark] = _bench.Folder;
        using FileSystemWatcher watcher = new(_bench.Folder);
        TaskCompletionSource<string> created = new(TaskCreationOptions.RunContinuationsAsynchronously);
        watcher.Created += (_, file) => created.TrySetResult(file.FullPath);
        watcher.EnableRaisingEvents = true;
        using Process parent = Process.Start(start)!;
        parent.OutputDataReceived += (_, _) => { };
        parent.ErrorDataReceived += (_, _) => { };
        parent.BeginOutputReadLine();
        parent.BeginErrorReadLine();
        await created.Task.WaitAsync(TimeSpan.FromMinutes(3), Cancellation);
        Assert.NotEmpty(_bench.Running());
        parent.Kill();
        await parent.WaitForExitAsync(Cancellation);
        await _bench.NothingRunsAsync();
    }

    [Fact]
    public async Task Waits_for_a_trainer_until_it_is_killed()
    {
        string? folder = Environment.GetEnvironmentVariable(ParentMark);
        Assert.SkipUnless(folder is not null, $"Only in the child of {nameof(A_killed_member_leaves_no_trainer)}.");
        string script = string.Create(CultureInfo.InvariantCulture, $"trap '' TERM HUP PIPE; touch '{folder}/started'; while :; do sleep 100; done");
        await using TrainerProgram program = new(new TrainerSettings(["sh", "-c", script, folder]), folder, _ => { }, TimeProvider.System);
        await Assert.ThrowsAnyAsync<TrainerException>(() => program.TrainAsync(TrainerBench.Request(), Cancellation));
    }
}
