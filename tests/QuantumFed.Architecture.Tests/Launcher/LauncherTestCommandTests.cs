namespace QuantumFed.Architecture.Tests;

/// <summary>How `qf test` adds up its suites.</summary>
public sealed class LauncherTestCommandTests : IDisposable
{
    private readonly LauncherCheckout _checkout = new();

    public LauncherTestCommandTests()
    {
        _checkout.Tool("node", "exit 0");
        _checkout.Tool("npm", "mkdir -p node_modules");
        Contracts("echo '  12 passing (3s)'; echo '  2 pending'");
        foreach (string folder in (string[])["contracts", "network/dev", "tests/grpc-interop"])
        {
            _checkout.WriteFile(folder + "/package-lock.json", "{}");
        }
    }

    public void Dispose() => _checkout.Dispose();

    [Fact]
    public async Task The_last_line_is_the_sum_of_all_suites()
    {
        Suite("QuantumFed.A.Tests", Summary(5, 0, 1));
        Suite("QuantumFed.B.Tests", Summary(7, 0, 0));
        LauncherResult result = await RunAsync();

        Assert.Equal("24 passed, 0 failed, 3 skipped", LastLine(result));
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task A_failed_test_fails_the_run()
    {
        Suite("QuantumFed.A.Tests", Summary(5, 2, 1) + "; exit 2");
        LauncherResult result = await RunAsync();

        Assert.Equal("17 passed, 2 failed, 3 skipped", LastLine(result));
        Assert.Equal(1, result.ExitCode);
    }

    [Theory]
    [InlineData("kill -ABRT $$", "QuantumFed.A.Tests: ran no test (exit code 134)")]
    [InlineData("exit 8", "QuantumFed.A.Tests: ran no test (exit code 8)")]
    [InlineData("exit 0", "QuantumFed.A.Tests: ran no test (exit code 0)")]
    public async Task A_suite_that_ran_nothing_counts_as_one_failure(string script, string message)
    {
        Suite("QuantumFed.A.Tests", script);
        LauncherResult result = await RunAsync();

        Assert.Contains(message + "\n", result.Output, StringComparison.Ordinal);
        Assert.Equal("12 passed, 1 failed, 2 skipped", LastLine(result));
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public async Task A_suite_that_crashes_after_its_summary_counts_as_one_failure()
    {
        Suite("QuantumFed.A.Tests", Summary(5, 0, 0) + "; exit 139");
        Assert.Equal("17 passed, 1 failed, 2 skipped", LastLine(await RunAsync()));
    }

    [Fact]
    public async Task A_suite_that_hangs_is_stopped()
    {
        Suite("QuantumFed.A.Tests", "read -r _ < <(/bin/sleep 3600)");
        // On a busy machine the contracts' stand-in, which does not hang, may need more than a second to start.
        int limit = 1;
        LauncherResult result = await RunAsync(("QF_TEST_TIMEOUT", $"{limit}"));
        while (result.Output.Contains("contracts: stopped", StringComparison.Ordinal) && limit < 64)
        {
            limit *= 4;
            result = await RunAsync(("QF_TEST_TIMEOUT", $"{limit}"));
        }

        Assert.Contains($"QuantumFed.A.Tests: stopped after {limit} s (QF_TEST_TIMEOUT)\n", result.Output, StringComparison.Ordinal);
        Assert.Equal("12 passed, 1 failed, 2 skipped", LastLine(result));
    }

    [Fact]
    public async Task A_process_left_behind_is_stopped_and_named()
    {
        string marker = $"36{Environment.ProcessId}";
        Suite("QuantumFed.A.Tests", $"setsid /bin/sleep {marker} >/dev/null 2>&1 & {Summary(5, 0, 0)}");
        LauncherResult result = await RunAsync();

        Assert.Matches($"QuantumFed.A.Tests: left process [0-9]+ running: /bin/sleep {marker}", result.Output);
        Assert.Equal("17 passed, 1 failed, 2 skipped", LastLine(result));
        Assert.DoesNotContain(Directory.EnumerateDirectories("/proc"), process => CommandLine(process) == $"/bin/sleep\0{marker}\0");
    }

    [Fact]
    public async Task Contract_packages_out_of_reach_are_a_failure()
    {
        _checkout.Tool("npm", "echo 'npm error ENOTFOUND registry'; exit 1");
        Suite("QuantumFed.A.Tests", Summary(5, 0, 0));
        LauncherResult result = await RunAsync();

        Assert.Contains("ENOTFOUND", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public async Task A_filter_runs_only_what_it_matches()
    {
        Suite("QuantumFed.A.Tests", "exit 8");
        Suite("QuantumFed.B.Tests", Summary(1, 0, 0));
        LauncherResult result = await RunAsync(arguments: ["--filter-class", "*B"]);

        Assert.Equal("1 passed, 0 failed, 0 skipped", LastLine(result));
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task A_filter_that_matches_nothing_is_a_failure()
    {
        Suite("QuantumFed.A.Tests", "exit 8");
        Assert.Equal("0 passed, 1 failed, 0 skipped", LastLine(await RunAsync(arguments: ["--filter-class", "*Absent"])));
    }

    [Theory]
    [InlineData("long= args=")]
    [InlineData("long=1 args=", "--long")]
    [InlineData("long=1 args=<--filter-class><*A Tests>", "--long", "--filter-class", "*A Tests")]
    [InlineData("long=1 args=<--filter-class><*A Tests>", "--filter-class", "*A Tests", "--long")]
    [InlineData("long= args=<--filter-class><*A Tests>", "--filter-class", "*A Tests")]
    public async Task Long_is_told_to_the_suites_beside_their_filters(string expected, params string[] arguments)
    {
        Suite("QuantumFed.A.Tests", $"{Summary(5, 0, 0)}; echo \"long=${{QF_TEST_LONG:-}} args=$(shift 2; [[ $# == 0 ]] || printf '<%s>' \"$@\")\"");
        LauncherResult result = await RunAsync(("QF_TEST_LONG", "left over"), arguments);

        Assert.Contains(expected + "\n", result.Output, StringComparison.Ordinal);
        Assert.Equal(arguments.Contains("--filter-class") ? "5 passed, 0 failed, 0 skipped" : "17 passed, 0 failed, 2 skipped", LastLine(result));
    }

    [Fact]
    public async Task A_long_run_has_a_time_limit_too()
    {
        Suite("QuantumFed.A.Tests", "read -r _ < <(/bin/sleep 3600)");
        LauncherResult result = await RunAsync(("QF_TEST_TIMEOUT", "1"), ["--long"]);

        Assert.Contains("QuantumFed.A.Tests: stopped after 1 s (QF_TEST_TIMEOUT)\n", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("--long", "--help")]
    public async Task Help_names_the_options_and_runs_nothing(params string[] arguments)
    {
        Suite("QuantumFed.A.Tests", Summary(5, 0, 0));
        LauncherResult result = await RunAsync(arguments: arguments);

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("usage: qf test [--long] [--filter-class NAME]", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("passed", result.Output, StringComparison.Ordinal);
    }

    private static string LastLine(LauncherResult result) => result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ""; // ended meanwhile, or no process
        }
    }

    private static string Summary(int succeeded, int failed, int skipped) =>
        $"printf 'Test run summary: x\\n  total: {succeeded + failed + skipped}\\n  failed: {failed}\\n  succeeded: {succeeded}\\n  skipped: {skipped}\\n'";

    private void Contracts(string script) => _checkout.Tool("npx", script);

    private void Suite(string name, string script) => _checkout.WriteFile($"tests/{name}/{name}.csproj", script);

    // The stand-in for dotnet runs a suite's "project file" as the script it is here.
    private async Task<LauncherResult> RunAsync((string Name, string Value)? setting = null, string[]? arguments = null)
    {
        _checkout.Tool("dotnet", """
            case $1 in
              --list-sdks) echo '10.0.401 [/usr/share/dotnet/sdk]' ;;
              build) ;;
              *) exec /bin/bash "${1%/bin/Release*}/$(n=${1##*/}; echo "${n%.dll}").csproj" "${@:2}" ;;
            esac
            """);
        Dictionary<string, string> environment = new() { ["QF_OPENSSL"] = _checkout.OpenSsl("3.5.7") };
        if (setting is { } pair)
        {
            environment[pair.Name] = pair.Value;
        }

        return await _checkout.RunAsync(["test", .. arguments ?? []], environment);
    }
}
