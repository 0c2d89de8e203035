using System.Buffers.Binary;

namespace QuantumFed.Trainers.Tests;

public sealed class TrainerAttackerTests : IDisposable
{
    private readonly TrainerBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("echo 'Epoch 1/10'; sleep 1000", "wrote text on its standard output: 'Epoch 1/10'. Frames only go there")]
    [InlineData("printf '\\377\\377\\377\\377'; sleep 1000", "something other than a frame: its header would be 4294967295 bytes long")]
    [InlineData("printf '\\001\\000\\020\\000'; sleep 1000", "header would be 1048577 bytes long")]
    [InlineData("printf '\\002\\000\\000\\000{'", "ended with exit code 0 in the middle of its answer.")]
    [InlineData("printf ok", "ended with exit code 0 after it had written 'ok' where a frame was expected.")]
    [InlineData("echo one >&2; echo 'ValueError: no such column' >&2; exit 3", "ended with exit code 3 without an answer. It last said: 'one | ValueError: no such column'")]
    [InlineData("sh -c 'while :; do sleep 100; done' \"$0\" & exit 5", "ended with exit code 5 without an answer.")]
    [InlineData("kill -KILL $$", "was ended by signal 9 (SIGKILL: the kernel does so where memory runs out) without an answer.")]
    [InlineData("kill -SEGV $$", "was ended by signal 11 (SIGSEGV) without an answer.")]
    [InlineData("printf '\\377\\001\\n'; exit 1", "ended with exit code 1 after it had written 3 bytes that are not text where a frame was expected.")]
    public async Task A_program_that_breaks_the_protocol_gets_one_clear_line(string script, string expected)
    {
        await using TrainerProgram program = _bench.Shell(script);
        TrainerBench.AssertSays(expected, await TrainerBench.FailureAsync(program, TrainerBench.Request()));
        await _bench.NothingRunsAsync();
    }

    [Fact]
    public async Task A_program_that_says_that_it_says_no_more_gets_a_clear_line_though_it_runs_on()
    {
        await using TrainerProgram program = _bench.Shell("exec >&-; exec sleep 1000", new ScaledTime(), 60_000);
        TrainerBench.AssertSays("closed its standard output without an answer.", await TrainerBench.FailureAsync(program, TrainerBench.Request()));
        await _bench.NothingRunsAsync();
    }

    public static TheoryData<string, byte[], string> BadAnswers
    {
        get
        {
            byte[] huge = TrainerBench.Update([1, 2, 3]);
            BinaryPrimitives.WriteUInt64LittleEndian(huge.AsSpan(huge.Length - 20), ulong.MaxValue);
            return new TheoryData<string, byte[], string>
            {
                { "count", TrainerBench.Update([1, 2]), "announced 8 bytes of update where 3 parameters take 12." },
                { "none", TrainerBench.Update([]), "announced 0 bytes of update" },
                { "huge", huge, "announced 18446744073709551615 bytes of update" },
                { "NaN", TrainerBench.Update([1, float.NaN, 3]), "parameter 1 is NaN: its training diverged" },
                { "infinite", TrainerBench.Update([1, 2, float.NegativeInfinity]), "parameter 2 is infinite" },
                { "number", TrainerBench.Update([1, 2, 3], 2), "answered another request than number 1" },
                { "rows", TrainerBench.Update([1, 2, 3], 1, "\"rows\":0"), "'0' as row count" },
                { "twice", [.. TrainerBench.Update([1, 2, 3]), .. TrainerBench.Update([1, 2, 3])], "after its answer; one frame for each request was expected." },
                { "text", [.. TrainerBench.Update([1, 2, 3]), .. "done\n"u8], "wrote 'done' after its answer" },
                { "json", TrainerBench.Frame("{\"rows\":"u8.ToArray(), new float[3]), "a header that is not JSON" },
                { "error", TrainerBench.Frame("{\"protocol\":\"quantumfed-trainer/1\",\"type\":\"error\",\"request\":1}"u8.ToArray(), new float[3]), "a payload with an error" },
            };
        }
    }

    [Theory]
    [MemberData(nameof(BadAnswers))]
    public async Task A_bad_answer_gets_one_clear_line(string name, byte[] answer, string expected)
    {
        TrainerRequest request = TrainerBench.Request();
        await using TrainerProgram program = _bench.Shell(TrainerBench.Take(request) + _bench.Give(answer) + "exec sleep 1000");
        TrainerBench.AssertSays(expected, await TrainerBench.FailureAsync(program, request));
        await _bench.NothingRunsAsync();
        Assert.NotEmpty(name);
    }

    [Fact]
    public async Task A_second_answer_that_comes_later_does_not_pass_for_the_next()
    {
        TrainerRequest request = TrainerBench.Request();
        string late = Path.Combine(_bench.Folder, "late"), written = Path.Combine(_bench.Folder, "written");
        Assert.Equal(0, Mkfifo(late));
        Assert.Equal(0, Mkfifo(written));
        await using TrainerProgram program = _bench.Shell(TrainerBench.Take(request) + _bench.Give(TrainerBench.Update([1, 1, 1]))
            + $"read -r _ <'{late}'; " + _bench.Give(TrainerBench.Update([2, 2, 2])) + $"echo >'{written}'; exec sleep 1000");
        await program.TrainAsync(request, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(late, "\n", TestContext.Current.CancellationToken);
        await File.ReadAllTextAsync(written, TestContext.Current.CancellationToken);
        // It may arrive here before the next request goes out, or after.
        string message = await TrainerBench.FailureAsync(program, request);
        Assert.Matches("after its answer; one frame for each request was expected|answered another request than number 2", message);
    }

    [Fact]
    public async Task A_program_that_hangs_is_ended_at_its_time_limit()
    {
        // On a busy machine the first limit may pass before the program has said anything.
        for (int limit = 50; ; limit *= 4)
        {
            await using TrainerProgram program = _bench.Shell("echo loading >&2; printf hm; exec sleep 1000", new ScaledTime(), limit);
            string message = await TrainerBench.FailureAsync(program, TrainerBench.Request());
            await _bench.NothingRunsAsync();
            if (limit < 10_000 && !(message.Contains("'hm'", StringComparison.Ordinal) && message.Contains("'loading'", StringComparison.Ordinal)))
                continue;
            TrainerBench.AssertSays(
                $"did not answer within {limit} seconds and was ended; raise its time limit if it needs longer. It had written 'hm'. It last said: 'loading'", message);
            return;
        }
    }

    [Fact]
    public async Task A_program_that_never_reads_blocks_nobody()
    {
        await using TrainerProgram program = _bench.Shell("exec sleep 1000", new ScaledTime(), 50);
        TrainerBench.AssertSays("did not answer within 50 seconds", await TrainerBench.FailureAsync(program, TrainerBench.LargeRequest()));
        await _bench.NothingRunsAsync();
    }

    [Theory]
    [InlineData("echo hello; exec sleep 1000", "wrote text on its standard output: 'hello'")]
    [InlineData("exec <&-; exit 4", "ended with exit code 4 without an answer")]
    public async Task What_a_program_does_is_seen_while_a_large_request_is_still_being_written(string script, string expected)
    {
        await using TrainerProgram program = _bench.Shell(script);
        TrainerBench.AssertSays(expected, await TrainerBench.FailureAsync(program, TrainerBench.LargeRequest()));
    }

    [Fact]
    public async Task An_answer_to_a_request_that_was_not_read_is_refused()
    {
        TrainerRequest request = TrainerBench.LargeRequest();
        await using TrainerProgram program = _bench.Shell(_bench.Give(TrainerBench.Update(new float[request.Parameters.Length])) + "exec sleep 1000", new ScaledTime(), 60_000);
        TrainerBench.AssertSays("answered before it had read the whole request", await TrainerBench.FailureAsync(program, request));
    }

    [Fact]
    public async Task A_flood_on_standard_error_is_bounded_and_does_not_stop_the_training()
    {
        TrainerRequest request = TrainerBench.Request();
        await using (TrainerProgram program = _bench.Shell(
            "yes 'a line of a library that talks too much' | head -n 1000000 >&2; " + TrainerBench.Take(request) + _bench.Give(TrainerBench.Update([1, 1, 1]))
            + "head -c 100000000 /dev/zero | tr '\\0' x >&2; " + TrainerBench.Take(request, 2) + _bench.Give(TrainerBench.Update([1, 1, 1], 2)) + "read -r _"))
        {
            await program.TrainAsync(request, TestContext.Current.CancellationToken);
            await program.TrainAsync(request, TestContext.Current.CancellationToken);
        }
        Assert.InRange(_bench.Lines.Count, 1000, 2002);
        Assert.Contains(_bench.Lines, line => line.EndsWith("more lines were left out)", StringComparison.Ordinal));
        Assert.All(_bench.Lines, line => Assert.True(line.Length <= 500));
    }

    [Fact]
    public async Task Standard_error_is_passed_on_without_control_characters()
    {
        await using (TrainerProgram program = _bench.Shell("printf 'a\\033[31mred\\007\\r50%%\\r\\n\\377\\n\\342\\200\\256end' >&2"))
            await TrainerBench.FailureAsync(program, TrainerBench.Request());
        Assert.Equal(["a[31mred", "50%", "\ufffd", "end"], _bench.Lines);
    }

    [Fact]
    public async Task A_program_that_cannot_be_started_is_named()
    {
        string script = Path.Combine(_bench.Folder, "plain.sh");
        await File.WriteAllTextAsync(script, "#!/no/such/interpreter\n", TestContext.Current.CancellationToken);
        await ExpectAsync(["no-such-trainer"], "cannot be started: there is no program 'no-such-trainer' in PATH.");
        await ExpectAsync(["./missing"], $"there is no program {Path.Combine(_bench.Folder, "./missing")}.");
        await ExpectAsync(["python3 train.py"], "in PATH. Give the program and each argument as an entry of its own.");
        await ExpectAsync(["./plain.sh"], "is not executable; chmod +x it, or name its interpreter first.");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await ExpectAsync(["./plain.sh"], "ended with exit code 127 without an answer. It last said: 'setsid: ");

        await using TrainerProgram program = new(new TrainerSettings(["sh"]), "/no/such/folder", _ => { }, TimeProvider.System);
        TrainerBench.AssertSays("its folder /no/such/folder does not exist", await TrainerBench.FailureAsync(program, TrainerBench.Request()));

        async Task ExpectAsync(string[] command, string expected)
        {
            await using TrainerProgram program = _bench.Program(command);
            TrainerBench.AssertSays(expected, await TrainerBench.FailureAsync(program, TrainerBench.Request()));
        }
    }

    private static int Mkfifo(string path)
    {
        using System.Diagnostics.Process process = System.Diagnostics.Process.Start("mkfifo", [path]);
        process.WaitForExit();
        return process.ExitCode;
    }
}
