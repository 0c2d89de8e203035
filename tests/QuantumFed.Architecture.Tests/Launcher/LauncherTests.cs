using System.Diagnostics;

namespace QuantumFed.Architecture.Tests;

public sealed class LauncherTests : IDisposable
{
    private readonly LauncherCheckout _checkout = new();

    private Dictionary<string, string> GoodOpenSsl => new() { ["QF_OPENSSL"] = _checkout.OpenSsl("3.5.7") };

    public void Dispose() => _checkout.Dispose();

    [Fact]
    public async Task A_system_without_tools_is_told_in_one_line_what_to_install()
    {
        _checkout.Tool("apt-get", "exit 1");
        _checkout.Tool("ldconfig", "exit 0");
        LauncherResult result = await _checkout.RunAsync(["demo"]);

        Assert.Equal(3, result.ExitCode);
        string line = Assert.Single(result.ErrorLines);
        Assert.Contains("the .NET SDK 10", line, StringComparison.Ordinal);
        Assert.Matches("apt-get install -y [a-z0-9. -]*dotnet-sdk-10.0 [a-z0-9. -]*gcc [a-z0-9. -]*make nodejs npm perl", line);
    }

    [Fact]
    public async Task Only_what_the_command_needs_is_asked_for()
    {
        _checkout.DotnetTool();
        LauncherResult help = await _checkout.RunAsync(["demo", "--help"], GoodOpenSsl);
        LauncherResult demo = await _checkout.RunAsync(["demo"], GoodOpenSsl);

        Assert.Equal(0, help.ExitCode);
        Assert.Equal(3, demo.ExitCode);
        Assert.Contains("lacks Node 20, npm;", demo.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3.0.19", "is OpenSSL 3.0.19; 3.5 or newer is needed")]
    [InlineData("3.4.9", "is OpenSSL 3.4.9; 3.5 or newer is needed")]
    public async Task An_old_named_OpenSSL_is_refused(string version, string message)
    {
        _checkout.DotnetTool();
        LauncherResult result = await _checkout.RunAsync([], new Dictionary<string, string> { ["QF_OPENSSL"] = _checkout.OpenSsl(version) });

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(message, Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        Assert.Empty(_checkout.Builds());
    }

    [Fact]
    public async Task A_named_folder_without_OpenSSL_is_refused()
    {
        LauncherResult result = await _checkout.RunAsync([], new Dictionary<string, string> { ["QF_OPENSSL"] = "/nowhere" });

        Assert.Equal(1, result.ExitCode);
        Assert.Equal("qf: QF_OPENSSL=/nowhere has no lib/libssl.so.3", Assert.Single(result.ErrorLines));
    }

    [Theory]
    [InlineData("3.5.0")]
    [InlineData("3.10.1")]
    [InlineData("4.0.0")]
    public async Task The_program_gets_its_arguments_and_its_OpenSSL(string version)
    {
        _checkout.DotnetTool();
        string prefix = _checkout.OpenSsl(version);
        LauncherResult result = await _checkout.RunAsync(
            ["audit", "two words", "", "--x=*"],
            new Dictionary<string, string> { ["QF_OPENSSL"] = prefix, ["OPENSSL_CONF"] = "/the/callers.cnf", ["LD_LIBRARY_PATH"] = "/more" });

        string root = _checkout.Root;
        Assert.Equal(
            $"home={root} launcher={root}/qf ready=1\nopenssl={prefix} conf={root}/network/openssl/member.cnf library={prefix}/lib:/more\n"
            + "<audit><two words><><--x=*>",
            result.Output);
        Assert.Equal(0, result.ExitCode);
    }

    [Theory]
    [InlineData("server.cnf", "coordinator", "run", "--port", "1")]
    [InlineData("server.cnf", "--verbose", "coordinator", "run")]
    [InlineData("member.cnf", "coordinator", "status")]
    [InlineData("member.cnf", "member", "run")]
    [InlineData("member.cnf", "audit", "coordinator", "run")]
    public async Task Only_a_process_that_serves_is_strict(string configuration, params string[] arguments)
    {
        _checkout.DotnetTool();
        LauncherResult result = await _checkout.RunAsync(arguments, GoodOpenSsl);

        Assert.Contains($"conf={_checkout.Root}/network/openssl/{configuration} ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_launcher_works_through_a_symbolic_link_from_anywhere()
    {
        _checkout.DotnetTool();
        string link = Path.Combine(_checkout.Tools, "qf-link");
        File.CreateSymbolicLink(link, "../check out/qf");
        LauncherResult result = await _checkout.RunAsync([], GoodOpenSsl, link);

        Assert.StartsWith($"home={Path.GetFullPath(_checkout.Root)} ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_program_is_built_again_only_when_a_source_changed()
    {
        _checkout.DotnetTool();
        await _checkout.RunAsync([], GoodOpenSsl);
        LauncherResult unchanged = await _checkout.RunAsync([], GoodOpenSsl);
        Assert.Single(_checkout.Builds());
        Assert.Equal("", unchanged.Error);

        _checkout.WriteFile("src/QuantumFed.Cli/Another.cs", "");
        await _checkout.RunAsync([], GoodOpenSsl);
        Assert.Equal(2, _checkout.Builds().Length);
    }

    [Fact]
    public async Task A_source_that_does_not_compile_is_shown_and_tried_again()
    {
        _checkout.DotnetTool("echo \"$root/src/A.cs(1,2): error CS1002: ; expected\"; exit 1");
        LauncherResult result = await _checkout.RunAsync([], GoodOpenSsl);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("\nsrc/A.cs(1,2): error CS1002: ; expected\n", result.Error, StringComparison.Ordinal);

        _checkout.DotnetTool();
        Assert.Equal(0, (await _checkout.RunAsync([], GoodOpenSsl)).ExitCode);
    }

    [Fact]
    public async Task Two_launchers_at_once_build_once()
    {
        string gate = await _checkout.PipeAsync("gate");
        _checkout.DotnetTool($"read -r _ <'{gate}'");
        using Process first = _checkout.Start([], GoodOpenSsl);
        Assert.Equal("qf: building...", await first.StandardError.ReadLineAsync(TestContext.Current.CancellationToken));
        using Process second = _checkout.Start([], GoodOpenSsl);
        Assert.Equal(
            "qf: another ./qf is setting up this checkout; waiting for it",
            await second.StandardError.ReadLineAsync(TestContext.Current.CancellationToken));

        await LauncherCheckout.ReleaseAsync(gate);
        Assert.Equal(0, (await LauncherCheckout.EndAsync(first)).ExitCode);
        Assert.Equal(0, (await LauncherCheckout.EndAsync(second)).ExitCode);
        Assert.Single(_checkout.Builds());
    }

    [Fact]
    public async Task Packages_are_installed_again_only_when_their_lock_file_changed()
    {
        _checkout.DotnetTool();
        _checkout.Tool("node", "exit 0");
        _checkout.Tool("npm", "echo \"$PWD $*\" >>../../npm.log; mkdir -p node_modules");
        _checkout.WriteFile("network/dev/package-lock.json", "{}");
        string log = Path.Combine(_checkout.Root, "npm.log");
        await _checkout.RunAsync(["audit"], GoodOpenSsl);
        Assert.False(File.Exists(log));
        await _checkout.RunAsync(["demo"], GoodOpenSsl);
        await _checkout.RunAsync(["ledger", "run"], GoodOpenSsl);
        Assert.StartsWith($"{_checkout.Root}/network/dev ci --ignore-scripts", Assert.Single(File.ReadAllLines(log)), StringComparison.Ordinal);

        _checkout.WriteFile("network/dev/package-lock.json", "{ }");
        await _checkout.RunAsync(["demo"], GoodOpenSsl);
        Assert.Equal(2, File.ReadAllLines(log).Length);
    }

    [Fact]
    public async Task A_child_of_the_program_needs_no_checks()
    {
        _checkout.DotnetTool();
        LauncherResult result = await _checkout.RunAsync(
            ["coordinator", "run"], new Dictionary<string, string> { ["QF_READY"] = "1", ["LD_LIBRARY_PATH"] = "/parent/lib" });

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("server.cnf library=/parent/lib\n", result.Output, StringComparison.Ordinal);
        Assert.Empty(_checkout.Builds());
    }
}
